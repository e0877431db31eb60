/* SPDX-License-Identifier: MIT */
#include "tests/di/local_blocks.h"

/* Blocks of context-local values. */

static void count(void *data, const char *name, const struct di_type *type, const void *value)
{
	(void)data;
	(void)type;
	(void)value;
	journal_write("%s", name);
}

/* ---- Blocks ---- */

START_TEST(a_block_sees_what_is_outside_and_undoes_what_happens_inside)
{
	struct di_local_block block;

	set_a(1);
	block = begin(&plain);
	ck_assert_int_eq(a(), 1);
	set_a(2);
	set_b(3);
	ck_assert_int_eq(a(), 2);
	end(&block);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(b(), 0);
}
END_TEST

START_TEST(what_is_unset_in_a_block_is_hidden_until_its_end)
{
	struct di_local_block block;

	set_a(1);
	block = begin(&plain);
	unset_a();
	ck_assert_ptr_null(plain_a_get());
	ck_assert_int_eq(plain_a_unset(&error), DI_ENOVALUE);
	end(&block);
	ck_assert_int_eq(a(), 1);
}
END_TEST

START_TEST(what_is_unset_set_and_unset_again_does_not_show_the_outer_value)
{
	struct di_local_block block;

	set_a(1);
	block = begin(&plain);
	unset_a();
	set_a(2);
	ck_assert_int_eq(a(), 2);
	unset_a();
	ck_assert_ptr_null(plain_a_get());
	end(&block);
	ck_assert_int_eq(a(), 1);
}
END_TEST

START_TEST(a_block_within_one_that_has_unset_a_value_may_set_its_own)
{
	struct di_local_block outer, inner;

	set_a(1);
	outer = begin(&plain);
	unset_a();
	inner = begin(&plain);
	ck_assert_ptr_null(plain_a_get());
	set_a(3);
	ck_assert_int_eq(a(), 3);
	end(&inner);
	ck_assert_ptr_null(plain_a_get());
	end(&outer);
	ck_assert_int_eq(a(), 1);
}
END_TEST

START_TEST(blocks_nest_as_deep_as_one_likes)
{
	struct di_local_block blocks[9];
	int i;

	for (i = 0; i < 9; i++) {
		blocks[i] = begin(&plain);
		ck_assert_int_eq(a(), i == 0 ? 0 : i);
		set_a(i + 1);
	}
	for (i = 8; i >= 0; i--) {
		ck_assert_int_eq(a(), i + 1);
		end(&blocks[i]);
	}
	ck_assert_int_eq(a(), 0);
}
END_TEST

START_TEST(blocks_of_two_namespaces_interleave_and_isolate_one_each)
{
	struct di_local_block one, two, three, four;

	set_a(1);
	set_user(1);
	one = begin(&plain);
	set_a(2);
	set_user(2);
	two = begin(&app);
	set_a(3);
	set_user(3);
	three = begin(&plain);
	set_a(4);
	set_user(4);
	four = begin(&app);
	set_a(5);
	set_user(5);
	end(&four);
	ck_assert_int_eq(a() * 10 + user(), 54);
	end(&three);
	ck_assert_int_eq(a() * 10 + user(), 34);
	end(&two);
	ck_assert_int_eq(a() * 10 + user(), 32);
	end(&one);
	ck_assert_int_eq(a() * 10 + user(), 12);
}
END_TEST

START_TEST(listing_leaves_out_what_is_unset_and_what_was_set_further_in)
{
	struct di_local_block outer, inner;

	set_a(1);
	outer = begin(&plain);
	unset_a();
	ck_assert_uint_eq(di_local_each(&plain, count, NULL), 0);
	inner = begin(&plain);
	set_b(2);
	di_local_each(&plain, count, NULL);
	journal_expect("plain_b");
	end(&inner);
	ck_assert_uint_eq(di_local_each(&plain, count, NULL), 0);
	end(&outer);
	di_local_each(&plain, count, NULL);
	journal_expect("plain_a");
}
END_TEST

START_TEST(a_value_is_shared_with_blocks_and_what_it_points_to_is_not_isolated)
{
	struct di_local_block block;

	set_user(1);
	block = begin(&app);
	app_user_get()->number = 2;
	end(&block);
	ck_assert_int_eq(user(), 2);
}
END_TEST

START_TEST(values_end_when_neither_a_block_nor_what_is_outside_holds_them)
{
	struct di_local_block block;

	set_user(1);
	block = begin(&app);
	set_user(2);
	ck_assert_int_eq(alive, 2);
	set_user(3);
	ck_assert_int_eq(alive, 2);
	ck_assert_int_eq(app_user_unset(&error), DI_OK);
	ck_assert_int_eq(alive, 1);
	set_user(4);
	end(&block);
	ck_assert_int_eq(alive, 1);
	ck_assert_int_eq(user(), 1);
}
END_TEST

static int left;

static void look_at_end(int *value)
{
	(void)value;
	left = a();
}

#define LOOKING(X) X(looking_value, int, look_at_end)

DI_LOCAL_DECLARE(looking, LOOKING);
DI_LOCAL_DEFINE_IN(looking, LOOKING, &counting);

START_TEST(values_end_when_everything_is_as_it_was_before_the_block)
{
	struct di_local_block outer = begin(&looking), inner;
	int value = 1;

	set_a(1);
	inner = begin(&looking);
	ck_assert_int_eq(looking_value_set(&value, &error), DI_OK);
	ck_assert_int_eq(left, 0);
	end(&inner);
	ck_assert_int_eq(left, 1);
	end(&outer);
}
END_TEST

static enum di_status begin_nothing(void *data, struct di_error *err)
{
	return di_local_begin(NULL, data, err);
}

START_TEST(a_block_of_no_namespace_is_refused)
{
	struct di_local_block block;

	misuse_expect(begin_nothing, &block, DI_EINVAL, "there is no namespace");
}
END_TEST

/* ---- Blocks of C ---- */

START_TEST(a_block_of_C_ends_at_its_end)
{
	set_a(1);
	DI_WITH_LOCAL (&plain, &error) {
		set_a(2);
		DI_WITH_LOCAL (&plain, NULL)
			set_a(3);
		ck_assert_int_eq(a(), 2);
	}
	ck_assert_int_eq(a(), 1);
}
END_TEST

static int leave_by_return(void)
{
	DI_WITH_LOCAL (&plain, &error) {
		set_a(2);
		return a() + 10;
	}
	return -1;
}

START_TEST(a_block_of_C_ends_however_it_is_left)
{
	int i;

	set_a(1);
	ck_assert_int_eq(leave_by_return(), 12);
	ck_assert_int_eq(a(), 1);
	for (i = 0; i < 2; i++) {
		DI_WITH_LOCAL (&plain, &error) {
			set_a(3);
			if (i == 0)
				continue;
			break;
		}
		ck_assert_int_eq(a(), 1);
	}
	DI_WITH_LOCAL (&plain, &error) {
		set_a(4);
		goto out;
	}
	ck_abort();
out:
	ck_assert_int_eq(a(), 1);
}
END_TEST

START_TEST(a_block_of_C_that_cannot_begin_does_not_run)
{
	const struct di_local old = { DI_ABI + 1, 0, "old", NULL, NULL };

	DI_WITH_LOCAL (&old, &error)
		ck_abort_msg("it ran");
	ck_assert_int_eq(error.status, DI_EABI);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local/block");
	TCase *blocks = di_check_case(all, "blocks", setup, teardown);
	TCase *with = di_check_case(all, "blocks of C", setup, teardown);

	tcase_add_test(blocks, a_block_sees_what_is_outside_and_undoes_what_happens_inside);
	tcase_add_test(blocks, what_is_unset_in_a_block_is_hidden_until_its_end);
	tcase_add_test(blocks, what_is_unset_set_and_unset_again_does_not_show_the_outer_value);
	tcase_add_test(blocks, a_block_within_one_that_has_unset_a_value_may_set_its_own);
	tcase_add_test(blocks, blocks_nest_as_deep_as_one_likes);
	tcase_add_test(blocks, blocks_of_two_namespaces_interleave_and_isolate_one_each);
	tcase_add_test(blocks, listing_leaves_out_what_is_unset_and_what_was_set_further_in);
	tcase_add_test(blocks, a_value_is_shared_with_blocks_and_what_it_points_to_is_not_isolated);
	tcase_add_test(blocks, values_end_when_neither_a_block_nor_what_is_outside_holds_them);
	tcase_add_test(blocks, values_end_when_everything_is_as_it_was_before_the_block);
	tcase_add_test(blocks, a_block_of_no_namespace_is_refused);
	tcase_add_test(with, a_block_of_C_ends_at_its_end);
	tcase_add_test(with, a_block_of_C_ends_however_it_is_left);
	tcase_add_test(with, a_block_of_C_that_cannot_begin_does_not_run);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
