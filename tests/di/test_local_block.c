/* SPDX-License-Identifier: MIT */
#include "tests/di/local_app.h"
#include "tests/support/threads.h"

/* Blocks, isolated calls, and sets that are undone. */

static struct di_local_block begin(const struct di_local *space)
{
	struct di_local_block block;

	ck_assert_int_eq(di_local_begin(space, &block, &error), DI_OK);
	return block;
}

static void end(struct di_local_block *block)
{
	ck_assert_msg(di_local_end(block, &error) == DI_OK, "%s", error_text());
}

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

/* ---- Isolated calls ---- */

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

static enum di_status end_it(void *data, struct di_error *err)
{
	return di_local_end(data, err);
}

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

struct elsewhere {
	struct di_local_block *block;
	struct di_error *err;
	enum di_status status;
	int seen;
};

static void *end_in_a_thread(void *data)
{
	struct elsewhere *it = data;

	if (plain_a_set(&numbers[7], NULL) == DI_OK)
		it->status = di_local_end(it->block, it->err);
	it->seen = a();
	return NULL;
}

static enum di_status end_elsewhere(void *data, struct di_error *err)
{
	struct elsewhere it = { data, err, DI_OK, 0 };

	thread_join(thread_start(end_in_a_thread, &it, 0));
	ck_assert_int_eq(it.seen, 7);
	return it.status;
}

START_TEST(a_block_of_another_flow_is_refused)
{
	struct di_local_block block = begin(&plain);

	set_a(1);
	misuse_expect(end_elsewhere, &block, DI_EINVAL, "was begun in another flow");
	ck_assert_int_eq(a(), 1);
	end(&block);
	ck_assert_int_eq(a(), 0);
}
END_TEST

/* ---- Threads ---- */

static struct stop in_thread;

static void *overlap(void *data)
{
	int *seen = data;

	plain_a_set(&numbers[5], NULL);
	DI_WITH_LOCAL (&plain, NULL) {
		plain_a_set(&numbers[6], NULL);
		stop_here(&in_thread);
		seen[0] = a();
	}
	seen[1] = a();
	return NULL;
}

START_TEST(blocks_of_threads_overlap_without_a_trace)
{
	struct di_local_block block;
	int seen[2] = { 0 };
	pthread_t thread;

	watchdog(60);
	stop_init(&in_thread, 1);
	set_a(1);
	block = begin(&plain);
	set_a(2);
	thread = thread_start(overlap, seen, 0);
	stop_wait(&in_thread);
	ck_assert_int_eq(a(), 2);
	end(&block);
	ck_assert_int_eq(a(), 1);
	stop_let_go(&in_thread);
	thread_join(thread);
	ck_assert_int_eq(seen[0], 6);
	ck_assert_int_eq(seen[1], 5);
	ck_assert_int_eq(a(), 1);
	watchdog(0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local/block");
	TCase *blocks = di_check_case(all, "blocks", setup, teardown);
	TCase *with = di_check_case(all, "blocks of C", setup, teardown);
	TCase *calls = di_check_case(all, "calls", setup, teardown);
	TCase *undo = di_check_case(all, "undo", setup, teardown);
	TCase *order = di_check_case(all, "order", setup, teardown);
	TCase *threads = di_check_case(all, "threads", setup, teardown);

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
	tcase_add_test(with, a_block_of_C_ends_at_its_end);
	tcase_add_test(with, a_block_of_C_ends_however_it_is_left);
	tcase_add_test(with, a_block_of_C_that_cannot_begin_does_not_run);
	tcase_add_test(calls, what_an_isolated_call_changes_does_not_reach_the_caller);
	tcase_add_test(calls, isolated_calls_nest_each_from_its_callers_values);
	tcase_add_test(calls, a_plain_function_shares_its_callers_values);
	tcase_add_test(calls, nothing_is_left_of_isolated_calls);
	tcase_add_test(calls, what_a_call_leaves_open_is_ended_and_an_error);
	tcase_add_test(undo, a_set_is_undone);
	tcase_add_test(undo, undoing_leaves_other_names_alone);
	tcase_add_test(undo, a_set_that_is_kept_stays);
	tcase_add_test(undo, sets_end_with_their_block);
	tcase_add_test(undo, a_set_that_failed_is_nothing_to_undo);
	tcase_add_test(order, ending_in_the_wrong_order_is_refused_and_changes_nothing);
	tcase_add_test(order, undoing_in_the_wrong_order_is_refused_and_changes_nothing);
	tcase_add_test(order, ending_twice_is_refused_and_changes_nothing);
	tcase_add_test(order, a_block_of_no_namespace_is_refused);
	tcase_add_test(order, a_block_of_another_flow_is_refused);
	tcase_add_test(threads, blocks_of_threads_overlap_without_a_trace);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
