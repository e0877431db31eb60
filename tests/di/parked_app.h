/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_PARKED_APP_H
#define DI_TESTS_PARKED_APP_H

/**
 * What the tests of contexts that are used again use: a row of each kind, rows that resolve
 * themselves what they need, and a path of contexts. Each of those tests is a program of its own.
 */

#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdatomic.h>

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

PART(store)
PART(spare_store)
PART_OF_1(report)
PART_OF_1(session)
PART_OF_1(call)
PART(tool)
PART(work)
PART_OF_1(cursor)
PART_OF_1(basket)

/* What is made in great numbers is counted only. */
struct tick {
	atomic_int alive;
};

static atomic_int ticks, faults;

static int tick_init(struct tick *tick)
{
	tick->alive = 1;
	ticks++;
	return 0;
}

static void tick_end(struct tick *tick)
{
	faults += atomic_exchange(&tick->alive, 0) != 1;
	ticks--;
}

/* Resolve what they need themselves: below their home, and there. */
static int finder_new(struct part **out, struct di_context *home);
static int seeker_new(struct part **out, struct di_context *home);
PART_END(finder)
PART_END(seeker)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_store,   struct part, (store_new),              store_end) \
	X(singleton,        app_spare,   struct part, (spare_store_new),        spare_store_end) \
	X(singleton,        app_report,  struct part, (report_new, app_store),  report_end) \
	X(singleton,        app_finder,  struct part, (finder_new, DI_CONTEXT), finder_end) \
	X(context_resource, app_tool,    struct part, (tool_new),               tool_end,    any) \
	X(singleton,        app_seeker,  struct part, (seeker_new, DI_CONTEXT), seeker_end) \
	X(context_resource, app_work,    struct part, (work_new),               work_end,    job) \
	X(context_resource, app_session, struct part, (session_new, app_store), session_end, request) \
	X(factory,          app_cursor,  struct part, (cursor_new, app_store),  cursor_end) \
	X(factory,          app_basket,  struct part, (basket_new, app_session), basket_end) \
	X(context_resource, app_call,    struct part, (call_new, app_basket),   call_end,    inject) \
	X(context_resource, app_tick,    struct tick, DI_INIT(tick_init),       tick_end,    any) \
	X(state,            app_user,    struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

/* Where the finder looks; NULL is its home. */
static struct di_context *finds_below;

static int finder_new(struct part **out, struct di_context *home)
{
	struct di_context *outer = finds_below != NULL ? finds_below : home;
	struct di_context *inner = di_context_open(outer, &di_scope_inject, NULL);
	struct part *store = inner != NULL ? app_store_get(inner, NULL) : NULL;

	if (store == NULL || di_context_close(inner, DI_DONE, NULL) != DI_OK)
		return EIO;
	return part_new(out, "finder", (struct part *const[]){ store, NULL });
}

static int seeker_new(struct part **out, struct di_context *home)
{
	struct part *tool = app_tool_get(home, NULL);

	return tool != NULL ? part_new(out, "seeker", (struct part *const[]){ tool, NULL }) : EIO;
}

static inline void setup(void)
{
	watchdog(60);
	ticks = faults = 0;
	finds_below = NULL;
	container_begin(&app, NULL);
}

static inline void setup_threads(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(60);
	ticks = faults = 0;
	finds_below = NULL;
	container_begin(&app, &options);
}

static inline void teardown(void)
{
	container_end();
	watchdog(0);
}

/* Leaves a closed context in the thread's place below parent. */
static inline struct di_context *park(struct di_context *parent, const struct di_scope *scope)
{
	struct di_context *context = open_in(parent, scope);

	close_as(context, DI_DONE);
	return context;
}

enum {
	DEPTH = 3
};

static const struct di_scope *const path[DEPTH] = { &di_scope_request, &di_scope_job,
						    &di_scope_inject };

/* Opens the rest of the path below context, which stands that deep in it. */
static inline struct di_context *open_below(struct di_context *context, int deep)
{
	for (; deep < DEPTH; deep++)
		context = open_in(context, path[deep]);
	return context;
}

static inline void close_up_to(struct di_context *context, const struct di_context *last)
{
	while (context != last) {
		struct di_context *parent = di_context_parent(context);

		close_as(context, DI_DONE);
		context = parent;
	}
}

/* What the store is below context, in a context of its own. */
static inline struct part *store_below(struct di_context *context, int deep)
{
	struct di_context *inner = open_below(context, deep);
	struct part *store = app_store_get(inner, &error);

	ck_assert_ptr_eq(app_cursor_get(inner, &error)->needs[0], store);
	ck_assert_ptr_eq(app_report_get(inner, &error)->needs[0], store);
	close_up_to(inner, context);
	return store;
}

#endif
