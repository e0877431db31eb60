/* SPDX-License-Identifier: MIT */
#include "tests/di/local_blocks.h"

/* Sets that are undone, and what ends in the wrong order. */

/* ---- Undo ---- */

START_TEST(a_set_is_undone)
{
	struct di_local_undo first, second;

	ck_assert_int_eq(app_user_set_until(counted_new(1), &first, &error), DI_OK);
	ck_assert_int_eq(app_user_set_until(counted_new(2), &second, &error), DI_OK);
	ck_assert_int_eq(user(), 2);
	ck_assert_int_eq(di_local_undo(&second, &error), DI_OK);
	ck_assert_int_eq(user(), 1);
	ck_assert_int_eq(alive, 1);
	set_user(7);
	ck_assert_int_eq(di_local_undo(&first, &error), DI_OK);
	ck_assert_ptr_null(app_user_get());
	ck_assert_int_eq(alive, 0);
}
END_TEST

START_TEST(undoing_leaves_other_names_alone)
{
	struct di_local_undo undo;

	set_a(1);
	ck_assert_int_eq(plain_a_set_until(&numbers[2], &undo, &error), DI_OK);
	set_b(3);
	unset_a();
	ck_assert_int_eq(di_local_undo(&undo, &error), DI_OK);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(b(), 3);
}
END_TEST

START_TEST(a_set_that_is_kept_stays)
{
	struct di_local_undo undo;

	set_user(1);
	ck_assert_int_eq(app_user_set_until(counted_new(2), &undo, &error), DI_OK);
	ck_assert_int_eq(alive, 2);
	ck_assert_int_eq(di_local_keep(&undo, &error), DI_OK);
	ck_assert_int_eq(alive, 1);
	ck_assert_int_eq(user(), 2);
}
END_TEST

START_TEST(sets_end_with_their_block)
{
	struct di_local_block block;
	struct di_local_undo undo;

	set_user(1);
	block = begin(&app);
	ck_assert_int_eq(app_user_set_until(counted_new(2), &undo, &error), DI_OK);
	ck_assert_int_eq(app_owner_set_until(counted_new(3), &undo, &error), DI_OK);
	end(&block);
	ck_assert_int_eq(user(), 1);
	ck_assert_ptr_null(app_owner_get());
	ck_assert_int_eq(alive, 1);
}
END_TEST

START_TEST(a_set_that_failed_is_nothing_to_undo)
{
	struct di_local_block block = begin(&plain);
	const struct di_local old = { DI_ABI + 1, 2, "old", plain__fields, NULL };
	struct di_local_undo undo;

	ck_assert_int_eq(di_local_set_until(&old, 0, &numbers[1], &undo, &error), DI_EABI);
	end(&block);
}
END_TEST

/* ---- Wrong order ---- */

static enum di_status undo_it(void *data, struct di_error *err)
{
	return di_local_undo(data, err);
}

static enum di_status keep_it(void *data, struct di_error *err)
{
	return di_local_keep(data, err);
}

START_TEST(ending_in_the_wrong_order_is_refused_and_changes_nothing)
{
	struct di_local_block outer = begin(&plain), inner;
	struct di_local_undo undo;

	set_a(1);
	inner = begin(&app);
	set_user(2);
	set_a(3);
	misuse_expect(end_it, &outer, DI_EINVAL,
		      "what was begun last ends first, and that is the block of app");
	ck_assert_int_eq(a(), 3);
	ck_assert_int_eq(user(), 2);
	ck_assert_int_eq(plain_a_set_until(&numbers[4], &undo, &error), DI_OK);
	misuse_expect(end_it, &inner, DI_EINVAL,
		      "what was begun last ends first, and that is the set of plain_a");
	ck_assert_int_eq(di_local_undo(&undo, &error), DI_OK);
	ck_assert_int_eq(a(), 3);
	end(&inner);
	end(&outer);
	ck_assert_int_eq(a(), 0);
	ck_assert_int_eq(user(), 0);
}
END_TEST

START_TEST(undoing_in_the_wrong_order_is_refused_and_changes_nothing)
{
	struct di_local_undo first, second;

	ck_assert_int_eq(plain_a_set_until(&numbers[1], &first, &error), DI_OK);
	ck_assert_int_eq(plain_b_set_until(&numbers[2], &second, &error), DI_OK);
	misuse_expect(undo_it, &first, DI_EINVAL,
		      "what was begun last ends first, and that is the set of plain_b");
	misuse_expect(keep_it, &first, DI_EINVAL,
		      "what was begun last ends first, and that is the set of plain_b");
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(b(), 2);
	ck_assert_int_eq(di_local_undo(&second, &error), DI_OK);
	ck_assert_int_eq(di_local_undo(&first, &error), DI_OK);
	ck_assert_int_eq(a(), 0);
}
END_TEST

START_TEST(ending_twice_is_refused_and_changes_nothing)
{
	struct di_local_block block = begin(&plain), copy = block;
	struct di_local_undo undo, undo_copy;

	end(&block);
	set_a(1);
	misuse_expect(end_it, &block, DI_EINVAL,
		      "this block is not open in this flow: it has ended already, or was begun in "
		      "another flow");
	misuse_expect(end_it, &copy, DI_EINVAL, "this block is not open in this flow");
	ck_assert_int_eq(plain_b_set_until(&numbers[2], &undo, &error), DI_OK);
	undo_copy = undo;
	ck_assert_int_eq(di_local_undo(&undo, &error), DI_OK);
	misuse_expect(undo_it, &undo, DI_EINVAL, "this set is not open in this flow");
	misuse_expect(undo_it, &undo_copy, DI_EINVAL, "this set is not open in this flow");
	ck_assert_int_eq(a(), 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local/undo");
	TCase *undo = di_check_case(all, "undo", setup, teardown);
	TCase *order = di_check_case(all, "order", setup, teardown);

	tcase_add_test(undo, a_set_is_undone);
	tcase_add_test(undo, undoing_leaves_other_names_alone);
	tcase_add_test(undo, a_set_that_is_kept_stays);
	tcase_add_test(undo, sets_end_with_their_block);
	tcase_add_test(undo, a_set_that_failed_is_nothing_to_undo);
	tcase_add_test(order, ending_in_the_wrong_order_is_refused_and_changes_nothing);
	tcase_add_test(order, undoing_in_the_wrong_order_is_refused_and_changes_nothing);
	tcase_add_test(order, ending_twice_is_refused_and_changes_nothing);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
