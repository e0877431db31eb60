/* SPDX-License-Identifier: MIT */
#include "tests/di/local_app.h"

/*
 * Flows that a scheduler would swap: their values and blocks hang off the flow, so that a block
 * that is held while another flow runs is as it was when its flow runs again.
 */

static struct di_flow *first, *second, *of_thread;

static struct di_flow *flow_new(void)
{
	const struct di_flow_options options = { .abi = DI_ABI };

	return di_flow_new(&options, &error);
}

static void flow_setup(void)
{
	setup();
	of_thread = di_flow_current();
	first = flow_new();
	second = flow_new();
}

static void swap(struct di_flow *flow)
{
	ck_assert_ptr_nonnull(di_flow_swap(flow));
}

static void flow_teardown(void)
{
	swap(of_thread);
	di_flow_free(first, NULL);
	di_flow_free(second, NULL);
	teardown();
}

START_TEST(a_block_held_over_a_swap_is_right)
{
	struct di_local_block one, two;

	swap(first);
	set_a(1);
	ck_assert_int_eq(di_local_begin(&plain, &one, &error), DI_OK);
	set_a(2);
	swap(second);
	ck_assert_ptr_null(plain_a_get());
	set_a(5);
	ck_assert_int_eq(di_local_begin(&plain, &two, &error), DI_OK);
	set_a(6);
	swap(first);
	ck_assert_int_eq(a(), 2);
	ck_assert_int_eq(di_local_end(&one, &error), DI_OK);
	ck_assert_int_eq(a(), 1);
	swap(second);
	ck_assert_int_eq(a(), 6);
	ck_assert_int_eq(di_local_end(&two, &error), DI_OK);
	ck_assert_int_eq(a(), 5);
	swap(of_thread);
	ck_assert_ptr_null(plain_a_get());
}
END_TEST

START_TEST(a_child_flow_starts_from_its_parents_values)
{
	struct di_local_block block;

	swap(first);
	set_user(1);
	ck_assert_int_eq(di_local_begin(&app, &block, &error), DI_OK);
	set_user(2);
	di_flow_free(second, NULL);
	second = flow_new();
	swap(second);
	ck_assert_int_eq(user(), 2);
	set_user(3);
	swap(first);
	ck_assert_int_eq(user(), 2);
	ck_assert_int_eq(alive, 3);
	ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
	ck_assert_int_eq(user(), 1);
	ck_assert_int_eq(alive, 2);
	swap(second);
	ck_assert_int_eq(user(), 3);
}
END_TEST

static struct di_answer answer;

static enum di_turn step(void *data, const struct di_message *message, struct di_answer *reply)
{
	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, reply);
	if (a() != 4)
		set_a(4);
	/* A scheduler takes the flow away in the middle of the step. */
	swap(data);
	ck_assert_int_eq(a(), 7);
	swap(first);
	ck_assert_int_eq(a(), 4);
	return DI_TURN_YIELD;
}

START_TEST(a_step_held_over_a_swap_is_right)
{
	struct di_generator *generator =
		di_generator_new(&plain, DI_AT_CREATION, step, second, &error);

	swap(second);
	set_a(7);
	swap(first);
	set_a(1);
	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(di_generator_next(generator, &answer, &error), DI_TURN_YIELD);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(di_generator_free(generator, &error), DI_OK);
}
END_TEST

static void hold_in_a_run(void *data)
{
	(void)data;
	set_a(3);
	swap(second);
	ck_assert_int_eq(a(), 7);
	swap(first);
	ck_assert_int_eq(a(), 3);
}

START_TEST(a_run_held_over_a_swap_is_right)
{
	struct di_capture *capture;

	swap(second);
	set_a(7);
	swap(first);
	set_a(1);
	capture = di_flow_capture(&error);
	ck_assert_int_eq(di_flow_run(capture, hold_in_a_run, NULL, &error), DI_OK);
	ck_assert_int_eq(a(), 1);
	di_capture_free(capture);
}
END_TEST

START_TEST(a_flow_that_ends_gives_up_everything)
{
	struct di_local_block block;

	swap(first);
	set_user(1);
	ck_assert_int_eq(di_local_begin(&app, &block, &error), DI_OK);
	set_user(2);
	di_flow_free(second, NULL);
	second = flow_new();
	swap(of_thread);
	ck_assert_int_eq(di_flow_free(first, &error), DI_OK);
	first = NULL;
	ck_assert_int_eq(alive, 1);
	ck_assert_int_eq(di_flow_free(second, &error), DI_OK);
	second = NULL;
	ck_assert_int_eq(alive, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/locals");
	TCase *flows = tcase_create("flows");

	tcase_add_checked_fixture(flows, flow_setup, flow_teardown);
	tcase_add_test(flows, a_block_held_over_a_swap_is_right);
	tcase_add_test(flows, a_child_flow_starts_from_its_parents_values);
	tcase_add_test(flows, a_step_held_over_a_swap_is_right);
	tcase_add_test(flows, a_run_held_over_a_swap_is_right);
	tcase_add_test(flows, a_flow_that_ends_gives_up_everything);
	suite_add_tcase(all, flows);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
