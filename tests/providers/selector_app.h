/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_SELECTOR_APP_H
#define DI_TESTS_SELECTOR_APP_H

/** Rows that choose, by a key that a test sets, and what is built from what they chose. */

#include "tests/support/fixture.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton,        app_mode,    struct part, (mode_new),              mode_end) \
	X(singleton,        app_disk,    struct part, (disk_new),              disk_end) \
	X(singleton,        app_ram,     struct part, (ram_new, app_mode),     ram_end) \
	X(context_resource, app_session, struct part, (session_new, app_disk), session_end, request) \
	X(factory,          app_fresh,   struct part, (fresh_new, app_disk),   fresh_end) \
	X(factory,          app_hint,    struct part, (hint_new),              hint_end) \
	X(selector,         app_store,   struct part, (choose_store, app_mode), ("disk", app_disk), ("ram", app_ram)) \
	X(selector,         app_fixed,   struct part, DI_ALWAYS("ram"),        ("disk", app_disk), ("ram", app_ram)) \
	X(selector,         app_mixed,   struct part, (choose_mixed, app_hint, DI_CONTEXT), \
		("session", app_session), ("fresh", app_fresh), ("store", app_store)) \
	X(selector,         app_new,     struct part, (choose_new), ("fresh", app_fresh)) \
	X(selector,         app_where,   struct di_context, (choose_new), ("fresh", DI_CONTEXT)) \
	X(singleton,        app_user,    struct part, (user_new, app_store),   user_end) \
	X(singleton,        app_placed,  struct part, (place, app_where),      placed_end) \
	X(singleton,        app_pair,    struct part, (pair_new, app_new, app_new), pair_end) \
	X(context_resource, app_job,     struct part, (job_new, app_mixed),    job_end, request) \
	X(context_resource, app_desk,    struct part, (desk_new, app_user),    desk_end, request) \
	X(factory,          app_query,   struct part, (query_new, app_store),  query_end) \
	X(singleton,        app_asker,   struct part, (ask, DI_CONTEXT),       asker_end) \
	X(context_resource, app_board,   struct part, (board_new, app_asker),  board_end, request) \
	X(singleton,        app_top,     struct part, (top_new, app_query),    top_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(mode)
PART(disk)
PART_OF_1(ram)
PART_OF_1(session)
PART_OF_1(fresh)
PART(hint)
PART(placed)
PART_OF_1(user)
PART_OF_2(pair)
PART_OF_1(job)
PART_OF_1(desk)
PART_OF_1(query)
PART_OF_1(top)
PART_OF_1(asker)
PART_OF_1(board)

static const char *store_key, *mixed_key;
static struct part *mode_seen;
static int chooser_asks, asks_inside;
static struct di_context *home_seen, *current_seen;

static const char *choose_store(struct part *mode)
{
	mode_seen = mode;
	journal_write("chose %s", store_key != NULL ? store_key : "nothing");
	return store_key;
}

static const char *choose_mixed(struct part *hint, struct di_context *home)
{
	ck_assert_int_eq(hint->alive, 1);
	home_seen = home;
	current_seen = di_context_current(&app);
	if (chooser_asks)
		ck_assert_ptr_nonnull(app_mode_get(home, NULL));
	return mixed_key;
}

static const char *choose_new(void)
{
	current_seen = di_context_current(&app);
	return "fresh";
}

static int place(struct part **out, struct di_context *where)
{
	home_seen = where;
	return placed_new(out);
}

static int ask(struct part **out, struct di_context *home)
{
	struct di_context *at = asks_inside ? open_in(home, &di_scope_request) : home;
	struct part *store = app_store_get(at, NULL);

	if (at != home)
		close_as(at, DI_DONE);
	return store != NULL ? asker_new(out, store) : EIO;
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	store_key = "disk";
	mixed_key = "fresh";
	chooser_asks = asks_inside = 0;
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	if (container != NULL && request != NULL)
		close_as(request, DI_DONE);
	container_end();
}

/* Without the request. */
DI__UNUSED static void setup_root(void)
{
	setup();
	close_as(request, DI_DONE);
	request = NULL;
}

#endif
