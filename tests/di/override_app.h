/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_OVERRIDE_APP_H
#define DI_TESTS_OVERRIDE_APP_H

/**
 * What the tests of overriding override: a row of each kind, and needs through a factory, through a
 * scope, and through what a constructor resolves itself. Each of those tests is a program of its
 * own.
 */

#include "tests/support/fixture.h"

#include <errno.h>

PART_FAKE(fake)

PART(clock)
PART(wide)
PART_OF_1(store)
PART_OF_1(cursor)
PART_OF_1(report)
PART_OF_2(panel)
PART_OF_2(session)
PART_OF_1(basket)

static const int limit = 7;
static struct part config = { .name = "config", .alive = 1 };
static struct part flag = { .name = "flag", .alive = 1 };

/* Resolves what it needs itself, which no table says. */
static struct di_error seeker_error;

static int seeker_new(struct part **out, struct di_context *home);
PART_END(seeker)

/* clang-format off */
#define APP(X) \
	X(object,           app_limit,   const int,   &limit) \
	X(object,           app_config,  struct part, &config) \
	X(object,           app_flag,    struct part, &flag) \
	X(singleton,        app_clock,   struct part, (clock_new),                          clock_end) \
	X(resource,         app_store,   struct part, (store_new, app_clock),               store_end) \
	X(factory,          app_cursor,  struct part, (cursor_new, app_store),              cursor_end) \
	X(singleton,        app_report,  struct part, (report_new, app_cursor),             report_end) \
	X(singleton,        app_seeker,  struct part, (seeker_new, DI_CONTEXT),             seeker_end) \
	X(context_resource, app_wide,    struct part, (wide_new),                           wide_end, app) \
	X(singleton,        app_panel,   struct part, (panel_new, app_wide, app_config),    panel_end) \
	X(context_resource, app_session, struct part, (session_new, app_store, app_config), session_end, request) \
	X(factory,          app_basket,  struct part, (basket_new, app_session),            basket_end) \
	X(state,            app_user,    struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static int seeker_new(struct part **out, struct di_context *home)
{
	struct part *store = app_store_get(home, &seeker_error);
	struct part *seen = store != NULL ? app_flag_get(home, &seeker_error) : NULL;

	return seen != NULL ? part_new(out, "seeker", (struct part *const[]){ store, seen, NULL })
			    : EIO;
}

static struct di_context *request;

static inline void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

#endif
