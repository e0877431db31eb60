/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(async_singleton, app_base,   struct part, (base_new),             base_end) \
	X(async_singleton, app_pool,   struct part, (pool_new),             pool_end) \
	X(async_singleton, app_store,  struct part, (store_new, app_pool),  store_end) \
	X(async_factory,   app_query,  struct part, (query_new),            query_end) \
	X(async_singleton, app_asking, struct part, (asking_new, app_base), asking_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(base, app_base)
LATER(pool, app_pool)
LATER_OF_1(store, app_store)
LATER(query, app_query)

/* What asking_new does is the test's. */
typedef int asking_fn(struct di_call *call);
static asking_fn *asks;
static struct di_call *asking;
PART_FAKE(made)

static int asking_new(struct di_call *call, struct part *base)
{
	(void)base;
	asking = call;
	return asks(call);
}

static void asking_end(struct part *part)
{
	journal_write("ended %s", part->name);
}

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;

static void setup(void)
{
	later_clear();
	later_at_once("base");
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

static void ask(asking_fn *function)
{
	asks = function;
	ck_assert(app_asking_get_async(root, answer_take, &answer, &error).number != 0);
}

static int complete_at_once(struct di_call *call)
{
	ck_assert_ptr_eq(di_call_context(call), root);
	ck_assert_int_eq(app_asking_complete(call, 0, &made), DI_OK);
	return DI_PENDING;
}

START_TEST(a_call_may_be_completed_before_its_constructor_returns)
{
	ask(complete_at_once);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, &made);
}
END_TEST

static int return_an_errno(struct di_call *call)
{
	(void)call;
	return EACCES;
}

START_TEST(an_errno_that_is_returned_is_a_failure)
{
	ask(return_an_errno);
	answer_expect(&answer, DI_ECREATE);
	ck_assert_str_eq(answer.text, "asking_new failed for app_asking: Permission denied");
}
END_TEST

static int return_nothing(struct di_call *call)
{
	(void)call;
	return 0;
}

START_TEST(a_constructor_that_returns_neither_has_made_nothing)
{
	ask(return_nothing);
	answer_expect(&answer, DI_ENULL);
	answer_text(&answer, "asking_new made nothing");
}
END_TEST

static int complete_with_nothing(struct di_call *call)
{
	app_asking_complete(call, 0, NULL);
	return DI_PENDING;
}

START_TEST(completing_with_no_value_is_a_failure)
{
	ask(complete_with_nothing);
	answer_expect(&answer, DI_ENULL);
}
END_TEST

static int complete_with_an_errno(struct di_call *call)
{
	app_asking_complete(call, ETIMEDOUT, NULL);
	return DI_PENDING;
}

START_TEST(completing_with_an_errno_is_a_failure)
{
	ask(complete_with_an_errno);
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "asking_new failed for app_asking: Connection timed out");
}
END_TEST

static int wait(struct di_call *call)
{
	(void)call;
	return DI_PENDING;
}

/* There is no error to read where a call is completed: only debug builds say what is wrong. */
#ifdef DI_DEBUG
#define expect_refused(call_, data_, text_) misuse_expect(call_, data_, DI_EINVAL, text_)
#else
#define expect_refused(call_, data_, text_) ck_assert_int_eq(call_(data_, NULL), DI_EINVAL)
#endif

static enum di_status complete_again(void *call, struct di_error *err)
{
	(void)err;
	return app_asking_complete(call, 0, &made);
}

static enum di_status complete_the_pool(void *call, struct di_error *err)
{
	(void)err;
	return app_pool_complete(call, 0, &made);
}

static enum di_status end_what_is_made(void *call, struct di_error *err)
{
	(void)err;
	return di_call_end(call, 0);
}

static int complete_twice(struct di_call *call)
{
	app_asking_complete(call, 0, &made);
	expect_refused(complete_again, call, "it is complete already");
	return DI_PENDING;
}

START_TEST(completing_a_second_time_is_refused)
{
	ask(complete_twice);
	answer_expect(&answer, DI_OK);
}
END_TEST

static int complete_as_another(struct di_call *call)
{
	expect_refused(
		complete_the_pool, call,
		"the call is of app_asking in app, and is completed by app_asking_complete()");
	expect_refused(end_what_is_made, call, "app_asking_complete()");
	app_asking_complete(call, 0, &made);
	return DI_PENDING;
}

START_TEST(a_call_is_completed_as_its_own_row_only)
{
	ask(complete_as_another);
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(there_must_be_a_call)
{
	expect_refused(complete_the_pool, NULL, "there is no call to complete");
	expect_refused(end_what_is_made, NULL, "there is no call to end");
	ck_assert_ptr_null(di_call_context(NULL));
}
END_TEST

/* ---- Gets of constructors. ---- */

static int get_at_once(struct di_call *call)
{
	struct part *base = di_call_get(call, &app_base, &error);

	ck_assert_str_eq(base->name, "base");
	ck_assert_ptr_null(di_call_get(call, &app_pool, &error));
	app_asking_complete(call, 0, &made);
	return DI_PENDING;
}

START_TEST(a_constructor_gets_what_is_there)
{
	ask(get_at_once);
	answer_expect(&answer, DI_OK);
	ck_assert_int_eq(error.status, DI_EAGAIN);
	expect_text("(app_pool <- app_asking)");
}
END_TEST

static void then_complete(void *data, void *value, const struct di_error *failure)
{
	answer_take_any(&other, value, failure);
	app_asking_complete(data, failure != NULL ? ENODEV : 0, &made);
}

static int get_later(struct di_call *call)
{
	di_call_get_async(call, &app_store, then_complete, call, &error);
	return DI_PENDING;
}

START_TEST(a_constructor_asks_for_what_it_needs_besides)
{
	ask(get_later);
	ck_assert_int_eq(later_run(), 2);
	answer_expect(&other, DI_OK);
	answer_expect(&answer, DI_OK);
	journal_clear();
	expect_ok(di_reset_async(root, &app_pool, answer_done, &other, &error));
	later_run();
	journal_expect("ended made", "ending store", "ended store done", "ending pool",
		       "ended pool done");
}
END_TEST

static int get_and_complete(struct di_call *call)
{
	di_call_get_async(call, &app_query, answer_take_any, &other, &error);
	app_asking_complete(call, 0, &made);
	return DI_PENDING;
}

START_TEST(a_creation_is_finished_once_all_that_it_asked_for_has_called_back)
{
	ask(get_and_complete);
	ck_assert_int_eq(answer.times, 0);
	later_run();
	answer_expect(&other, DI_OK);
	answer_expect(&answer, DI_OK);
	journal_clear();
	expect_ok(di_reset_async(root, &app_asking, answer_done, &other, &error));
	later_run();
	journal_expect("ended made", "ending query", "ended query done");
}
END_TEST

static int get_itself(struct di_call *call)
{
	di_call_get_async(call, &app_asking, answer_take_any, &other, &error);
	app_asking_complete(call, 0, &made);
	return DI_PENDING;
}

START_TEST(what_would_wait_for_itself_is_a_cycle)
{
	ask(get_itself);
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_ECYCLE);
}
END_TEST

static int get_and_fail(struct di_call *call)
{
	di_call_get_async(call, &app_query, then_complete, call, &error);
	return DI_PENDING;
}

START_TEST(a_product_that_was_asked_for_ends_with_the_failure)
{
	ask(get_and_fail);
	later_run();
	answer_expect(&other, DI_OK);
	answer_expect(&answer, DI_OK);
}
END_TEST

/* ---- Cancelling. ---- */

static void cancel(void *data, struct di_call *call)
{
	journal_write("cancelled %s", (const char *)data);
	app_asking_complete(call, ECANCELED, NULL);
}

static int can_cancel(struct di_call *call)
{
	static char name[] = "asking";

	di_call_on_cancel(call, cancel, name);
	return DI_PENDING;
}

START_TEST(the_last_who_cancels_asks_the_creation_to)
{
	struct di_get first, last;

	asks = can_cancel;
	first = app_asking_get_async(root, answer_take, &answer, &error);
	last = app_asking_get_async(root, answer_take, &other, &error);
	journal_clear();
	ck_assert_int_eq(di_get_cancel(first), 1);
	answer_expect(&answer, DI_ECANCELLED);
	journal_expect_nothing();
	ck_assert_int_eq(di_get_cancel(last), 1);
	answer_expect(&other, DI_ECANCELLED);
	journal_expect("cancelled asking");
	memset(&answer, 0, sizeof(answer));
	ask(complete_at_once);
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(what_was_not_begun_is_not_when_everybody_has_cancelled)
{
	struct di_get get = app_store_get_async(root, answer_take, &answer, &error);

	ck_assert_int_eq(di_get_cancel(get), 1);
	answer_expect(&answer, DI_ECANCELLED);
	later_run();
	journal_expect("began pool", "created pool");
	app_store_get_async(root, answer_take, &other, &error);
	later_run();
	answer_expect(&other, DI_OK);
}
END_TEST

START_TEST(who_asks_after_a_cancel_is_waited_for)
{
	struct di_get get = app_store_get_async(root, answer_take, &answer, &error);

	di_get_cancel(get);
	app_store_get_async(root, answer_take, &other, &error);
	later_run();
	answer_expect(&other, DI_OK);
}
END_TEST

START_TEST(a_creation_that_cannot_cancel_goes_on)
{
	asks = wait;
	di_get_cancel(app_asking_get_async(root, answer_take, &answer, &error));
	answer_expect(&answer, DI_ECANCELLED);
	app_asking_complete(asking, 0, &made);
	ck_assert_ptr_eq(app_asking_get(root, &error), &made);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/call");
	TCase *tcase = tcase_create("call");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, a_call_may_be_completed_before_its_constructor_returns);
	tcase_add_test(tcase, an_errno_that_is_returned_is_a_failure);
	tcase_add_test(tcase, a_constructor_that_returns_neither_has_made_nothing);
	tcase_add_test(tcase, completing_with_no_value_is_a_failure);
	tcase_add_test(tcase, completing_with_an_errno_is_a_failure);
	tcase_add_test(tcase, completing_a_second_time_is_refused);
	tcase_add_test(tcase, a_call_is_completed_as_its_own_row_only);
	tcase_add_test(tcase, there_must_be_a_call);
	tcase_add_test(tcase, a_constructor_gets_what_is_there);
	tcase_add_test(tcase, a_constructor_asks_for_what_it_needs_besides);
	tcase_add_test(tcase, a_creation_is_finished_once_all_that_it_asked_for_has_called_back);
	tcase_add_test(tcase, what_would_wait_for_itself_is_a_cycle);
	tcase_add_test(tcase, a_product_that_was_asked_for_ends_with_the_failure);
	tcase_add_test(tcase, the_last_who_cancels_asks_the_creation_to);
	tcase_add_test(tcase, what_was_not_begun_is_not_when_everybody_has_cancelled);
	tcase_add_test(tcase, who_asks_after_a_cancel_is_waited_for);
	tcase_add_test(tcase, a_creation_that_cannot_cancel_goes_on);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
