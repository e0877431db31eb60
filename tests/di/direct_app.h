/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_DIRECT_APP_H
#define DI_TESTS_DIRECT_APP_H

/**
 * What the tests of gets and drops that call back at once get and drop: values whose constructors
 * and finalizers complete before they return, or do what the test says instead. Each of those tests
 * is a program of its own.
 */

#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

/* clang-format off */
#define APP(X) \
	X(singleton,              app_plain,   struct part, (plain_new),               plain_end) \
	X(factory,                app_part,    struct part, (part_made),               plain_end) \
	X(async_factory,          app_query,   struct part, (query_new),               query_end) \
	X(async_singleton,        app_pool,    struct part, (pool_new, app_plain, DI_CONTEXT), pool_end) \
	X(async_factory,          app_wide,    struct part, (wide_new, app_plain, app_plain, app_plain, \
							      app_plain, app_plain, app_plain, \
							      app_plain, app_plain), query_end) \
	X(async_factory,          app_of_part, struct part, (of_part_new, app_part),   query_end) \
	X(factory,                app_built,   struct part, (built_new, app_query),    plain_end) \
	X(async_factory,          app_second,  struct part, (second_new),              query_end) \
	X(async_factory,          app_made,    struct part, (made_new),                di_keep) \
	X(async_factory,          app_cursor,  struct part, (cursor_new),              cursor_end) \
	X(async_factory,          app_owner,   struct part, (owner_new, app_part),     owner_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_pool),   query_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(plain)

/* What a constructor does after it was called, and before it completes what it has made. */
typedef int does_fn(struct di_call *call, later_complete_fn *complete);
static does_fn *does;
static later_complete_fn *completes;

/* What a finalizer does instead of ending the part and completing. */
typedef int ends_fn(struct di_call *call, struct part *part);
static ends_fn *ends;
static struct part *ending;

static struct di_call *called;
static struct answer answer, other, done;

/* ---- Constructors. ---- */

static int make_of(struct di_call *call, later_complete_fn *complete, const char *name,
		   struct part *need)
{
	struct part *part = NULL;
	int cause = part_new(&part, name, (struct part *const[]){ need, NULL });

	ck_assert_int_eq(complete(call, cause, part), DI_OK);
	return DI_PENDING;
}

static int make(struct di_call *call, later_complete_fn *complete, const char *name)
{
	return make_of(call, complete, name, NULL);
}

static int do_it(struct di_call *call, later_complete_fn *complete, const char *name)
{
	does_fn *now = does;

	does = NULL;
	called = call;
	completes = complete;
	return now != NULL ? now(call, complete) : make(call, complete, name);
}

static int part_made(struct part **out)
{
	return part_new(out, "part", (struct part *const[]){ NULL });
}

static int query_new(struct di_call *call)
{
	return do_it(call, app_query_complete, "query");
}
PART_END(query)

static int pool_new(struct di_call *call, struct part *plain, struct di_context *home)
{
	ck_assert(plain->alive);
	ck_assert_ptr_eq(home, root);
	return do_it(call, app_pool_complete, "pool");
}
PART_END(pool)

static int wide_new(struct di_call *call, struct part *a, struct part *b, struct part *c,
		    struct part *d, struct part *e, struct part *f, struct part *g, struct part *h)
{
	ck_assert(a == b && b == c && c == d && d == e && e == f && f == g && g == h);
	return do_it(call, app_wide_complete, "wide");
}

static int of_part_new(struct di_call *call, struct part *part)
{
	ck_assert(part->alive);
	return do_it(call, app_of_part_complete, "of part");
}

static int built_new(struct part **out, struct part *query)
{
	return part_new(out, "built", (struct part *const[]){ query, NULL });
}

static int second_new(struct di_call *call)
{
	return make(call, app_second_complete, "second");
}

static struct part made = { .name = "made", .alive = 1 };

static int made_new(struct di_call *call)
{
	app_made_complete(call, 0, &made);
	return DI_PENDING;
}

static int cursor_new(struct di_call *call)
{
	return make(call, app_cursor_complete, "cursor");
}

static int owner_new(struct di_call *call, struct part *part)
{
	return make_of(call, app_owner_complete, "owner", part);
}

static int session_new(struct di_call *call, struct part *pool)
{
	ck_assert(pool->alive);
	return do_it(call, app_session_complete, "session");
}

/* ---- Finalizers that take time. ---- */

static int end(struct di_call *call, struct part *part)
{
	ck_assert_int_eq(di_call_end(call, part_end(part, DI_DONE)), DI_OK);
	return DI_PENDING;
}

static int end_it(struct di_call *call, struct part *part)
{
	ends_fn *now = ends;

	ends = NULL;
	called = call;
	ending = part;
	return now != NULL ? now(call, part) : end(call, part);
}

static int cursor_end(struct di_call *call, struct part *part)
{
	return end_it(call, part);
}

static int owner_end(struct di_call *call, struct part *part)
{
	return end_it(call, part);
}

DI_CONTAINER_DEFINE(app, APP);

/* ---- The fixture. ---- */

static void begin(const struct di_options *options)
{
	later_clear();
	parts_clear();
	container_begin(&app, options);
	does = NULL;
	ends = NULL;
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
	memset(&done, 0, sizeof(done));
}

static inline void setup(void)
{
	begin(NULL);
}

static inline void setup_for_threads(void)
{
	begin(&(struct di_options){ .abi = DI_ABI, .allocator = &threads_allocator });
}

/* So that what is asked for next has all that it needs. */
static inline void warm(struct di_context *context)
{
	app_pool_get_async(root, answer_take, &other, &error);
	app_query_get_async(context, answer_take, &other, &error);
	memset(&other, 0, sizeof(other));
	journal_clear();
}

static inline struct di_get ask(struct di_context *context, does_fn *function)
{
	does = function;
	return app_query_get_async(context, answer_take, &answer, &error);
}

/* Another callback of gets. */
static inline void write_name(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	ck_assert_ptr_null(failure);
	journal_write("got %s", ((struct part *)value)->name);
}

#endif
