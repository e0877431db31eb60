/* SPDX-License-Identifier: MIT */
#include "integrations/fiber/fiber.h"
#include "tests/di/local_app.h"
#include "tests/support/threads.h"

#include <errno.h>

/*
 * Fibers and context-local values: each fiber has its own, begun as a copy of its maker's, and what
 * it holds is suspended with it.
 */

static struct di_fiber_scheduler *fibers;

static void fibers_begin(void)
{
	watchdog(120);
	setup();
	fibers = di_fiber_scheduler_new(NULL, &error);
	ck_assert_ptr_nonnull(fibers);
}

static void fibers_end(void)
{
	ck_assert_int_eq(di_fiber_scheduler_free(fibers, &error), DI_OK);
	teardown();
	watchdog(0);
}

static struct di_fiber *spawn_with(di_fiber_fn *function, void *data,
				   const struct di_fiber_options *options)
{
	struct di_fiber *fiber = di_fiber_spawn(fibers, function, data, options, &error);

	ck_assert_ptr_nonnull(fiber);
	return fiber;
}

static struct di_fiber *spawn(di_fiber_fn *function, void *data)
{
	return spawn_with(function, data, NULL);
}

static void *join(struct di_fiber *fiber)
{
	void *result = NULL;

	ck_assert_int_eq(di_fiber_join(fiber, &result, &error), DI_OK);
	return result;
}

static void *number_data(int number)
{
	return (void *)(intptr_t)number;
}

static int join_number(struct di_fiber *fiber)
{
	return (int)(intptr_t)join(fiber);
}

/* ---- Each its own ---- */

static void *set_and_yield(void *data)
{
	int number = (int)(intptr_t)data, i;

	set_a(number);
	for (i = 10 - number; i > 0; i--)
		di_fiber_yield();
	return number_data(a());
}

START_TEST(what_fibers_set_at_once_does_not_meet)
{
	struct di_fiber *setters[10];
	int i;

	for (i = 1; i < 10; i++)
		setters[i] = spawn(set_and_yield, number_data(i));
	ck_assert_int_eq(di_fiber_run(fibers, &error), DI_OK);
	for (i = 1; i < 10; i++)
		ck_assert_int_eq(join_number(setters[i]), i);
	ck_assert_int_eq(a(), 0);
}
END_TEST

static void *see_user(void *data)
{
	int seen = user();

	set_user((int)(intptr_t)data);
	di_fiber_yield();
	ck_assert_int_eq(user(), (int)(intptr_t)data);
	return number_data(seen);
}

static void *make_child(void *data)
{
	struct di_fiber *child;
	int seen;

	ck_assert_int_eq(user(), 1);
	set_user(2);
	child = spawn(see_user, number_data(5));
	/* Made, but it has not begun: its copy is of when it was made. */
	set_user(3);
	seen = join_number(child);
	ck_assert_int_eq(user(), 3);
	*(int *)data = seen;
	return NULL;
}

START_TEST(a_child_starts_from_a_copy_of_its_makers_values)
{
	int seen = 0;

	set_user(1);
	join(spawn(make_child, &seen));
	ck_assert_int_eq(seen, 2);
	ck_assert_int_eq(user(), 1);
	ck_assert_int_eq(alive, 1);
}
END_TEST

START_TEST(a_child_may_start_with_nothing)
{
	const struct di_fiber_options empty = { .abi = DI_ABI, .empty = 1 };

	set_user(1);
	ck_assert_int_eq(join_number(spawn_with(see_user, number_data(4), &empty)), 0);
	ck_assert_int_eq(user(), 1);
}
END_TEST

START_TEST(a_child_may_start_with_what_was_captured)
{
	struct di_capture *capture;
	struct di_fiber_options options = { .abi = DI_ABI };
	struct di_fiber *child;

	set_user(1);
	capture = di_flow_capture(&error);
	set_user(2);
	options.capture = capture;
	child = spawn_with(see_user, number_data(4), &options);
	di_capture_free(capture);
	ck_assert_int_eq(join_number(child), 1);
	ck_assert_int_eq(user(), 2);
}
END_TEST

START_TEST(values_end_with_the_last_fiber_that_has_them)
{
	struct di_fiber *child;

	set_user(1);
	child = spawn(see_user, number_data(2));
	ck_assert_int_eq(app_user_unset(&error), DI_OK);
	ck_assert_int_eq(alive, 1);
	di_fiber_run_ready(fibers);
	/* The child's own has come in the place of the one that it had from here. */
	ck_assert_int_eq(alive, 1);
	ck_assert_int_eq(join_number(child), 1);
	ck_assert_int_eq(alive, 0);
}
END_TEST

/* ---- Blocks and calls ---- */

static void *hold_a_block(void *data)
{
	int number = (int)(intptr_t)data;
	struct di_local_block block;

	set_a(number);
	set_b(number);
	ck_assert_int_eq(di_local_begin(&plain, &block, &error), DI_OK);
	set_a(number + 1);
	set_user(number);
	di_fiber_yield();
	ck_assert_int_eq(a(), number + 1);
	ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
	ck_assert_int_eq(a(), number);
	/* Only the namespace of the block is put back. */
	ck_assert_int_eq(user(), number);
	return NULL;
}

START_TEST(a_block_is_held_while_others_run)
{
	struct di_fiber *one = spawn(hold_a_block, number_data(1));
	struct di_fiber *two = spawn(hold_a_block, number_data(5));
	struct di_local_block block;

	set_a(9);
	ck_assert_int_eq(di_local_begin(&plain, &block, &error), DI_OK);
	set_a(8);
	di_fiber_run_ready(fibers);
	ck_assert_int_eq(a(), 8);
	ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
	ck_assert_int_eq(a(), 9);
	join(one);
	join(two);
	ck_assert_int_eq(a(), 9);
}
END_TEST

static struct di_local_block shared;

static enum di_status end_it(void *data, struct di_error *err)
{
	return di_local_end(data, err);
}

static void *end_wrong_blocks(void *data)
{
	struct di_local_block own, inner;

	set_a(1);
	ck_assert_int_eq(di_local_begin(&plain, &own, &error), DI_OK);
	ck_assert_int_eq(di_local_begin(&plain, &inner, &error), DI_OK);
	misuse_expect(end_it, &shared, DI_EINVAL, "this block is not open in this flow");
	misuse_expect(end_it, &own, DI_EINVAL, "what was begun last ends first");
	di_fiber_yield();
	misuse_expect(end_it, &own, DI_EINVAL, "what was begun last ends first");
	ck_assert_int_eq(di_local_end(&inner, &error), DI_OK);
	ck_assert_int_eq(di_local_end(&own, &error), DI_OK);
	ck_assert_int_eq(a(), 1);
	return data;
}

START_TEST(blocks_of_other_fibers_and_the_wrong_order_are_refused)
{
	set_a(3);
	ck_assert_int_eq(di_local_begin(&plain, &shared, &error), DI_OK);
	set_a(4);
	join(spawn(end_wrong_blocks, NULL));
	ck_assert_int_eq(a(), 4);
	ck_assert_int_eq(di_local_end(&shared, &error), DI_OK);
	ck_assert_int_eq(a(), 3);
}
END_TEST

static void *leave_a_block(void *data)
{
	struct di_local_block block;

	set_user(2);
	ck_assert_int_eq(di_local_begin(&app, &block, &error), DI_OK);
	set_user(3);
	return data;
}

START_TEST(what_a_fiber_leaves_open_ends_with_it)
{
	set_user(1);
	join(spawn(leave_a_block, NULL));
	ck_assert_int_eq(alive, 1);
	ck_assert_int_eq(user(), 1);
}
END_TEST

static void change_and_yield(void *data)
{
	(void)data;
	ck_assert_int_eq(a(), 1);
	set_a(2);
	set_user(2);
	di_fiber_yield();
	ck_assert_int_eq(a(), 2);
	set_a(3);
}

/* Stays in its caller's fiber, and gives it nothing but what it is told to. */
static void *call_isolated(void *data)
{
	struct di_fiber *self = di_fiber_current();

	set_a(1);
	ck_assert_int_eq(di_local_call(&plain, change_and_yield, NULL, &error), DI_OK);
	ck_assert_ptr_eq(di_fiber_current(), self);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(user(), 2);
	return data;
}

START_TEST(an_isolated_call_that_is_suspended_stays_in_its_callers_fiber)
{
	struct di_fiber *one = spawn(call_isolated, NULL), *two = spawn(call_isolated, NULL);

	set_a(7);
	ck_assert_int_eq(di_fiber_run(fibers, &error), DI_OK);
	ck_assert_int_eq(a(), 7);
	join(one);
	join(two);
}
END_TEST

static void *call_plainly(void *data)
{
	set_a(1);
	change_and_yield(data);
	return number_data(a());
}

START_TEST(a_plain_call_that_is_suspended_shares_its_callers_values)
{
	ck_assert_int_eq(join_number(spawn(call_plainly, NULL)), 3);
}
END_TEST

static void suspend_isolated(void *data)
{
	set_a(2);
	*(enum di_status *)data = di_fiber_suspend(NULL);
	/* Cancelled or not, what it has is its own. */
	ck_assert_int_eq(a(), 2);
	set_user(4);
}

static void *be_cancelled(void *data)
{
	enum di_status status = DI_OK;

	set_a(1);
	ck_assert_int_eq(di_local_call(&plain, suspend_isolated, &status, &error), DI_OK);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(user(), 4);
	return status == DI_ECANCELLED ? data : NULL;
}

START_TEST(cancelling_inside_an_isolated_call_undoes_what_it_has_set)
{
	int data = 0;
	struct di_fiber *fiber = spawn(be_cancelled, &data);

	di_fiber_run_ready(fibers);
	di_fiber_cancel(fiber);
	ck_assert_ptr_eq(join(fiber), &data);
	ck_assert_int_eq(alive, 0);
}
END_TEST

/* ---- Generators ---- */

/* One whose steps are suspended: it counts from what it is sent. */
struct counter {
	int at;
};

static enum di_turn count(void *data, const struct di_message *message, struct di_answer *answer)
{
	struct counter *self = data;

	di_fiber_yield();
	if (message->kind == DI_MESSAGE_CLOSE) {
		ck_assert_int_eq(a(), self->at);
		return di_generator_pass(message, answer);
	}
	if (message->kind == DI_MESSAGE_THROW)
		self->at = message->error == ERANGE ? 1 : self->at;
	else if (message->value != NULL)
		self->at = *(const int *)message->value;
	else if (self->at == 5)
		return DI_TURN_RETURN;
	else
		self->at++;
	set_a(self->at);
	di_fiber_yield();
	ck_assert_int_eq(a(), self->at);
	answer->value = (void *)(uintptr_t)&numbers[self->at];
	return DI_TURN_YIELD;
}

static int value_of(const struct di_answer *answer)
{
	return *(const int *)answer->value;
}

static void *consume(void *data)
{
	struct counter counter = { (int)(intptr_t)data };
	struct di_generator *generator;
	struct di_answer answer;
	int sum = 0;

	set_a(9);
	generator = di_generator_new(&plain, DI_AT_CREATION, count, &counter, &error);
	while (di_generator_next(generator, &answer, &error) == DI_TURN_YIELD) {
		sum += value_of(&answer);
		/* The consumer's values are its own, also between the generator's suspensions. */
		ck_assert_int_eq(a(), 9);
		di_fiber_yield();
	}
	ck_assert_int_eq(a(), 9);
	ck_assert_int_eq(di_generator_free(generator, &error), DI_OK);
	return number_data(sum);
}

START_TEST(generators_whose_steps_are_suspended_keep_their_own_values)
{
	struct di_fiber *one = spawn(consume, number_data(0)),
			*two = spawn(consume, number_data(2));

	set_a(8);
	ck_assert_int_eq(di_fiber_run(fibers, &error), DI_OK);
	ck_assert_int_eq(join_number(one), 15);
	ck_assert_int_eq(join_number(two), 12);
	ck_assert_int_eq(a(), 8);
}
END_TEST

static void *send_throw_and_close(void *data)
{
	struct counter counter = { 0 };
	struct di_generator *generator =
		di_generator_new(&plain, DI_AT_CREATION, count, &counter, &error);
	struct di_answer answer;

	set_a(7);
	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(value_of(&answer), 1);
	ck_assert_int_eq(
		di_generator_send(generator, (void *)(uintptr_t)&numbers[4], &answer, &error),
		DI_TURN_YIELD);
	ck_assert_int_eq(value_of(&answer), 4);
	ck_assert_int_eq(di_generator_throw(generator, ERANGE, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(value_of(&answer), 1);
	ck_assert_int_eq(a(), 7);
	ck_assert_int_eq(di_generator_close(generator, &answer, &error), DI_TURN_RETURN);
	ck_assert_int_eq(a(), 7);
	ck_assert_int_eq(di_generator_free(generator, &error), DI_OK);
	return data;
}

START_TEST(such_generators_are_sent_thrown_at_and_closed)
{
	struct di_fiber *one = spawn(send_throw_and_close, NULL);
	struct di_fiber *two = spawn(send_throw_and_close, NULL);

	ck_assert_int_eq(di_fiber_run(fibers, &error), DI_OK);
	join(one);
	join(two);
}
END_TEST

static struct di_generator *in_common;

static void *step_in_common(void *data)
{
	struct di_error err = { 0 };
	struct di_answer answer;

	if (di_generator_next(in_common, &answer, &err) == DI_TURN_REFUSED)
		ck_assert_str_eq(err.detail, "the generator is running");
	*(enum di_status *)data = err.status;
	return NULL;
}

START_TEST(a_step_that_is_suspended_is_not_begun_again_by_another_fiber)
{
	enum di_status statuses[2] = { DI_OK, DI_OK };
	struct counter counter = { 0 };
	struct di_fiber *one, *two;

	in_common = di_generator_new(&plain, DI_AT_CREATION, count, &counter, &error);
	one = spawn(step_in_common, &statuses[0]);
	two = spawn(step_in_common, &statuses[1]);
	ck_assert_int_eq(di_fiber_run(fibers, &error), DI_OK);
	ck_assert_int_eq(statuses[0], DI_OK);
	ck_assert_int_eq(statuses[1], DI_EBUSY);
	join(one);
	join(two);
	/* Outside of fibers its steps are not suspended. */
	ck_assert_int_eq(di_generator_free(in_common, &error), DI_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/local");
	TCase *own = tcase_create("each its own"), *blocks = tcase_create("blocks and calls");
	TCase *generators = tcase_create("generators");

	tcase_add_checked_fixture(own, fibers_begin, fibers_end);
	tcase_add_test(own, what_fibers_set_at_once_does_not_meet);
	tcase_add_test(own, a_child_starts_from_a_copy_of_its_makers_values);
	tcase_add_test(own, a_child_may_start_with_nothing);
	tcase_add_test(own, a_child_may_start_with_what_was_captured);
	tcase_add_test(own, values_end_with_the_last_fiber_that_has_them);
	suite_add_tcase(all, own);
	tcase_add_checked_fixture(blocks, fibers_begin, fibers_end);
	tcase_add_test(blocks, a_block_is_held_while_others_run);
	tcase_add_test(blocks, blocks_of_other_fibers_and_the_wrong_order_are_refused);
	tcase_add_test(blocks, what_a_fiber_leaves_open_ends_with_it);
	tcase_add_test(blocks, an_isolated_call_that_is_suspended_stays_in_its_callers_fiber);
	tcase_add_test(blocks, a_plain_call_that_is_suspended_shares_its_callers_values);
	tcase_add_test(blocks, cancelling_inside_an_isolated_call_undoes_what_it_has_set);
	suite_add_tcase(all, blocks);
	tcase_add_checked_fixture(generators, fibers_begin, fibers_end);
	tcase_add_test(generators, generators_whose_steps_are_suspended_keep_their_own_values);
	tcase_add_test(generators, such_generators_are_sent_thrown_at_and_closed);
	tcase_add_test(generators, a_step_that_is_suspended_is_not_begun_again_by_another_fiber);
	suite_add_tcase(all, generators);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
