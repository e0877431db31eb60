/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_pool,    struct part, (pool_new),            pool_end) \
	X(async_singleton,        app_cache,   struct part, (cache_new),           cache_end) \
	X(async_factory,          app_query,   struct part, (query_new, app_pool), query_end) \
	X(async_context_resource, app_kept,    struct part, (kept_new),            di_keep, request) \
	X(async_context_resource, app_call,    struct part, (call_new),            call_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(pool, app_pool)
LATER(cache, app_cache)
LATER_OF_1(query, app_query)
LATER(call, app_call)

static int kept_new(struct di_call *call)
{
	return later_new(call, app_kept_complete, "kept", (struct part *const[]){ NULL });
}

DI_CONTAINER_DEFINE(app, APP);

static int add(int number, const char *word, struct part *pool, struct part *cache)
{
	ck_assert_str_eq(word, "word");
	ck_assert(pool->alive && cache->alive);
	return number;
}

static int use(int result, struct part *query, struct di_context *context)
{
	ck_assert(query->alive);
	ck_assert_ptr_eq(context, root);
	return result;
}

static void note(struct part *call)
{
	journal_write("noted %s", call->name);
}

static struct stop in_function;

static void stop_with(struct part *part)
{
	stop_here(&in_function);
	journal_write("%s %s", part->alive ? "used" : "missed", part->name);
}

DI_HANDLER_ASYNC_DECLARE(added, int, (int, const char *));
DI_HANDLER_ASYNC(added, DI_FAILS_IF(int, < 0), (int, const char *), (add, app_pool, app_cache));
DI_HANDLER_ASYNC(used, int, (int), (use, app_query, DI_CONTEXT));
DI_HANDLER_ASYNC_IN(request, noted, void, (), (note, app_call));
DI_HANDLER_ASYNC_IN(request, noted_kept, void, (), (note, app_kept));
DI_HANDLER_ASYNC_IN(request, stopped_inside, void, (), (stop_with, app_call));
DI_HANDLER_ASYNC(stopped, void, (), (stop_with, app_pool));

static struct answer answer;
static int result;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	result = -1;
}

static void told(void *data, const int *value, enum di_status status,
		 const struct di_error *failure)
{
	answer_done(data, status, failure);
	if (value != NULL)
		result = *value;
}

static void told_nothing(void *data, enum di_status status, const struct di_error *failure)
{
	answer_done(data, status, failure);
}

START_TEST(it_is_called_once_all_its_needs_are_there)
{
	expect_ok(added(root, 42, "word", told, &answer, &error));
	ck_assert_int_eq(later_due(), 2);
	ck_assert_int_eq(answer.times, 0);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_int_eq(result, 42);
}
END_TEST

START_TEST(where_all_is_there_it_is_called_at_once)
{
	added(root, 1, "word", told, &answer, &error);
	later_run();
	memset(&answer, 0, sizeof(answer));
	expect_ok(added(root, 2, "word", told, &answer, &error));
	answer_expect(&answer, DI_OK);
	ck_assert_int_eq(result, 2);
}
END_TEST

START_TEST(it_is_not_called_where_a_need_fails)
{
	parts_fail_new("cache", EIO, 1);
	added(root, 42, "word", told, &answer, &error);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "(app_cache <- added)");
	ck_assert_int_eq(result, -1);
}
END_TEST

START_TEST(what_was_made_for_the_call_ends_before_it_is_told)
{
	expect_ok(used(root, 0, told, &answer, &error));
	later_step();
	later_step();
	journal_clear();
	ck_assert_int_eq(answer.times, 0);
	later_run();
	answer_expect(&answer, DI_OK);
	journal_expect("ended query done");
}
END_TEST

START_TEST(a_result_that_says_so_ends_it_as_failed)
{
	expect_ok(used(root, 5, told, &answer, &error));
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_int_eq(result, 5);
	journal_expect("began pool", "created pool", "began query", "created query from pool",
		       "ending query", "ended query failed");
}
END_TEST

START_TEST(an_end_that_fails_is_told_with_the_result)
{
	parts_fail_end("query", EIO, 1);
	expect_ok(used(root, 0, told, &answer, &error));
	later_run();
	answer_expect(&answer, DI_EFINALIZE);
	answer_text(&answer, "used");
	ck_assert_int_eq(result, 0);
}
END_TEST

START_TEST(each_call_may_have_a_context_of_a_scope)
{
	expect_ok(noted(root, told_nothing, &answer, &error));
	later_run();
	answer_expect(&answer, DI_OK);
	journal_expect("began call", "created call", "noted call", "ending call",
		       "ended call done");
}
END_TEST

static enum di_status call_on_nothing(void *data, struct di_error *err)
{
	return noted(NULL, told_nothing, data, err);
}

static enum di_status call_without_callback(void *data, struct di_error *err)
{
	return noted(root, NULL, data, err);
}

START_TEST(it_needs_a_context_and_a_callback)
{
	misuse_expect(call_on_nothing, NULL, DI_EINVAL, "noted was called on no context");
	misuse_expect(call_without_callback, NULL, DI_EINVAL, "no callback");
}
END_TEST

START_TEST(without_memory_it_is_refused)
{
	memory.fail_always = 1;
	expect_error(added(root, 42, "word", told, &answer, &error), DI_ENOMEM);
	memory.fail_always = 0;
	ck_assert_int_eq(answer.times, 0);
}
END_TEST

static void free_meanwhile(void)
{
	struct answer freed = { 0 };

	expect_ok(di_container_free_async(container, answer_done, &freed, &error));
	container = NULL;
	ck_assert_int_eq(answer.times, 0);
	later_run();
	answer_expect(&answer, DI_ECLOSED);
	ck_assert_int_eq(freed.times, 1);
}

START_TEST(freeing_waits_for_what_is_under_way_and_closes_its_context)
{
	expect_ok(noted(root, told_nothing, &answer, &error));
	free_meanwhile();
	journal_expect("began call", "created call", "ending call", "ended call cancelled");
}
END_TEST

START_TEST(freeing_closes_the_context_of_a_call_before_that_is_told)
{
	expect_ok(noted_kept(root, told_nothing, &answer, &error));
	free_meanwhile();
	journal_expect("began kept", "created kept");
	parts_clear();
}
END_TEST

START_TEST(freeing_waits_for_what_needs_more_than_is_being_made)
{
	expect_ok(used(root, 0, told, &answer, &error));
	free_meanwhile();
	ck_assert_int_eq(result, -1);
	journal_expect("began pool", "created pool", "began query", "created query from pool",
		       "ending query", "ended query cancelled", "ending pool", "ended pool done");
}
END_TEST

static void *step(void *data)
{
	(void)data;
	later_step();
	return NULL;
}

/* Once the only need of a call is complete on another thread, where the function then is. */
static void free_while_it_runs(void)
{
	struct answer freed = { 0 };
	pthread_t thread;

	watchdog(100);
	stop_init(&in_function, 1);
	thread = thread_start(step, NULL, 0);
	stop_wait(&in_function);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_ok(di_container_free_async(container, answer_done, &freed, &error));
	container = NULL;
	ck_assert_int_eq(later_due(), 0);
	ck_assert_int_eq(freed.times, 0);
	stop_let_go(&in_function);
	thread_join(thread);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_int_eq(freed.times, 1);
	watchdog(0);
}

START_TEST(freeing_waits_for_a_function_that_runs_and_the_context_of_its_call)
{
	expect_ok(stopped_inside(root, told_nothing, &answer, &error));
	free_while_it_runs();
	journal_expect("began call", "created call", "used call", "ending call", "ended call done");
}
END_TEST

START_TEST(freeing_waits_for_a_function_that_runs_where_no_context_was_opened)
{
	expect_ok(stopped(root, told_nothing, &answer, &error));
	free_while_it_runs();
	journal_expect("began pool", "created pool", "used pool", "ending pool", "ended pool done");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/handler_async");
	TCase *tcase = tcase_create("handler");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, it_is_called_once_all_its_needs_are_there);
	tcase_add_test(tcase, where_all_is_there_it_is_called_at_once);
	tcase_add_test(tcase, it_is_not_called_where_a_need_fails);
	tcase_add_test(tcase, what_was_made_for_the_call_ends_before_it_is_told);
	tcase_add_test(tcase, a_result_that_says_so_ends_it_as_failed);
	tcase_add_test(tcase, an_end_that_fails_is_told_with_the_result);
	tcase_add_test(tcase, each_call_may_have_a_context_of_a_scope);
	tcase_add_test(tcase, it_needs_a_context_and_a_callback);
	tcase_add_test(tcase, without_memory_it_is_refused);
	tcase_add_test(tcase, freeing_waits_for_what_is_under_way_and_closes_its_context);
	tcase_add_test(tcase, freeing_closes_the_context_of_a_call_before_that_is_told);
	tcase_add_test(tcase, freeing_waits_for_what_needs_more_than_is_being_made);
	tcase_add_test(tcase, freeing_waits_for_a_function_that_runs_and_the_context_of_its_call);
	tcase_add_test(tcase, freeing_waits_for_a_function_that_runs_where_no_context_was_opened);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
