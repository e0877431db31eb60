/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_BUSY_APP_H
#define DI_TESTS_BUSY_APP_H

/**
 * A request that is in use, for the tests of what is refused then. Each of those tests is a program
 * of its own.
 */

#include "tests/support/fixture.h"

PART(first)
PART(second)
PART(third)
PART(fourth)

/* clang-format off */
#define APP(X) \
	X(context_resource, app_first,  struct part, (first_new),  first_end,  request) \
	X(context_resource, app_second, struct part, (second_new), second_end, request) \
	X(factory,          app_third,  struct part, (third_new),  third_end) \
	X(context_resource, app_fourth, struct part, (fourth_new), fourth_end, request) \
	X(state,            app_user,   struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static inline void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* The context works as if nobody had tried to end or change it. */
static inline void expect_unchanged(void)
{
	journal_clear();
	ck_assert_ptr_nonnull(app_second_get(request, &error));
	journal_expect("created second");
	ck_assert_ptr_eq(app_first_get(request, &error), app_first_get(request, &error));
	ck_assert(app_first_get(request, &error)->alive);
	close_as(request, DI_DONE);
	journal_expect("ended second done", "ended first done");
}

#endif
