/* SPDX-License-Identifier: MIT */
#include "tests/di/local_blocks.h"

/* Isolated calls. */

static void change_all(void *data)
{
	ck_assert_int_eq(a(), 1);
	set_a(2);
	unset_a();
	set_b(*(const int *)data);
	set_user(2);
}

START_TEST(what_an_isolated_call_changes_does_not_reach_the_caller)
{
	int number = 5;

	set_a(1);
	set_user(1);
	ck_assert_int_eq(di_local_call(&plain, change_all, &number, &error), DI_OK);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(b(), 0);
	ck_assert_int_eq(user(), 2);
}
END_TEST

static void descend(void *data)
{
	int *depths = data, depth = a();

	depths[depth] = depth;
	set_a(depth + 1);
	if (depth < 4)
		ck_assert_int_eq(di_local_call(&plain, descend, data, &error), DI_OK);
	ck_assert_int_eq(a(), depth + 1);
}

START_TEST(isolated_calls_nest_each_from_its_callers_values)
{
	int depths[5] = { 0 }, i;

	set_a(1);
	ck_assert_int_eq(di_local_call(&plain, descend, depths, &error), DI_OK);
	for (i = 1; i < 5; i++)
		ck_assert_int_eq(depths[i], i);
	ck_assert_int_eq(a(), 1);
}
END_TEST

static void set_plainly(void)
{
	set_a(6);
}

START_TEST(a_plain_function_shares_its_callers_values)
{
	set_plainly();
	ck_assert_int_eq(a(), 6);
}
END_TEST

START_TEST(nothing_is_left_of_isolated_calls)
{
	unsigned long blocks;
	int i, number = 5;

	set_a(1);
	set_user(1);
	blocks = memory.live;
	for (i = 0; i < 10; i++) {
		ck_assert_int_eq(di_local_call(&plain, change_all, &number, &error), DI_OK);
		ck_assert_uint_eq(memory.live, blocks);
	}
}
END_TEST

static void leave_open(void *data)
{
	struct di_local_undo undo;

	(void)data;
	begin(&plain);
	set_a(3);
	begin(&app);
	set_user(3);
	ck_assert_int_eq(plain_b_set_until(&numbers[4], &undo, &error), DI_OK);
}

static enum di_status call_careless(void *data, struct di_error *err)
{
	(void)data;
	return di_local_call(&plain, leave_open, NULL, err);
}

static enum di_status call_nothing(void *data, struct di_error *err)
{
	(void)data;
	return di_local_call(&plain, NULL, NULL, err);
}

START_TEST(what_a_call_leaves_open_is_ended_and_an_error)
{
	set_a(1);
	set_user(1);
	misuse_expect(call_careless, NULL, DI_EINVAL,
		      "the function has left 3 of what it began open");
	misuse_expect(call_nothing, NULL, DI_EINVAL, "there is no function to call");
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(b(), 0);
	ck_assert_int_eq(user(), 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local/call");
	TCase *calls = di_check_case(all, "calls", setup, teardown);

	tcase_add_test(calls, what_an_isolated_call_changes_does_not_reach_the_caller);
	tcase_add_test(calls, isolated_calls_nest_each_from_its_callers_values);
	tcase_add_test(calls, a_plain_function_shares_its_callers_values);
	tcase_add_test(calls, nothing_is_left_of_isolated_calls);
	tcase_add_test(calls, what_a_call_leaves_open_is_ended_and_an_error);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
