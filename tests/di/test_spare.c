/* SPDX-License-Identifier: MIT */
#include "tests/di/scoped_app.h"

/* ---- The memory of closed contexts ---- */

START_TEST(more_contexts_than_are_kept_are_given_back)
{
	struct di_context *open[200];
	unsigned long after_one = 0;
	int round, i;

	for (round = 0; round < 4; round++) {
		struct di_context *outer = open_in(root, &di_scope_request);

		for (i = 0; i < 200; i++)
			open[i] = open_in(i % 2 == 0 ? root : outer, &di_scope_inject);
		for (i = 0; i < 200; i++)
			close_as(open[i], DI_DONE);
		close_as(outer, DI_DONE);
		if (round == 1)
			after_one = memory.live;
		ck_assert_uint_lt(memory.live, 100);
	}
	ck_assert_uint_le(memory.live, after_one);
}
END_TEST

START_TEST(the_memory_of_closed_contexts_is_bounded)
{
	unsigned long after_a_hundred = 0;
	int i;

	for (i = 0; i < 300; i++) {
		struct di_context *outer = open_in(root, &di_scope_request);
		struct di_context *inner = open_in(outer, &di_scope_inject);

		app_call_get(inner, &error);
		close_as(inner, DI_DONE);
		close_as(outer, DI_DONE);
		if (i == 100)
			after_a_hundred = memory.live_bytes;
		journal_clear();
	}
	ck_assert_uint_eq(memory.live_bytes, after_a_hundred);
}
END_TEST

#ifdef DI_DEBUG
START_TEST(debug_builds_do_not_reuse_a_context_at_once)
{
	struct di_context *first = open_in(root, &di_scope_request), *second;

	close_as(first, DI_DONE);
	second = open_in(root, &di_scope_request);
	ck_assert_ptr_ne(first, second);
	close_as(second, DI_DONE);
}
END_TEST
#else
START_TEST(contexts_are_reused_without_allocating)
{
	unsigned long allocations = 0;
	int i;

	for (i = 0; i < 10; i++) {
		struct di_context *outer = open_in(root, &di_scope_request);
		struct di_context *inner = open_in(outer, &di_scope_inject);

		ck_assert_ptr_nonnull(app_call_get(inner, &error));
		close_as(inner, DI_DONE);
		close_as(outer, DI_DONE);
		if (i == 3)
			allocations = memory.allocations;
	}
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST

START_TEST(contexts_of_any_shape_are_reused_without_allocating)
{
	unsigned long allocations = 0;
	struct di_context *outer, *inner[3];
	int i, k;

	for (i = 0; i < 10; i++) {
		outer = open_in(root, &di_scope_request);
		for (k = 0; k < 3; k++) {
			inner[k] = open_in(outer, &di_scope_inject);
			close_as(open_in(inner[k], &di_scope_inject), DI_DONE);
		}
		for (k = 0; k < 3; k++)
			close_as(inner[k], DI_DONE);
		close_as(outer, DI_DONE);
		if (i == 3)
			allocations = memory.allocations;
	}
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST

START_TEST(spare_contexts_are_reused_oldest_first)
{
	struct di_context *a = open_in(root, &di_scope_request);
	struct di_context *b = open_in(root, &di_scope_request);

	close_as(b, DI_DONE);
	close_as(a, DI_DONE);
	ck_assert_ptr_eq(open_in(root, &di_scope_request), b);
	ck_assert_ptr_eq(open_in(root, &di_scope_request), a);
	close_as(a, DI_DONE);
	close_as(b, DI_DONE);
}
END_TEST
#endif

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

START_TEST(a_context_begins_with_nothing_of_the_one_before)
{
	static struct part fake = { .name = "fake", .alive = 1 };
	int i;

	for (i = 0; i < 40; i++) {
		struct di_context *request = open_in(root, &di_scope_request);

		ck_assert_ptr_null(note_fetch(request));
		ck_assert_ptr_ne(app_shared_get(request, &error), &fake);
		expect_ok(note_put(request, "there", &error));
		expect_ok(di_context_mark(request, DI_CANCELLED, &error));
		if (i % 2 == 0) {
			expect_ok(app_shared_override(request, &fake, &error));
			ck_assert_ptr_eq(app_session_get(request, &error)->needs[0], &fake);
		}
		journal_clear();
		close_as(request, DI_DONE);
		request = open_in(root, &di_scope_request);
		ck_assert_int_eq(app_session_get(request, &error)->needs[0]->alive, 1);
		journal_clear();
		close_as(request, DI_DONE);
		journal_expect("ended session done");
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/spare");
	TCase *spare = tcase_create("spare");

	tcase_add_checked_fixture(spare, setup, container_end);
	tcase_add_test(spare, more_contexts_than_are_kept_are_given_back);
	tcase_add_test(spare, the_memory_of_closed_contexts_is_bounded);
#ifdef DI_DEBUG
	tcase_add_test(spare, debug_builds_do_not_reuse_a_context_at_once);
#else
	tcase_add_test(spare, contexts_are_reused_without_allocating);
	tcase_add_test(spare, contexts_of_any_shape_are_reused_without_allocating);
	tcase_add_test(spare, spare_contexts_are_reused_oldest_first);
#endif
	tcase_add_test(spare, a_context_begins_with_nothing_of_the_one_before);
	suite_add_tcase(suite, spare);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
