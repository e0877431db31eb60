/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/support/fixture.h"

#include <errno.h>

/*
 * Products that are made for products: where they have ended, the next ones have their memory.
 */

PART(first)
PART_OF_1(second)
PART_OF_1(third)
PART_OF_2(twins)
PART_OF_1(keeper)

/* clang-format off */
#define APP(X) \
	X(factory,          app_first,  struct part, (first_new),                        first_end) \
	X(factory,          app_second, struct part, (second_new, app_first),            second_end) \
	X(factory,          app_third,  struct part, (third_new, app_second),            third_end) \
	X(factory,          app_twins,  struct part, (twins_new, app_second, app_second), twins_end) \
	X(context_resource, app_keeper, struct part, (keeper_new, app_third),            keeper_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	container_end();
}

static void close_and_open_again(void)
{
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
}

static int all_alive(void)
{
	return parts_alive("first") + parts_alive("second") + parts_alive("third") +
	       parts_alive("twins") + parts_alive("keeper");
}

/* Both rounds of each of these are made of what the first has left. */
START_TEST(each_is_made_and_ended_like_the_first)
{
	int i;

	for (i = 0; i < 3; i++) {
		journal_clear();
		ck_assert_ptr_nonnull(app_third_get(request, &error));
		ck_assert_ptr_nonnull(app_twins_get(request, &error));
		close_and_open_again();
		journal_expect("created first", "created second from first",
			       "created third from second", "created first",
			       "created second from first", "created first",
			       "created second from first", "created twins from second second",
			       "ended twins done", "ended second done", "ended first done",
			       "ended second done", "ended first done", "ended third done",
			       "ended second done", "ended first done");
	}
}
END_TEST

START_TEST(making_and_ending_again_and_again_takes_no_memory)
{
	struct part *other = app_second_get(request, &error);
	size_t size = 0;
	int i;

	for (i = 0; i < 100; i++) {
		struct part *third = app_third_get(request, &error);
		struct part *twins = app_twins_get(request, &error);

		ck_assert_ptr_nonnull(app_keeper_get(request, &error));
		expect_ok(app_third_drop(request, third, &error));
		expect_ok(app_second_drop(request, other, &error));
		other = app_second_get(request, &error);
		expect_ok(app_twins_drop(request, twins, &error));
		expect_ok(di_reset(request, &app_keeper, &error));
		if (i == 2)
			size = request->arena.size;
	}
	ck_assert_uint_gt(size, 0);
	ck_assert_uint_eq(request->arena.size, size);
}
END_TEST

START_TEST(dropping_ends_all_that_was_made_for_it)
{
	struct part *other = app_third_get(request, &error);
	int i;

	for (i = 0; i < 3; i++) {
		struct part *third = app_third_get(request, &error);

		expect_error(app_second_drop(request, third->needs[0], &error), DI_EBUSY);
		journal_clear();
		expect_ok(app_third_drop(request, third, &error));
		journal_expect("ended third done", "ended second done", "ended first done");
		ck_assert_int_eq(all_alive(), 3);
	}
	expect_ok(app_third_drop(request, other, &error));
	ck_assert_int_eq(all_alive(), 0);
}
END_TEST

START_TEST(resetting_ends_all_that_was_made_for_the_value)
{
	int i;

	for (i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(app_keeper_get(request, &error));
		ck_assert_int_eq(all_alive(), 4);
		journal_clear();
		expect_ok(di_reset(request, &app_keeper, &error));
		journal_expect("ended keeper done", "ended third done", "ended second done",
			       "ended first done");
		ck_assert_int_eq(all_alive(), 0);
	}
}
END_TEST

START_TEST(failure_at_any_depth_ends_what_was_made)
{
	static const char *const names[] = { "first", "second", "third", "keeper" };
	int i;

	for (i = 0; i < 3; i++) {
		parts_fail_new(names[_i], EIO, 1);
		expect_null(app_keeper_get(request, &error), DI_ECREATE);
		expect_text("app_keeper");
		ck_assert_int_eq(all_alive(), 0);
		ck_assert_ptr_null(di__flow_get()->run);
		ck_assert_ptr_nonnull(app_keeper_get(request, &error));
		ck_assert_int_eq(all_alive(), 4);
		close_and_open_again();
		ck_assert_int_eq(all_alive(), 0);
	}
}
END_TEST

START_TEST(what_is_overridden_is_made_for_nothing)
{
	struct part own = { .name = "own", .alive = 1 };
	int i;

	for (i = 0; i < 3; i++) {
		struct part *third;

		ck_assert_ptr_nonnull(app_third_get(request, &error));
		close_and_open_again();
		expect_ok(app_second_override(request, &own, &error));
		third = app_third_get(request, &error);
		ck_assert_ptr_eq(third->needs[0], &own);
		ck_assert_int_eq(all_alive(), 1);
		close_and_open_again();
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/direct_parts");
	TCase *tcase = tcase_create("products of products");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, each_is_made_and_ended_like_the_first);
	tcase_add_test(tcase, making_and_ending_again_and_again_takes_no_memory);
	tcase_add_test(tcase, dropping_ends_all_that_was_made_for_it);
	tcase_add_test(tcase, resetting_ends_all_that_was_made_for_the_value);
	tcase_add_loop_test(tcase, failure_at_any_depth_ends_what_was_made, 0, 4);
	tcase_add_test(tcase, what_is_overridden_is_made_for_nothing);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
