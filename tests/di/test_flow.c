/* SPDX-License-Identifier: MIT */
#include "di/di.h"

#include "tests/support/check_main.h"
#include "tests/support/threads.h"

static void *tell_number(void *number)
{
	*(uint64_t *)number = di_flow_number(di_flow_current());
	return NULL;
}

START_TEST(flows_have_numbers_that_are_never_used_again)
{
	uint64_t mine = di_flow_number(di_flow_current()), first = 0, second = 0;

	thread_join(thread_start(tell_number, &first, 0));
	thread_join(thread_start(tell_number, &second, 0));
	ck_assert_uint_ne(mine, 0);
	ck_assert_uint_ne(first, 0);
	ck_assert_uint_ne(first, mine);
	ck_assert_uint_ne(second, mine);
	ck_assert_uint_ne(second, first);
	ck_assert_uint_eq(di_flow_number(di_flow_current()), mine);
}
END_TEST

START_TEST(no_flow_has_the_number_0)
{
	ck_assert_uint_eq(di_flow_number(NULL), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/flow");
	TCase *tcase = tcase_create("numbers");

	tcase_add_test(tcase, flows_have_numbers_that_are_never_used_again);
	tcase_add_test(tcase, no_flow_has_the_number_0);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
