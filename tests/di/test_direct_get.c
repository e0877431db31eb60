/* SPDX-License-Identifier: MIT */
#include "di/get.h"

#include "tests/di/direct_app.h"

#include <errno.h>

/*
 * Gets whose value comes at once, in a context that only its opener uses. How a get was answered
 * may not be seen from outside: the get that the context keeps says it.
 */

static struct di_context *request;

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

static int end_it_later(struct di_call *call, struct part *part)
{
	(void)call;
	(void)part;
	return DI_PENDING;
}

START_TEST(a_finalizer_that_takes_time_is_given_the_call)
{
	warm(root);
	app_cursor_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_OK);
	expect_error(app_cursor_drop(root, answer.part, &error), DI_EAGAIN);
	ends = end_it_later;
	expect_ok(
		di_context_drop_async(root, &app_cursor, answer.part, answer_done, &done, &error));
	ck_assert_ptr_eq(ending, answer.part);
	ck_assert_int_eq(done.times, 0);
	end(called, ending);
	answer_expect(&done, DI_OK);
	journal_expect("created cursor", "ended cursor done");
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

static Suite *suite(void)
{
	Suite *all = suite_create("di/direct_get");
	TCase *tcase = di_check_case(all, "at once", setup, later_container_end);

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
	tcase_add_test(tcase, with_an_executor_it_calls_back_there);
	tcase_add_test(tcase, a_get_may_name_no_executor);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
