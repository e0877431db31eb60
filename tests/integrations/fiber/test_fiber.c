/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"

#include <fenv.h>
#include <stdint.h>

static int numbers[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

/* ---- Spawning and joining ---- */

static void *hand_back(void *data)
{
	return data;
}

START_TEST(a_fiber_has_a_result)
{
	struct di_fiber *one = spawn(hand_back, &numbers[1]);
	struct di_fiber *two = spawn(hand_back, &numbers[2]);

	ck_assert_uint_eq(di_fiber_count(fibers), 2);
	run_all();
	ck_assert_uint_eq(di_fiber_count(fibers), 0);
	ck_assert_ptr_eq(join(two), &numbers[2]);
	ck_assert_ptr_eq(join(one), &numbers[1]);
}
END_TEST

START_TEST(joining_outside_of_fibers_runs_them)
{
	struct di_fiber *one = spawn(hand_back, &numbers[1]);

	ck_assert_ptr_eq(join(one), &numbers[1]);
	expect_ok(di_fiber_join(spawn(hand_back, NULL), NULL, &error));
}
END_TEST

static void *join_children(void *data)
{
	struct di_fiber *children[4];
	intptr_t sum = 0;
	int i;

	(void)data;
	for (i = 0; i < 4; i++)
		children[i] = di_fiber_spawn(NULL, hand_back, &numbers[i], NULL, &error);
	for (i = 0; i < 4; i++)
		sum += *(int *)join(children[i]);
	return (void *)sum;
}

START_TEST(a_fiber_makes_and_joins_fibers)
{
	ck_assert_int_eq((intptr_t)join(spawn(join_children, NULL)), 6);
}
END_TEST

static void *count(void *data)
{
	++*(int *)data;
	return NULL;
}

START_TEST(a_detached_fiber_is_nobodys)
{
	const struct di_fiber_options detached = { .abi = DI_ABI, .detached = 1 };
	int counted = 0, i;

	for (i = 0; i < 3; i++)
		spawn_with(count, &counted, &detached);
	run_all();
	ck_assert_int_eq(counted, 3);
}
END_TEST

static struct di_fiber *first, *second, *third;

static void *join_another(void *data)
{
	struct di_error err = { 0 };

	if (di_fiber_join(*(struct di_fiber **)data, NULL, &err) != DI_OK)
		journal_write("%s: %s", di_status_name(err.status), err.detail);
	return NULL;
}

START_TEST(joins_in_a_ring_are_refused)
{
	first = spawn(join_another, &second);
	second = spawn(join_another, &third);
	third = spawn(join_another, &first);
	run_all();
	journal_expect("DI_ECYCLE: the fibers would join each other");
	join(first);
}
END_TEST

START_TEST(a_fiber_joins_neither_itself_nor_what_another_one_joins)
{
	first = spawn(join_another, &first);
	run_all();
	journal_expect("DI_EINVAL: a fiber cannot join itself");
	join(first);
	journal_clear();
	first = spawn(join_another, &third);
	second = spawn(join_another, &third);
	third = spawn(hand_back, NULL);
	run_all();
	journal_expect("DI_EBUSY: it is being joined already");
	join(first);
	join(second);
}
END_TEST

static void *suspend_once(void *data)
{
	di_fiber_suspend(NULL);
	return data;
}

static void *resume_and_join(void *data)
{
	struct di_error err = { 0 };

	di_fiber_resume(*(struct di_fiber **)data);
	journal_write("%s", di_status_name(di_fiber_join(*(struct di_fiber **)data, NULL, &err)));
	return NULL;
}

START_TEST(a_fiber_does_not_join_what_is_joined_outside_of_fibers)
{
	first = spawn(suspend_once, NULL);
	second = spawn(resume_and_join, &first);
	join(first);
	journal_expect("DI_EBUSY");
	join(second);
}
END_TEST

/* ---- Taking turns ---- */

static void *write_and_yield(void *data)
{
	int i;

	for (i = 0; i < 3; i++) {
		journal_write("%s%d", (const char *)data, i);
		di_fiber_yield();
	}
	return NULL;
}

START_TEST(fibers_that_yield_take_turns)
{
	first = spawn(write_and_yield, (void *)(uintptr_t) "a");
	second = spawn(write_and_yield, (void *)(uintptr_t) "b");
	run_all();
	journal_expect("a0", "b0", "a1", "b1", "a2", "b2");
	join(first);
	join(second);
}
END_TEST

START_TEST(a_round_runs_each_that_is_ready_once)
{
	first = spawn(write_and_yield, (void *)(uintptr_t) "a");
	ck_assert_int_eq(di_fiber_run_ready(fibers), 1);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 1);
	journal_expect("a0", "a1");
	ck_assert_int_eq(di_fiber_run_ready(fibers), 1);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	ck_assert_uint_eq(di_fiber_count(fibers), 0);
	join(first);
}
END_TEST

static void *look(void *data)
{
	*(struct di_fiber **)data = di_fiber_current();
	return NULL;
}

START_TEST(a_fiber_knows_itself)
{
	struct di_fiber *seen = NULL;

	ck_assert_ptr_null(di_fiber_current());
	di_fiber_yield();
	first = spawn(look, &seen);
	run_all();
	ck_assert_ptr_eq(seen, first);
	ck_assert_ptr_null(di_fiber_current());
	join(first);
}
END_TEST

/* ---- Suspending ---- */

static void *suspend_twice(void *data)
{
	struct di_error err = { 0 };
	int i;

	(void)data;
	for (i = 0; i < 2; i++) {
		journal_write("%s", di_status_name(di_fiber_suspend(&err)));
		if (err.status != DI_OK)
			journal_write("%s", err.detail);
		err.status = DI_OK;
	}
	return NULL;
}

START_TEST(a_suspended_fiber_goes_on_when_it_is_resumed)
{
	first = spawn(suspend_twice, NULL);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	journal_expect_nothing();
	di_fiber_resume(first);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	journal_expect("DI_OK");
	di_fiber_resume(first);
	run_all();
	journal_expect("DI_OK");
	join(first);
}
END_TEST

START_TEST(one_resume_that_comes_early_is_kept)
{
	first = spawn(suspend_twice, NULL);
	di_fiber_resume(first);
	di_fiber_resume(first);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	journal_expect("DI_OK");
	di_fiber_resume(first);
	run_all();
	join(first);
	di_fiber_resume(NULL);
}
END_TEST

START_TEST(cancelling_ends_one_suspension)
{
	first = spawn(suspend_twice, NULL);
	di_fiber_run_ready(fibers);
	di_fiber_cancel(first);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	journal_expect("DI_ECANCELLED", "while the fiber was suspended");
	di_fiber_resume(first);
	run_all();
	journal_expect("DI_OK");
	join(first);
	di_fiber_cancel(NULL);
}
END_TEST

START_TEST(cancelling_a_fiber_that_is_not_suspended_ends_the_next_suspension)
{
	first = spawn(suspend_twice, NULL);
	di_fiber_cancel(first);
	di_fiber_run_ready(fibers);
	journal_expect("DI_ECANCELLED", "while the fiber was suspended");
	di_fiber_resume(first);
	join(first);
}
END_TEST

START_TEST(a_suspension_that_need_not_wait_leaves_the_cancellation_to_the_next)
{
	first = spawn(suspend_twice, NULL);
	di_fiber_resume(first);
	di_fiber_cancel(first);
	run_all();
	journal_expect("DI_OK", "DI_ECANCELLED", "while the fiber was suspended");
	join(first);
}
END_TEST

static void *resume_it(void *data)
{
	di_fiber_resume(data);
	return NULL;
}

START_TEST(another_thread_resumes_a_fiber)
{
	pthread_t thread;

	first = spawn(suspend_twice, NULL);
	di_fiber_run_ready(fibers);
	thread_join(thread_start(resume_it, first, 0));
	di_fiber_run_ready(fibers);
	journal_expect("DI_OK");
	thread = thread_start(resume_it, first, 0);
	run_all();
	thread_join(thread);
	journal_expect("DI_OK");
	join(first);
}
END_TEST

/* ---- Loops ---- */

static int wakes;

static void wake(void *data)
{
	(void)data;
	__atomic_fetch_add(&wakes, 1, __ATOMIC_RELAXED);
}

static void *wake_others(void *data)
{
	di_fiber_resume(data);
	return NULL;
}

START_TEST(a_loop_is_told_when_something_becomes_ready)
{
	struct di_fiber_scheduler_options options = { .abi = DI_ABI, .loop = { wake, NULL } };
	struct di_fiber_scheduler *driven = di_fiber_scheduler_new(&options, &error);

	wakes = 0;
	first = di_fiber_spawn(driven, suspend_twice, NULL, NULL, &error);
	ck_assert_int_eq(wakes, 1);
	second = di_fiber_spawn(driven, wake_others, first, NULL, &error);
	ck_assert_int_eq(wakes, 1);
	ck_assert_int_eq(di_fiber_run_ready(driven), 1);
	ck_assert_int_eq(wakes, 1);
	ck_assert_int_eq(di_fiber_run_ready(driven), 0);
	thread_join(thread_start(resume_it, first, 0));
	ck_assert_int_eq(wakes, 2);
	ck_assert_int_eq(di_fiber_run_ready(driven), 0);
	ck_assert_uint_eq(di_fiber_count(driven), 0);
	expect_ok(di_fiber_join(first, NULL, &error));
	expect_ok(di_fiber_join(second, NULL, &error));
	expect_ok(di_fiber_scheduler_free(driven, &error));
}
END_TEST

static struct di_fiber_scheduler *inner;

static void *run_inner(void *data)
{
	first = di_fiber_spawn(inner, write_and_yield, data, NULL, &error);
	expect_ok(di_fiber_run(inner, &error));
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	expect_error(di_fiber_run(fibers, &error), DI_EINVAL);
	expect_text("a fiber cannot run those of its scheduler");
	expect_ok(di_fiber_join(first, NULL, &error));
	return di_fiber_current();
}

START_TEST(a_fiber_may_run_those_of_another_scheduler)
{
	inner = di_fiber_scheduler_new(NULL, &error);
	second = spawn(run_inner, (void *)(uintptr_t) "inner");
	ck_assert_ptr_eq(join(second), second);
	journal_expect("inner0", "inner1", "inner2");
	expect_ok(di_fiber_scheduler_free(inner, &error));
}
END_TEST

static void *join_outer(void *data)
{
	expect_error(di_fiber_join(second, NULL, &error), DI_ECYCLE);
	expect_text("its scheduler cannot go on before the caller does");
	return data;
}

static void *run_who_joins(void *data)
{
	first = di_fiber_spawn(inner, join_outer, NULL, NULL, &error);
	/* One of another scheduler is run here. */
	expect_ok(di_fiber_join(first, NULL, &error));
	return data;
}

START_TEST(a_fiber_of_a_scheduler_that_is_run_in_another_ones_does_not_join_that)
{
	inner = di_fiber_scheduler_new(NULL, &error);
	second = spawn(run_who_joins, &numbers[1]);
	ck_assert_ptr_eq(join(second), &numbers[1]);
	expect_ok(di_fiber_scheduler_free(inner, &error));
}
END_TEST

/* ---- What a switch keeps ---- */

static void *round_up(void *data)
{
	fesetround(FE_UPWARD);
	di_fiber_yield();
	*(int *)data = fegetround();
	return NULL;
}

static void *keep_numbers(void *data)
{
	volatile double sum = 0;
	int i;

	for (i = 1; i < 100; i++) {
		sum += 1.0 / i;
		di_fiber_yield();
	}
	*(double *)data = sum;
	return NULL;
}

START_TEST(a_switch_keeps_registers_and_the_rounding_of_each_fiber)
{
	double one = 1, two = 2;
	int rounding = 0;

	first = spawn(keep_numbers, &one);
	second = spawn(round_up, &rounding);
	third = spawn(keep_numbers, &two);
	run_all();
	ck_assert_int_eq(rounding, FE_UPWARD);
	ck_assert_int_eq(fegetround(), FE_TONEAREST);
	ck_assert(one == two);
	join(first);
	join(second);
	join(third);
}
END_TEST

/* ---- Errors ---- */

static void *free_scheduler(void *data)
{
	struct di_error *err = data;

	di_fiber_scheduler_free(fibers, err);
	return NULL;
}

START_TEST(a_scheduler_is_freed_when_its_fibers_have_ended_and_are_joined)
{
	first = spawn(hand_back, NULL);
	expect_error(di_fiber_scheduler_free(fibers, &error), DI_EBUSY);
	expect_text("fibers have not ended");
	run_all();
	expect_error(di_fiber_scheduler_free(fibers, &error), DI_EBUSY);
	expect_text("fibers have not been joined");
	join(first);
	thread_join(thread_start(free_scheduler, &error, 0));
	ck_assert_int_eq(error.status, DI_ETHREAD);
	expect_text("a scheduler is freed by its own thread");
	expect_ok(di_fiber_scheduler_free(NULL, &error));
}
END_TEST

struct elsewhere {
	struct di_error spawned, ran, joined;
};

static void *use_elsewhere(void *data)
{
	struct elsewhere *it = data;

	di_fiber_spawn(fibers, hand_back, NULL, NULL, &it->spawned);
	di_fiber_run(fibers, &it->ran);
	di_fiber_join(first, NULL, &it->joined);
	return (void *)(intptr_t)di_fiber_run_ready(fibers);
}

START_TEST(fibers_belong_to_their_thread)
{
	struct elsewhere it = { 0 };

	first = spawn(hand_back, NULL);
	ck_assert_ptr_null(thread_join(thread_start(use_elsewhere, &it, 0)));
	ck_assert_int_eq(it.spawned.status, DI_ETHREAD);
	ck_assert_str_eq(it.spawned.detail, "fibers are made by the scheduler's own thread");
	ck_assert_int_eq(it.ran.status, DI_ETHREAD);
	ck_assert_str_eq(it.ran.detail, "fibers are run by their own thread");
	ck_assert_int_eq(it.joined.status, DI_ETHREAD);
	ck_assert_str_eq(it.joined.detail, "a fiber is joined on its own thread");
	join(first);
}
END_TEST

static struct di_fiber_scheduler *left;

static void *leave_scheduler(void *data)
{
	(void)data;
	left = di_fiber_scheduler_new(NULL, NULL);
	return NULL;
}

static void *use_what_was_left(void *data)
{
	ck_assert_ptr_null(di_fiber_spawn(left, hand_back, NULL, NULL, data));
	return NULL;
}

/* The C library gives the second thread what pthread_self() was in the first. */
START_TEST(a_scheduler_does_not_become_a_later_threads)
{
	thread_join(thread_start(leave_scheduler, NULL, 0));
	thread_join(thread_start(use_what_was_left, &error, 0));
	ck_assert_int_eq(error.status, DI_ETHREAD);
}
END_TEST

START_TEST(mistakes_are_errors)
{
	const struct di_fiber_scheduler_options old = { .abi = DI_ABI + 1 };
	const struct di_fiber_options of_old = { .abi = DI_ABI + 1 };
	const struct di_fiber_options detached = { .abi = DI_ABI, .detached = 1 };

	expect_null(di_fiber_scheduler_new(&old, &error), DI_EABI);
	expect_text("the options of a scheduler");
	expect_null(di_fiber_spawn(fibers, hand_back, NULL, &of_old, &error), DI_EABI);
	expect_text("the options of a fiber");
	expect_null(di_fiber_spawn(fibers, NULL, NULL, NULL, &error), DI_EINVAL);
	expect_text("there is no function");
	expect_null(di_fiber_spawn(NULL, hand_back, NULL, NULL, &error), DI_EINVAL);
	expect_text("there is no scheduler");
	expect_error(di_fiber_run(NULL, &error), DI_EINVAL);
	expect_text("there is no scheduler");
	expect_error(di_fiber_join(NULL, NULL, &error), DI_EINVAL);
	expect_text("there is no fiber to join");
	first = spawn_with(hand_back, NULL, &detached);
	expect_error(di_fiber_join(first, NULL, &error), DI_EINVAL);
	expect_text("a detached fiber cannot be joined");
	expect_error(di_fiber_suspend(&error), DI_EINVAL);
	expect_text("only a fiber can be suspended");
	ck_assert_int_eq(di_fiber_suspend(NULL), DI_EINVAL);
	ck_assert_int_eq(di_fiber_run_ready(NULL), 0);
	ck_assert_uint_eq(di_fiber_count(NULL), 0);
	run_all();
}
END_TEST

START_TEST(too_large_a_stack_is_no_memory)
{
	const struct di_fiber_scheduler_options options = { .abi = DI_ABI,
							    .stack_size = SIZE_MAX / 2 };
	struct di_fiber_scheduler *large = di_fiber_scheduler_new(&options, &error);

	expect_null(di_fiber_spawn(large, hand_back, NULL, NULL, &error), DI_ENOMEM);
	expect_text("for a fiber and its stack");
	ck_assert_uint_eq(di_fiber_count(large), 0);
	expect_ok(di_fiber_scheduler_free(large, &error));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber");
	TCase *basics = tcase_create("spawning and joining"), *turns = tcase_create("turns");
	TCase *errors = tcase_create("errors");

	tcase_add_checked_fixture(basics, fibers_begin, fibers_end);
	tcase_add_test(basics, a_fiber_has_a_result);
	tcase_add_test(basics, joining_outside_of_fibers_runs_them);
	tcase_add_test(basics, a_fiber_makes_and_joins_fibers);
	tcase_add_test(basics, a_detached_fiber_is_nobodys);
	tcase_add_test(basics, joins_in_a_ring_are_refused);
	tcase_add_test(basics, a_fiber_joins_neither_itself_nor_what_another_one_joins);
	tcase_add_test(basics, a_fiber_does_not_join_what_is_joined_outside_of_fibers);
	suite_add_tcase(all, basics);
	tcase_add_checked_fixture(turns, fibers_begin, fibers_end);
	tcase_add_test(turns, fibers_that_yield_take_turns);
	tcase_add_test(turns, a_round_runs_each_that_is_ready_once);
	tcase_add_test(turns, a_fiber_knows_itself);
	tcase_add_test(turns, a_suspended_fiber_goes_on_when_it_is_resumed);
	tcase_add_test(turns, one_resume_that_comes_early_is_kept);
	tcase_add_test(turns, cancelling_ends_one_suspension);
	tcase_add_test(turns, cancelling_a_fiber_that_is_not_suspended_ends_the_next_suspension);
	tcase_add_test(turns, a_suspension_that_need_not_wait_leaves_the_cancellation_to_the_next);
	tcase_add_test(turns, another_thread_resumes_a_fiber);
	tcase_add_test(turns, a_loop_is_told_when_something_becomes_ready);
	tcase_add_test(turns, a_fiber_may_run_those_of_another_scheduler);
	tcase_add_test(turns,
		       a_fiber_of_a_scheduler_that_is_run_in_another_ones_does_not_join_that);
	tcase_add_test(turns, a_switch_keeps_registers_and_the_rounding_of_each_fiber);
	suite_add_tcase(all, turns);
	tcase_add_checked_fixture(errors, fibers_begin, fibers_end);
	tcase_add_test(errors, a_scheduler_is_freed_when_its_fibers_have_ended_and_are_joined);
	tcase_add_test(errors, fibers_belong_to_their_thread);
	tcase_add_test(errors, a_scheduler_does_not_become_a_later_threads);
	tcase_add_test(errors, mistakes_are_errors);
	tcase_add_test(errors, too_large_a_stack_is_no_memory);
	suite_add_tcase(all, errors);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
