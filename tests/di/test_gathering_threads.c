/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

#include <stdlib.h>

/* Values of threads whose needs are complete on other threads. */

/* clang-format off */
#define APP(X) \
	X(async_singleton,  app_base, struct part, (base_new),           base_end) \
	X(thread_singleton, app_view, struct part, (view_new, app_base), view_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(base, app_base)
PART_OF_1(view)

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

static void ask(void)
{
	di_get_async(root, &app_view, answer_take_any, &answer, &error);
}

/* An executor with one task, which the test runs where it likes. */
struct desk {
	struct di_executor executor;
	struct di_task *task;
};

static void post(struct di_executor *executor, struct di_task *task)
{
	struct desk *desk = (struct desk *)(void *)executor;

	desk->task = task;
}

static struct desk desk = { { post }, NULL };

static void run_task(void)
{
	struct di_task *task = desk.task;

	desk.task = NULL;
	task->run(task);
}

static void *run_later(void *data)
{
	(void)data;
	later_run();
	return NULL;
}

static void run_elsewhere(thread_fn *function)
{
	thread_join(thread_start(function, NULL, 0));
}

static void *ask_view(void *data)
{
	(void)data;
	ask();
	return NULL;
}

static void *run_task_here(void *data)
{
	run_task();
	return data;
}

static void expect_elsewhere(void)
{
	answer_expect(&answer, DI_ETHREAD);
	answer_text(&answer, "app_view: it belongs to another thread: thread ");
	answer_text(&answer, " asked, and what it needs was complete on thread ");
	answer_text(&answer, ": ask again, or on an executor of the thread");
	ck_assert_uint_eq(di_thread_count(container), 0);
}

START_TEST(complete_on_another_thread_it_is_refused_and_then_had_by_asking_again)
{
	ask();
	run_elsewhere(run_later);
	expect_elsewhere();
	ck_assert_msg(app_view_get(root, &error) != NULL, "%s", error_text());
}
END_TEST

START_TEST(on_an_executor_of_the_thread_it_is_made_there)
{
	di_get_async_on(&desk.executor, root, &app_view, answer_take_any, &answer, &error);
	run_elsewhere(run_later);
	ck_assert_int_eq(answer.times, 0);
	run_task();
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, app_view_get(root, &error));
}
END_TEST

START_TEST(on_an_executor_of_another_thread_it_is_refused)
{
	di_get_async_on(&desk.executor, root, &app_view, answer_take_any, &answer, &error);
	later_run();
	run_elsewhere(run_task_here);
	expect_elsewhere();
}
END_TEST

START_TEST(what_is_due_and_let_go_of_is_not_made)
{
	struct di_get get;

	get = di_get_async_on(&desk.executor, root, &app_view, answer_take_any, &answer, &error);
	later_run();
	ck_assert_int_eq(di_get_detach(get), 1);
	run_task();
	ck_assert_int_eq(answer.times, 0);
	ck_assert_uint_eq(di_thread_count(container), 0);
}
END_TEST

START_TEST(a_thread_that_has_ended_gets_nothing)
{
	run_elsewhere(ask_view);
	later_run();
	expect_elsewhere();
}
END_TEST

static struct latch asked, made;
static struct part *own_there;

/* It has its value as long as it lives. */
static void *ask_and_wait(void *data)
{
	di_get_async_on(&desk.executor, root, &app_view, answer_take_any, &other, NULL);
	latch_open(&asked);
	latch_wait(&made);
	run_task();
	own_there = app_view_get(root, NULL);
	return data;
}

START_TEST(threads_that_ask_at_once_share_what_it_needs_and_have_values_of_their_own)
{
	pthread_t thread;

	latch_init(&asked);
	latch_init(&made);
	ask();
	thread = thread_start(ask_and_wait, NULL, 0);
	latch_wait(&asked);
	later_run();
	latch_open(&made);
	thread_join(thread);
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_ne(answer.part, other.part);
	ck_assert_ptr_eq(other.part, own_there);
	ck_assert_ptr_eq(answer.part, app_view_get(root, &error));
	ck_assert_ptr_eq(answer.part->needs[0], other.part->needs[0]);
	ck_assert_uint_eq(di_thread_count(container), 1);
}
END_TEST

/* ---- Many at once. ---- */

enum {
	THREADS = 4,
	ROUNDS = 60
};

struct own {
	pthread_t thread;
	const int *base;
};

/* What one of the threads works through. */
struct loop {
	struct di_executor executor;
	struct latch posted;
	struct di_task *task;
	const struct own *own;
};

static int base_value;
static struct latch begun;
static struct di_call *_Atomic pending;

static int crowd_base_new(struct di_call *call)
{
	pending = call;
	latch_open(&begun);
	return DI_PENDING;
}

static int crowd_own_init(struct own *own, int *base)
{
	own->thread = pthread_self();
	own->base = base;
	return 0;
}

/* clang-format off */
#define CROWD(X) \
	X(async_singleton,  crowd_base, int,        (crowd_base_new),                      di_keep) \
	X(thread_singleton, crowd_own,  struct own, DI_INIT(crowd_own_init, crowd_base),   di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(crowd, CROWD);
DI_CONTAINER_DEFINE(crowd, CROWD);

static void post_to_loop(struct di_executor *executor, struct di_task *task)
{
	struct loop *loop = (struct loop *)(void *)executor;

	loop->task = task;
	latch_open(&loop->posted);
}

static void take_own(void *data, void *value, const struct di_error *err)
{
	struct loop *loop = data;

	(void)err;
	loop->own = value;
}

/* The first completes what the others need. */
static void live_in_crowd(int number, void *data)
{
	struct loop loop = { { post_to_loop }, LATCH_INIT, NULL, NULL };
	struct di_context *in = data;

	if (number == 0) {
		latch_wait(&begun);
		crowd_base_complete(pending, 0, &base_value);
		return;
	}
	di_get_async_on(&loop.executor, in, &crowd_own, take_own, &loop, NULL);
	latch_wait(&loop.posted);
	loop.task->run(loop.task);
	if (loop.own == NULL || !pthread_equal(loop.own->thread, pthread_self()) ||
	    loop.own->base != &base_value || crowd_own_get(in, NULL) != loop.own)
		abort();
}

START_TEST(many_threads_that_ask_get_values_of_their_own)
{
	const struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int round;

	watchdog(120);
	for (round = 0; round < ROUNDS; round++) {
		struct di_container *one = di_container_new(&crowd, &options, &error);

		ck_assert_msg(one != NULL, "%s", error_text());
		latch_init(&begun);
		crowd_run(THREADS, live_in_crowd, di_container_root(one));
		ck_assert_uint_eq(di_thread_count(one), 0);
		expect_ok(di_container_free(one, &error));
	}
	watchdog(0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/gathering_threads");
	TCase *threads = tcase_create("threads");

	tcase_add_checked_fixture(threads, setup, later_container_end);
	tcase_add_test(threads,
		       complete_on_another_thread_it_is_refused_and_then_had_by_asking_again);
	tcase_add_test(threads, on_an_executor_of_the_thread_it_is_made_there);
	tcase_add_test(threads, on_an_executor_of_another_thread_it_is_refused);
	tcase_add_test(threads, what_is_due_and_let_go_of_is_not_made);
	tcase_add_test(threads, a_thread_that_has_ended_gets_nothing);
	tcase_add_test(threads,
		       threads_that_ask_at_once_share_what_it_needs_and_have_values_of_their_own);
	tcase_add_test(threads, many_threads_that_ask_get_values_of_their_own);
	suite_add_tcase(suite, threads);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
