/* SPDX-License-Identifier: MIT */
#include "di/get.h"

#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/misuse.h"
#include "tests/support/threads.h"

#include <errno.h>

/*
 * Gets whose value comes at once, in a context that only its opener uses; and what comes in between
 * while its constructor runs. How a get was answered may not be seen from outside: the get that the
 * context keeps says it.
 */

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
	X(async_factory,          app_ending,  struct part, (ending_new),              ending_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_pool),   query_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(plain)

/* What a constructor does after it was called, and before it completes what it has made. */
typedef int does_fn(struct di_call *call, later_complete_fn *complete);
static does_fn *does;
static later_complete_fn *completes;
static struct di_call *called;
static struct di_context *request;
static struct answer answer, other;

static int make(struct di_call *call, later_complete_fn *complete, const char *name)
{
	struct part *part = NULL;
	int cause = part_new(&part, name, (struct part *const[]){ NULL });

	ck_assert_int_eq(complete(call, cause, part), DI_OK);
	return DI_PENDING;
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

static int ending_new(struct di_call *call)
{
	return do_it(call, app_ending_complete, "ending");
}

static int ending_end(struct di_call *call, struct part *part, enum di_outcome outcome)
{
	return later_end(call, part, outcome);
}

static int session_new(struct di_call *call, struct part *pool)
{
	ck_assert(pool->alive);
	return do_it(call, app_session_complete, "session");
}

DI_CONTAINER_DEFINE(app, APP);

static void begin(const struct di_options *options)
{
	later_clear();
	parts_clear();
	container_begin(&app, options);
	does = NULL;
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

static void setup(void)
{
	begin(NULL);
}

static void setup_for_threads(void)
{
	begin(&(struct di_options){ .abi = DI_ABI, .allocator = &threads_allocator });
}

/* So that what is asked for next has all that it needs. */
static void warm(struct di_context *context)
{
	app_pool_get_async(root, answer_take, &other, &error);
	app_query_get_async(context, answer_take, &other, &error);
	memset(&other, 0, sizeof(other));
	journal_clear();
}

static struct di_get ask(struct di_context *context, does_fn *function)
{
	does = function;
	return app_query_get_async(context, answer_take, &answer, &error);
}

/* ---- What comes at once. ---- */

START_TEST(a_product_that_comes_at_once_is_answered_by_the_get_that_is_kept)
{
	const struct di__get *kept;
	struct di_get get;

	warm(root);
	kept = root->spare_get;
	ck_assert_ptr_nonnull(kept);
	get = ask(root, NULL);
	answer_expect(&answer, DI_OK);
	ck_assert_str_eq(answer.part->name, "query");
	ck_assert_ptr_eq(root->spare_get, kept);
	ck_assert_uint_ne(get.number, 0);
	ck_assert_uint_eq(container->getting, 0);
	ck_assert_int_eq(di_get_detach(get) + di_get_expire(get) + di_get_cancel(get), 0);
	expect_ok(app_query_drop(root, answer.part, &error));
	ck_assert(!answer.part->alive);
}
END_TEST

START_TEST(what_ended_is_nothing_for_plain_code)
{
	warm(root);
	ask(root, NULL);
	expect_ok(app_query_drop(root, answer.part, &error));
	expect_null(app_query_get(root, &error), DI_EAGAIN);
	expect_null(app_built_get(root, &error), DI_EAGAIN);
	expect_text("(app_query <- app_built)");
	journal_clear();
	di_get_async(root, &app_built, answer_take_any, &other, &error);
	answer_expect(&other, DI_OK);
	expect_ok(app_built_drop(root, other.part, &error));
	journal_expect("created query", "created built from query", "ended built done",
		       "ended query done");
}
END_TEST

START_TEST(what_is_there_is_answered_without_one)
{
	app_pool_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	journal_clear();
	app_pool_get_async(root, answer_take, &other, &error);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(other.part, answer.part);
	memset(&other, 0, sizeof(other));
	di_get_async(root, &app_plain, answer_take_any, &other, &error);
	answer_expect(&other, DI_OK);
	ck_assert_str_eq(other.part->name, "plain");
	journal_expect_nothing();
}
END_TEST

START_TEST(a_value_of_a_request_lives_there_and_ends_with_it)
{
	warm(root);
	request = open_in(root, &di_scope_request);
	app_session_get_async(request, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(app_session_get(request, &error), answer.part);
	ck_assert_ptr_nonnull(request->spare_get);
	close_as(request, DI_FAILED);
	journal_expect("created session", "ended session failed");
}
END_TEST

START_TEST(what_comes_again_and_again_takes_no_memory)
{
	unsigned long taken;
	int i;

	warm(root);
	app_wide_get_async(root, answer_take, &answer, &error);
	expect_ok(app_wide_drop(root, answer.part, &error));
	memory.fail_always = 1;
	taken = memory.failures;
	for (i = 0; i < 100; i++) {
		memset(&answer, 0, sizeof(answer));
		app_wide_get_async(root, answer_take, &answer, &error);
		answer_expect(&answer, DI_OK);
		expect_ok(app_wide_drop(root, answer.part, &error));
		memset(&answer, 0, sizeof(answer));
		ask(root, NULL);
		expect_ok(app_query_drop(root, answer.part, &error));
	}
	ck_assert_uint_eq(memory.failures, taken);
	memory.fail_always = 0;
}
END_TEST

START_TEST(each_allocation_may_fail)
{
	unsigned long n;
	int good = 0;

	container_end();
	for (n = 1; !good; n++) {
		ck_assert_uint_lt(n, 100);
		setup();
		warm(root);
		request = open_in(root, &di_scope_request);
		failing_allocator_fail(&memory, n);
		if (app_session_get_async(request, answer_take, &answer, &error).number == 0)
			ck_assert_int_eq(error.status, DI_ENOMEM);
		else
			answer_expect(&answer, answer.status == DI_OK ? DI_OK : DI_ENOMEM);
		good = memory.failures == 0 && answer.status == DI_OK;
		memory.fail_always = 0;
		failing_allocator_fail(&memory, 0);
		close_as(request, DI_DONE);
		container_end();
	}
	ck_assert_uint_gt(n, 2);
	setup();
}
END_TEST

START_TEST(products_come_until_there_is_no_memory)
{
	int count, rounds;

	warm(root);
	for (rounds = 0; rounds < 4; rounds++) {
		memory.fail_always = 1;
		memset(&answer, 0, sizeof(answer));
		for (count = 0; answer.status == DI_OK; count++) {
			ck_assert_int_lt(count, 1000);
			memset(&answer, 0, sizeof(answer));
			if (app_made_get_async(root, answer_take, &answer, &error).number == 0)
				answer.status = error.status;
		}
		ck_assert_int_eq(answer.status, DI_ENOMEM);
		ck_assert_uint_eq(root->making, 0);
		memory.fail_always = 0;
		/* So that what is left of the chunk differs. */
		app_wide_get_async(root, answer_take, &answer, &error);
		ck_assert_int_eq(answer.status, DI_OK);
	}
}
END_TEST

static int take_the_last_memory(struct di_call *call, later_complete_fn *complete)
{
	(void)complete;
	memory.fail_always = 1;
	(void)call;
	return DI_PENDING;
}

START_TEST(what_is_completed_later_needs_no_memory_for_that)
{
	warm(root);
	ask(root, take_the_last_memory);
	ck_assert_int_eq(answer.times, 0);
	make(called, app_query_complete, "query");
	answer_expect(&answer, DI_OK);
	memory.fail_always = 0;
}
END_TEST

START_TEST(a_need_that_is_made_each_time_is_made_for_it)
{
	warm(root);
	app_of_part_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	expect_ok(app_of_part_drop(root, answer.part, &error));
	journal_expect("created part", "created of part", "ended of part done", "ended part done");
}
END_TEST

START_TEST(what_takes_no_time_is_made_and_told)
{
	warm(root);
	di_get_async(root, &app_part, answer_take_any, &answer, &error);
	answer_expect(&answer, DI_OK);
	ck_assert_str_eq(answer.part->name, "part");
	parts_fail_new("part", EACCES, 1);
	di_get_async(root, &app_part, answer_take_any, &other, &error);
	answer_expect(&other, DI_ECREATE);
	answer_text(&other, "part_made failed for app_part: Permission denied");
	ck_assert_uint_eq(root->making, 0);
}
END_TEST

START_TEST(a_finalizer_that_takes_time_is_given_the_call)
{
	struct answer done = { 0 };

	warm(root);
	app_ending_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	expect_error(app_ending_drop(root, answer.part, &error), DI_EAGAIN);
	expect_ok(
		di_context_drop_async(root, &app_ending, answer.part, answer_done, &done, &error));
	ck_assert_int_eq(done.times, 0);
	later_run();
	answer_expect(&done, DI_OK);
	journal_expect("created ending", "ending ending", "ended ending done");
}
END_TEST

/* ---- Callbacks. ---- */

enum {
	CALLBACKS = 100000
};

static int calling, nested, callbacks;

static void ask_again(void *data, struct part *part, const struct di_error *failure)
{
	ck_assert_ptr_null(failure);
	nested |= calling;
	calling = 1;
	expect_ok(app_made_drop(data, part, &error));
	if (++callbacks < CALLBACKS)
		app_made_get_async(data, ask_again, data, &error);
	calling = 0;
}

START_TEST(callbacks_that_ask_again_do_not_nest)
{
	calling = nested = callbacks = 0;
	app_made_get_async(root, ask_again, root, &error);
	ck_assert_int_eq(callbacks, CALLBACKS);
	ck_assert_int_eq(nested, 0);
}
END_TEST

static void close_it(void *data, struct part *part, const struct di_error *failure)
{
	answer_take(&answer, part, failure);
	close_as(data, DI_DONE);
}

START_TEST(a_callback_may_close_what_was_asked)
{
	warm(root);
	request = open_in(root, &di_scope_request);
	app_session_get_async(request, close_it, request, &error);
	answer_expect(&answer, DI_OK);
	ck_assert(!answer.part->alive);
}
END_TEST

static void free_it(void *data, struct part *part, const struct di_error *failure)
{
	(void)data;
	answer_take(&answer, part, failure);
	container_free_expect(DI_OK);
}

START_TEST(a_callback_may_free_the_container)
{
	app_query_get_async(root, free_it, NULL, &error);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_null(container);
	setup();
	app_pool_get_async(root, answer_take, &answer, &error);
	app_pool_get_async(root, free_it, NULL, &error);
	ck_assert_ptr_null(container);
}
END_TEST

static void write_name(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	ck_assert_ptr_null(failure);
	journal_write("got %s", ((struct part *)value)->name);
}

static int ask_for_another(struct di_call *call, later_complete_fn *complete)
{
	di_get_async(root, &app_second, write_name, NULL, &error);
	di_get_async(root, &app_pool, write_name, NULL, &error);
	journal_expect_nothing();
	return make(call, complete, "query");
}

START_TEST(what_a_constructor_asks_for_is_answered_after_it)
{
	warm(root);
	does = ask_for_another;
	di_get_async(root, &app_query, write_name, NULL, &error);
	journal_expect("created query", "created second", "got pool", "got query", "got second");
}
END_TEST

/* ---- What is not completed with a value at once. ---- */

static int leave_it(struct di_call *call, later_complete_fn *complete)
{
	(void)call;
	(void)complete;
	return DI_PENDING;
}

START_TEST(what_is_completed_later_is_answered_then)
{
	struct di_get get;

	warm(root);
	get = ask(root, leave_it);
	ck_assert_int_eq(answer.times, 0);
	ck_assert_ptr_null(root->spare_get);
	ck_assert_uint_eq(container->getting, 1);
	ck_assert_uint_eq(root->pins, 1);
	make(called, app_query_complete, "query");
	answer_expect(&answer, DI_OK);
	ck_assert_int_eq(di_get_detach(get), 0);
	ck_assert_uint_eq(root->pins, 0);
}
END_TEST

START_TEST(who_asks_for_it_may_let_go_of_it_then)
{
	struct di_get get;

	warm(root);
	get = ask(root, leave_it);
	ck_assert_int_eq(di_get_detach(get), 1);
	make(called, app_query_complete, "query");
	ck_assert_int_eq(answer.times, 0);
	journal_expect("created query", "ended query cancelled");
	get = ask(root, leave_it);
	ck_assert_int_eq(di_get_expire(get), 1);
	answer_expect(&answer, DI_ETIMEDOUT);
	answer_text(&answer, "app_query");
	make(called, app_query_complete, "query");
}
END_TEST

static int fail_at_once(struct di_call *call, later_complete_fn *complete)
{
	complete(call, EACCES, NULL);
	return DI_PENDING;
}

static int return_an_errno(struct di_call *call, later_complete_fn *complete)
{
	(void)call;
	(void)complete;
	return EPERM;
}

static int complete_with_nothing(struct di_call *call, later_complete_fn *complete)
{
	complete(call, 0, NULL);
	return DI_PENDING;
}

static void expect_failure(does_fn *function, enum di_status status, const char *text)
{
	memset(&answer, 0, sizeof(answer));
	ask(root, function);
	answer_expect(&answer, status);
	answer_text(&answer, text);
	ck_assert_uint_eq(root->making, 0);
	ck_assert_uint_eq(root->pins, 0);
}

START_TEST(failing_at_once_is_told)
{
	warm(root);
	expect_failure(fail_at_once, DI_ECREATE,
		       "query_new failed for app_query: Permission denied");
	expect_failure(return_an_errno, DI_ECREATE,
		       "query_new failed for app_query: Operation not permitted");
	expect_failure(complete_with_nothing, DI_ENULL, "query_new made nothing");
	memset(&answer, 0, sizeof(answer));
	ask(root, NULL);
	answer_expect(&answer, DI_OK);
}
END_TEST

#ifdef DI_DEBUG
static enum di_status complete_again(void *call, struct di_error *err)
{
	(void)err;
	return app_query_complete(call, 0, answer.part);
}
#endif

static int complete_twice(struct di_call *call, later_complete_fn *complete)
{
	make(call, complete, "query");
#ifdef DI_DEBUG
	misuse_expect(complete_again, call, DI_EINVAL, "it is complete already");
#else
	ck_assert_int_eq(complete(call, 0, NULL), DI_EINVAL);
#endif
	return DI_PENDING;
}

START_TEST(completing_twice_is_refused)
{
	warm(root);
	ask(root, complete_twice);
	answer_expect(&answer, DI_OK);
	ck_assert_str_eq(answer.part->name, "query");
}
END_TEST

static int ask_by_its_call(struct di_call *call, later_complete_fn *complete)
{
	di_call_get_async(call, &app_second, write_name, NULL, &error);
	ck_assert_ptr_eq(di_call_get(call, &app_plain, &error), app_plain_get(root, &error));
	return make(call, complete, "query");
}

START_TEST(what_it_asks_for_by_its_call_is_waited_for)
{
	warm(root);
	does = ask_by_its_call;
	app_query_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	journal_expect("created query", "created second", "got second");
	journal_clear();
	expect_ok(app_query_drop(root, answer.part, &error));
	journal_expect("ended query done", "ended second done");
}
END_TEST

/* ---- What comes in between. ---- */

static int ask_for_itself(struct di_call *call, later_complete_fn *complete)
{
	app_pool_get_async(root, answer_take, &other, &error);
	ck_assert_int_eq(other.times, 0);
	return make(call, complete, "pool");
}

START_TEST(a_constructor_that_asks_for_itself_is_told_afterwards)
{
	app_plain_get(root, &error);
	does = ask_for_itself;
	app_pool_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(answer.part, other.part);
}
END_TEST

static int ask_itself_by_its_call(struct di_call *call, later_complete_fn *complete)
{
	di_call_get_async(call, &app_pool, answer_take_any, &other, &error);
	ck_assert_ptr_null(app_pool_get(root, &error));
	ck_assert_int_eq(error.status, DI_ECYCLE);
	return make(call, complete, "pool");
}

START_TEST(a_constructor_that_waits_for_itself_is_a_cycle)
{
	app_plain_get(root, &error);
	does = ask_itself_by_its_call;
	app_pool_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_ECYCLE);
}
END_TEST

PART_FAKE(fake)

static int change_it(struct di_call *call, later_complete_fn *complete)
{
	expect_error(app_plain_override(root, &fake, &error), DI_EBUSY);
	expect_error(di_reset(root, &app_plain, &error), DI_EBUSY);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	return make(call, complete, "query");
}

START_TEST(nothing_is_changed_while_it_is_made)
{
	warm(root);
	ask(root, change_it);
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(what_is_overridden_is_not_made)
{
	struct part *pool;

	warm(root);
	request = open_in(root, &di_scope_request);
	pool = app_pool_get(root, &error);
	expect_ok(app_pool_override(request, &fake, &error));
	app_pool_get_async(request, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, &fake);
	app_session_get_async(request, answer_take, &other, &error);
	answer_expect(&other, DI_OK);
	close_as(request, DI_DONE);
	ck_assert_ptr_eq(app_pool_get(root, &error), pool);
}
END_TEST

static struct answer closed;

static int close_its_home(struct di_call *call, later_complete_fn *complete)
{
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	expect_ok(di_context_close_async(request, DI_FAILED, answer_done, &closed, &error));
	ck_assert_int_eq(closed.times, 0);
	return make(call, complete, "session");
}

START_TEST(a_context_that_is_closed_meanwhile_ends_what_was_made)
{
	memset(&closed, 0, sizeof(closed));
	warm(root);
	request = open_in(root, &di_scope_request);
	does = close_its_home;
	app_session_get_async(request, answer_take, &answer, &error);
	answer_expect(&answer, DI_ECLOSED);
	answer_expect(&closed, DI_OK);
	journal_expect("created session", "ended session failed");
}
END_TEST

static int free_its_container(struct di_call *call, later_complete_fn *complete)
{
	struct di_container *freed = container;

	container = NULL;
	expect_ok(di_container_free_async(freed, answer_done, &closed, &error));
	ck_assert_int_eq(closed.times, 0);
	return make(call, complete, "query");
}

START_TEST(a_container_that_is_freed_meanwhile_waits_for_it)
{
	memset(&closed, 0, sizeof(closed));
	warm(root);
	ask(root, free_its_container);
	answer_expect(&answer, DI_ECLOSED);
	answer_expect(&closed, DI_OK);
}
END_TEST

/* ---- Executors. ---- */

static struct di_task *posted;

static void post(struct di_executor *executor, struct di_task *task)
{
	(void)executor;
	ck_assert_ptr_null(posted);
	posted = task;
}

START_TEST(with_an_executor_it_calls_back_there)
{
	struct di_executor executor = { post };

	warm(root);
	di_flow_set_executor(NULL, &executor);
	ask(root, NULL);
	di_flow_set_executor(NULL, NULL);
	ck_assert_int_eq(answer.times, 0);
	posted->run(posted);
	answer_expect(&answer, DI_OK);
	posted = NULL;
}
END_TEST

START_TEST(a_get_may_name_no_executor)
{
	struct di_executor executor = { post };

	warm(root);
	di_get_async_on(NULL, root, &app_query, answer_take_any, &answer, &error);
	answer_expect(&answer, DI_OK);
	di_flow_set_executor(NULL, &executor);
	di_get_async_on(NULL, root, &app_query, answer_take_any, &other, &error);
	di_flow_set_executor(NULL, NULL);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_null(posted);
}
END_TEST

/* ---- Other threads. ---- */

static void *complete_it(void *data)
{
	completes(called, 0, data);
	return NULL;
}

static int complete_elsewhere(struct di_call *call, later_complete_fn *complete)
{
	(void)call;
	(void)complete;
	thread_join(thread_start(complete_it, &made, 0));
	return DI_PENDING;
}

START_TEST(another_thread_completes_it_while_the_constructor_runs)
{
	warm(root);
	ask(root, complete_elsewhere);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, &made);
	expect_ok(app_query_drop(root, &made, &error));
	made.alive = 1;
}
END_TEST

static pthread_t completer;
static struct latch returned;

static void *complete_after(void *data)
{
	latch_wait(&returned);
	return complete_it(data);
}

static int complete_elsewhere_later(struct di_call *call, later_complete_fn *complete)
{
	(void)call;
	(void)complete;
	completer = thread_start(complete_after, &made, 0);
	return DI_PENDING;
}

START_TEST(another_thread_completes_it_after_that)
{
	latch_init(&returned);
	warm(root);
	ask(root, complete_elsewhere_later);
	ck_assert_int_eq(answer.times, 0);
	latch_open(&returned);
	thread_join(completer);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, &made);
	expect_ok(app_query_drop(root, &made, &error));
	made.alive = 1;
}
END_TEST

static void *resolve_there(void *data)
{
	(void)data;
	return app_part_get(root, NULL);
}

static int come_to_the_lock(struct di_call *call, later_complete_fn *complete)
{
	ck_assert_ptr_nonnull(thread_join(thread_start(resolve_there, NULL, 0)));
	return make(call, complete, "query");
}

START_TEST(another_thread_comes_to_the_lock_meanwhile)
{
	int i;

	warm(root);
	ask(root, come_to_the_lock);
	answer_expect(&answer, DI_OK);
	for (i = 0; i < 3; i++) {
		memset(&answer, 0, sizeof(answer));
		ask(root, NULL);
		answer_expect(&answer, DI_OK);
	}
	ck_assert_uint_eq(root->making, 0);
	ck_assert_uint_eq(root->calls, 0);
}
END_TEST

static void *ask_there(void *data)
{
	app_pool_get_async(root, answer_take, data, NULL);
	return NULL;
}

static int be_asked_elsewhere(struct di_call *call, later_complete_fn *complete)
{
	thread_join(thread_start(ask_there, &other, 0));
	ck_assert_int_eq(other.times, 0);
	return make(call, complete, "pool");
}

START_TEST(another_thread_that_asks_meanwhile_waits_for_the_same)
{
	app_plain_get(root, &error);
	does = be_asked_elsewhere;
	app_pool_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(answer.part, other.part);
}
END_TEST

static void *ask_and_let_go(void *data)
{
	struct di_get get = app_pool_get_async(root, answer_take, data, NULL);

	ck_assert_int_eq(di_get_cancel(get), 1);
	return NULL;
}

static int be_let_go_of_elsewhere(struct di_call *call, later_complete_fn *complete)
{
	thread_join(thread_start(ask_and_let_go, &other, 0));
	return make(call, complete, "pool");
}

START_TEST(another_thread_that_cancels_meanwhile_lets_it_be_made)
{
	app_plain_get(root, &error);
	does = be_let_go_of_elsewhere;
	app_pool_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_ECANCELLED);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/direct_get");
	TCase *tcase = tcase_create("at once");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, a_product_that_comes_at_once_is_answered_by_the_get_that_is_kept);
	tcase_add_test(tcase, what_ended_is_nothing_for_plain_code);
	tcase_add_test(tcase, what_is_there_is_answered_without_one);
	tcase_add_test(tcase, a_value_of_a_request_lives_there_and_ends_with_it);
	tcase_add_test(tcase, what_comes_again_and_again_takes_no_memory);
	tcase_add_test(tcase, each_allocation_may_fail);
	tcase_add_test(tcase, products_come_until_there_is_no_memory);
	tcase_add_test(tcase, what_is_completed_later_needs_no_memory_for_that);
	tcase_add_test(tcase, a_need_that_is_made_each_time_is_made_for_it);
	tcase_add_test(tcase, what_takes_no_time_is_made_and_told);
	tcase_add_test(tcase, a_finalizer_that_takes_time_is_given_the_call);
	tcase_add_test(tcase, callbacks_that_ask_again_do_not_nest);
	tcase_add_test(tcase, a_callback_may_close_what_was_asked);
	tcase_add_test(tcase, a_callback_may_free_the_container);
	tcase_add_test(tcase, what_a_constructor_asks_for_is_answered_after_it);
	tcase_add_test(tcase, what_is_completed_later_is_answered_then);
	tcase_add_test(tcase, who_asks_for_it_may_let_go_of_it_then);
	tcase_add_test(tcase, failing_at_once_is_told);
	tcase_add_test(tcase, completing_twice_is_refused);
	tcase_add_test(tcase, what_it_asks_for_by_its_call_is_waited_for);
	tcase_add_test(tcase, a_constructor_that_asks_for_itself_is_told_afterwards);
	tcase_add_test(tcase, a_constructor_that_waits_for_itself_is_a_cycle);
	tcase_add_test(tcase, nothing_is_changed_while_it_is_made);
	tcase_add_test(tcase, what_is_overridden_is_not_made);
	tcase_add_test(tcase, a_context_that_is_closed_meanwhile_ends_what_was_made);
	tcase_add_test(tcase, a_container_that_is_freed_meanwhile_waits_for_it);
	tcase_add_test(tcase, with_an_executor_it_calls_back_there);
	tcase_add_test(tcase, a_get_may_name_no_executor);
	suite_add_tcase(suite, tcase);

	tcase = tcase_create("threads");
	tcase_add_checked_fixture(tcase, setup_for_threads, later_container_end);
	tcase_add_test(tcase, another_thread_completes_it_while_the_constructor_runs);
	tcase_add_test(tcase, another_thread_completes_it_after_that);
	tcase_add_test(tcase, another_thread_comes_to_the_lock_meanwhile);
	tcase_add_test(tcase, another_thread_that_asks_meanwhile_waits_for_the_same);
	tcase_add_test(tcase, another_thread_that_cancels_meanwhile_lets_it_be_made);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
