/* SPDX-License-Identifier: MIT */
#include "di/get.h"

#include "tests/di/direct_app.h"

#include <errno.h>

/*
 * Gets that could be answered at once, were it not for what comes in between: the constructor
 * completes later, fails, or waits for more; and it, and other threads, use the context while it
 * runs.
 */

static struct di_context *request;

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

static int close_its_home(struct di_call *call, later_complete_fn *complete)
{
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	expect_ok(di_context_close_async(request, DI_FAILED, answer_done, &done, &error));
	ck_assert_int_eq(done.times, 0);
	return make(call, complete, "session");
}

START_TEST(a_context_that_is_closed_meanwhile_ends_what_was_made)
{
	warm(root);
	request = open_in(root, &di_scope_request);
	does = close_its_home;
	app_session_get_async(request, answer_take, &answer, &error);
	answer_expect(&answer, DI_ECLOSED);
	answer_expect(&done, DI_OK);
	journal_expect("created session", "ended session failed");
}
END_TEST

static int free_its_container(struct di_call *call, later_complete_fn *complete)
{
	struct di_container *freed = container;

	container = NULL;
	expect_ok(di_container_free_async(freed, answer_done, &done, &error));
	ck_assert_int_eq(done.times, 0);
	return make(call, complete, "query");
}

START_TEST(a_container_that_is_freed_meanwhile_waits_for_it)
{
	warm(root);
	ask(root, free_its_container);
	answer_expect(&answer, DI_ECLOSED);
	answer_expect(&done, DI_OK);
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
	Suite *all = suite_create("di/direct_get_between");
	TCase *tcase = di_check_case(all, "one thread", setup, later_container_end);

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

	tcase = di_check_case(all, "threads", setup_for_threads, later_container_end);
	tcase_add_test(tcase, another_thread_completes_it_while_the_constructor_runs);
	tcase_add_test(tcase, another_thread_completes_it_after_that);
	tcase_add_test(tcase, another_thread_comes_to_the_lock_meanwhile);
	tcase_add_test(tcase, another_thread_that_asks_meanwhile_waits_for_the_same);
	tcase_add_test(tcase, another_thread_that_cancels_meanwhile_lets_it_be_made);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
