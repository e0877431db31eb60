/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* What becomes of creations when those let go that await them. */

/* clang-format off */
#define APP(X) \
	X(async_singleton, app_left,   struct part, (left_new),                     left_end) \
	X(async_singleton, app_deep,   struct part, (deep_new),                     deep_end) \
	X(async_singleton, app_asking, struct part, (asking_new),                   asking_end) \
	X(async_singleton, app_first,  struct part, (first_new, app_deep),          first_end) \
	X(async_singleton, app_second, struct part, (second_new, app_asking),       second_end) \
	X(async_singleton, app_top,    struct part, (top_new, app_first, app_second), top_end) \
	X(async_factory,   app_query,  struct part, (query_new),                    query_end) \
	X(factory,         app_plain,  struct part, (plain_new, app_query),         plain_end) \
	X(async_singleton, app_ring,   struct part, (ring_new),                     ring_end) \
	X(selector,        app_any,    struct part, (choose, app_left), ("query", app_query), ("plain", app_plain), ("ring", app_ring)) \
	X(selector,        app_any_of, struct part, (choose_any),       ("any", app_any))
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(left, app_left)
LATER(deep, app_deep)
LATER_OF_1(first, app_first)
LATER_OF_1(second, app_second)
LATER_OF_2(top, app_top)
LATER(query, app_query)
PART_OF_1(plain)
PART_FAKE(made)

static const char *choice;

static const char *choose(struct part *left)
{
	ck_assert(left->alive);
	return choice;
}

static const char *choose_any(void)
{
	return "any";
}

static int ring_new(struct di_call *call);

static void ring_end(struct part *part)
{
	journal_write("ended %s", part->name);
}

/* What asking_new does besides is the test's. */
typedef void asking_fn(struct di_call *call);
static asking_fn *asks;
static struct di_call *asking;

static int asking_new(struct di_call *call)
{
	asking = call;
	asks(call);
	return DI_PENDING;
}

static void asking_end(struct part *part)
{
	journal_write("ended %s", part->name);
}

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;
static struct di_get inner;

static int ring_new(struct di_call *call)
{
	di_call_get_async(call, &app_asking, answer_take_any, &other, &error);
	app_ring_complete(call, 0, &made);
	return DI_PENDING;
}

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
	choice = "query";
}

/* ---- Cancelling several at once. ---- */

static void ask_meanwhile(void *data, struct di_call *call)
{
	journal_write("asked to cancel %s", (const char *)data);
	ck_assert(di_call_get_async(call, &app_left, answer_take_any, &other, &error).number != 0);
}

static void can_cancel(struct di_call *call)
{
	static char name[] = "asking";

	di_call_on_cancel(call, ask_meanwhile, name);
}

START_TEST(a_creation_asked_to_cancel_may_ask_for_what_is_being_made)
{
	struct di_get get;

	asks = can_cancel;
	app_left_get_async(root, answer_take, &answer, &error);
	memset(&answer, 0, sizeof(answer));
	get = app_top_get_async(root, answer_take, &answer, &error);
	journal_clear();
	ck_assert_int_eq(di_get_cancel(get), 1);
	journal_expect("asked to cancel asking");
	later_run();
	answer_expect(&other, DI_OK);
	app_asking_complete(asking, 0, &made);
	later_run();
	/* Nobody is left waiting, and what was cancelled can be asked for again. */
	memset(&answer, 0, sizeof(answer));
	app_top_get_async(root, answer_take, &answer, &error);
	later_run();
	answer_expect(&answer, DI_OK);
}
END_TEST

static void note_cancel(void *data, struct di_call *call)
{
	(void)call;
	journal_write("asked to cancel %s", (const char *)data);
}

static void cancels_later(struct di_call *call)
{
	static char name[] = "asking";

	journal_write("began asking");
	di_call_on_cancel(call, note_cancel, name);
}

START_TEST(who_comes_after_all_have_cancelled_gets_what_is_made_anew)
{
	asks = cancels_later;
	di_get_cancel(app_asking_get_async(root, answer_take, &answer, &error));
	answer_expect(&answer, DI_ECANCELLED);
	app_asking_get_async(root, answer_take, &other, &error);
	app_asking_complete(asking, ECANCELED, NULL);
	journal_expect("began asking", "asked to cancel asking", "began asking");
	ck_assert_int_eq(other.times, 0);
	app_asking_complete(asking, 0, &made);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(app_asking_get(root, &error), &made);
}
END_TEST

START_TEST(who_comes_while_the_needs_are_cancelled_gets_all_made_anew)
{
	struct di_get get;

	asks = cancels_later;
	get = app_second_get_async(root, answer_take, &answer, &error);
	di_get_cancel(get);
	app_second_get_async(root, answer_take, &other, &error);
	app_asking_complete(asking, ECANCELED, NULL);
	ck_assert_int_eq(other.times, 0);
	app_asking_complete(asking, 0, &made);
	later_run();
	answer_expect(&other, DI_OK);
}
END_TEST

START_TEST(a_creation_that_cancels_itself_fails)
{
	asks = cancels_later;
	app_asking_get_async(root, answer_take, &answer, &error);
	app_asking_complete(asking, ECANCELED, NULL);
	answer_expect(&answer, DI_ECANCELLED);
}
END_TEST

/* ---- Products. ---- */

static void ask_for_a_product(struct di_call *call)
{
	inner = di_call_get_async(call, &app_query, answer_take_any, &other, &error);
}

static void ask_for_a_choice(struct di_call *call)
{
	inner = di_call_get_async(call, &app_any_of, answer_take_any, &other, &error);
}

/* A constructor lets go of what it has asked for, and is complete before that is made. */
static void let_go_and_complete(asking_fn *function, int (*let_go)(struct di_get get))
{
	asks = function;
	app_asking_get_async(root, answer_take, &answer, &error);
	ck_assert_int_eq(let_go(inner), 1);
	ck_assert_int_eq(app_asking_complete(asking, 0, &made), DI_OK);
}

START_TEST(a_product_that_a_constructor_does_not_wait_for_ends_at_once)
{
	let_go_and_complete(ask_for_a_product, di_get_detach);
	answer_expect(&answer, DI_OK);
	journal_clear();
	later_run();
	journal_expect("created query", "ending query", "ended query cancelled");
	ck_assert_int_eq(other.times, 0);
}
END_TEST

START_TEST(a_product_outlives_the_failure_of_who_has_asked_for_it)
{
	asks = ask_for_a_product;
	app_asking_get_async(root, answer_take, &answer, &error);
	ck_assert_int_eq(di_get_expire(inner), 1);
	answer_expect(&other, DI_ETIMEDOUT);
	app_asking_complete(asking, EIO, NULL);
	answer_expect(&answer, DI_ECREATE);
	/* The same memory is that of the next attempt. */
	memset(&answer, 0, sizeof(answer));
	asks = can_cancel;
	app_asking_get_async(root, answer_take, &answer, &error);
	app_asking_complete(asking, 0, &made);
	answer_expect(&answer, DI_OK);
	journal_clear();
	later_run();
	journal_expect("created query", "ending query", "ended query cancelled");
}
END_TEST

/* One task that is posted. */
struct one {
	struct di_executor executor;
	struct di_task *task;
};

static void post(struct di_executor *executor, struct di_task *task)
{
	((struct one *)(void *)executor)->task = task;
}

START_TEST(a_product_that_is_let_go_of_before_its_callback_ends)
{
	struct one one = { { post }, NULL };
	struct di_get get;

	di_flow_set_executor(NULL, &one.executor);
	get = di_get_async(root, &app_plain, answer_take_any, &answer, &error);
	di_flow_set_executor(NULL, NULL);
	later_run();
	ck_assert_int_eq(di_get_expire(get), 0);
	ck_assert_int_eq(di_get_detach(get), 1);
	journal_clear();
	one.task->run(one.task);
	ck_assert_int_eq(answer.times, 0);
	ck_assert_int_eq(di_get_detach(get), 0);
	journal_expect("ended plain cancelled", "ending query");
	/* As long as it ends it counts as being made. */
	expect_error(di_container_free(container, &error), DI_EBUSY);
	later_run();
	journal_expect("ended query cancelled");
}
END_TEST

START_TEST(a_chosen_product_that_nobody_awaits_ends_at_once)
{
	struct di_get get = di_get_async(root, &app_any_of, answer_take_any, &answer, &error);

	ck_assert_int_eq(di_get_detach(get), 1);
	later_run();
	journal_expect("began left", "created left", "began query", "created query", "ending query",
		       "ended query cancelled");
	ck_assert_int_eq(answer.times, 0);
}
END_TEST

START_TEST(a_chosen_plain_product_that_nobody_awaits_ends_with_its_needs)
{
	struct di_get get = di_get_async(root, &app_any, answer_take_any, &answer, &error);

	choice = "plain";
	ck_assert_int_eq(di_get_expire(get), 1);
	answer_expect(&answer, DI_ETIMEDOUT);
	later_run();
	journal_expect("began left", "created left", "began query", "created query",
		       "created plain from query", "ended plain cancelled", "ending query",
		       "ended query cancelled");
}
END_TEST

START_TEST(a_choice_that_a_constructor_lets_go_of_is_settled_before_it_finishes)
{
	let_go_and_complete(ask_for_a_choice, di_get_detach);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_int_eq(other.times, 0);
	journal_clear();
	expect_ok(di_reset_async(root, &app_asking, answer_done, &other, &error));
	later_run();
	answer_expect(&other, DI_OK);
}
END_TEST

START_TEST(a_choice_that_is_late_for_a_constructor_is_told_so_at_once)
{
	let_go_and_complete(ask_for_a_choice, di_get_expire);
	answer_expect(&other, DI_ETIMEDOUT);
	later_run();
	answer_expect(&answer, DI_OK);
}
END_TEST

/* The row that is chosen asks for who has let go of the choice. */
static void ask_for_a_ring(struct di_call *call)
{
	choice = "ring";
	ask_for_a_choice(call);
}

START_TEST(a_choice_that_was_let_go_of_may_not_await_who_did)
{
	asks = ask_for_a_ring;
	app_asking_get_async(root, answer_take, &answer, &error);
	ck_assert_int_eq(di_get_detach(inner), 1);
	app_asking_complete(asking, 0, &made);
	later_run();
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_ECYCLE);
	answer_text(&other, "app_asking");
}
END_TEST

/* ---- Freeing in callbacks. ---- */

static void post_at_once(struct di_executor *executor, struct di_task *task)
{
	(void)executor;
	task->run(task);
}

static void free_container(void *data, struct part *part, const struct di_error *failure)
{
	answer_take(data, part, failure);
	expect_ok(di_container_free(container, &error));
	container = NULL;
}

static void do_nothing(struct di_call *call)
{
	(void)call;
}

START_TEST(a_container_may_be_freed_once_the_last_get_has_called_back)
{
	struct di_executor executor = { post_at_once };

	asks = do_nothing;
	di_flow_set_executor(NULL, &executor);
	app_asking_get_async(root, free_container, &answer, &error);
	di_flow_set_executor(NULL, NULL);
	ck_assert_int_eq(app_asking_complete(asking, EIO, NULL), DI_OK);
	answer_expect(&answer, DI_ECREATE);
	ck_assert_ptr_null(container);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_let_go");
	TCase *tcase = tcase_create("let_go");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, a_creation_asked_to_cancel_may_ask_for_what_is_being_made);
	tcase_add_test(tcase, who_comes_after_all_have_cancelled_gets_what_is_made_anew);
	tcase_add_test(tcase, who_comes_while_the_needs_are_cancelled_gets_all_made_anew);
	tcase_add_test(tcase, a_creation_that_cancels_itself_fails);
	tcase_add_test(tcase, a_product_that_a_constructor_does_not_wait_for_ends_at_once);
	tcase_add_test(tcase, a_product_outlives_the_failure_of_who_has_asked_for_it);
	tcase_add_test(tcase, a_product_that_is_let_go_of_before_its_callback_ends);
	tcase_add_test(tcase, a_chosen_product_that_nobody_awaits_ends_at_once);
	tcase_add_test(tcase, a_chosen_plain_product_that_nobody_awaits_ends_with_its_needs);
	tcase_add_test(tcase, a_choice_that_a_constructor_lets_go_of_is_settled_before_it_finishes);
	tcase_add_test(tcase, a_choice_that_was_let_go_of_may_not_await_who_did);
	tcase_add_test(tcase, a_choice_that_is_late_for_a_constructor_is_told_so_at_once);
	tcase_add_test(tcase, a_container_may_be_freed_once_the_last_get_has_called_back);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
