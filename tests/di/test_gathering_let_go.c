/* SPDX-License-Identifier: MIT */
#include "tests/di/gathering_app.h"
#include "tests/support/fill.h"

/* Values of threads that are let go of, or whose contexts end, before what they need is there. */

START_TEST(who_cancels_has_nothing_made)
{
	struct di_get get = ask(&app_wide);

	ck_assert_int_eq(di_get_cancel(get), 1);
	answer_expect(&answer, DI_ECANCELLED);
	answer_text(&answer, "app_base <- app_view <- app_wide");
	later_run();
	ck_assert_int_eq(answer.times, 1);
	ck_assert_uint_eq(di_thread_count(container), 0);
	memset(&answer, 0, sizeof(answer));
	ask(&app_wide);
	later_run();
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(who_asks_after_all_had_cancelled_has_it_made)
{
	ck_assert_int_eq(di_get_cancel(ask(&app_wide)), 1);
	di_get_async(root, &app_wide, answer_take_any, &other, &error);
	later_run();
	answer_expect(&answer, DI_ECANCELLED);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(other.part, app_wide_get(root, &error));
}
END_TEST

START_TEST(who_detaches_has_nothing_made_but_what_is_for_all)
{
	struct di_get get = ask(&app_view);

	ck_assert_int_eq(di_get_detach(get), 1);
	later_run();
	ck_assert_int_eq(answer.times, 0);
	journal_expect("began base", "created base");
}
END_TEST

START_TEST(one_that_expires_says_so)
{
	struct di_get get = ask(&app_view);

	ck_assert_int_eq(di_get_expire(get), 1);
	answer_expect(&answer, DI_ETIMEDOUT);
	later_run();
	journal_expect("began base", "created base");
}
END_TEST

START_TEST(a_context_that_is_closed_meanwhile_makes_nothing)
{
	struct di_context *request = open_in(root, &di_scope_request);

	di_get_async(request, &app_view, answer_take_any, &answer, &error);
	close_as(request, DI_DONE);
	later_run();
	answer_expect(&answer, DI_ECLOSED);
	journal_expect("began base", "created base");
}
END_TEST

static enum di_status closed_by_view;

static void close_root(struct part *part)
{
	(void)part;
	closed_by_view =
		di_context_close((struct di_context *)(uintptr_t)other.part, DI_DONE, NULL);
}

START_TEST(while_it_is_made_the_context_that_was_asked_is_not_closed)
{
	struct di_context *request = open_in(root, &di_scope_request);

	other.part = (struct part *)(uintptr_t)request;
	parts_on_new("view", close_root);
	di_get_async(request, &app_view, answer_take_any, &answer, &error);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_int_eq(closed_by_view, DI_EBUSY);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(freeing_waits_for_what_is_gathered)
{
	struct answer done = { 0 };
	struct di_container *freed = container;

	ask(&app_deep);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	container = NULL;
	expect_ok(di_container_free_async(freed, answer_done, &done, &error));
	later_run();
	answer_expect(&answer, DI_ECLOSED);
	answer_expect(&done, DI_OK);
}
END_TEST

/* Asks with that allocation failing, 0 for none. Returns whether all is there. */
static int try_with(unsigned long fail_at)
{
	struct di_get get;

	memset(&answer, 0, sizeof(answer));
	failing_allocator_fail(&memory, fail_at);
	get = ask(&app_deep);
	if (get.number == 0)
		answer = (struct answer){ .times = 1, .status = error.status };
	later_run();
	failing_allocator_fail(&memory, 0);
	if (answer.status == DI_OK)
		return 1;
	answer_expect(&answer, DI_ENOMEM);
	return 0;
}

START_TEST(every_lack_of_memory_is_told_and_the_next_try_succeeds)
{
	unsigned failed = 0, pieces, fail_at;

	for (pieces = 0; pieces <= FILL_MOST; pieces++) {
		for (fail_at = 1; fail_at < 5; fail_at++) {
			fill(root, pieces);
			if (!try_with(fail_at)) {
				failed++;
				ck_assert_int_eq(try_with(0), 1);
			}
			later_container_end();
			setup();
		}
	}
	ck_assert_uint_gt(failed, FILL_MOST);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/gathering_let_go");
	TCase *ends = tcase_create("letting go");

	tcase_add_checked_fixture(ends, setup, later_container_end);
	tcase_add_test(ends, who_cancels_has_nothing_made);
	tcase_add_test(ends, who_asks_after_all_had_cancelled_has_it_made);
	tcase_add_test(ends, who_detaches_has_nothing_made_but_what_is_for_all);
	tcase_add_test(ends, one_that_expires_says_so);
	tcase_add_test(ends, a_context_that_is_closed_meanwhile_makes_nothing);
	tcase_add_test(ends, while_it_is_made_the_context_that_was_asked_is_not_closed);
	tcase_add_test(ends, freeing_waits_for_what_is_gathered);
	tcase_add_test(ends, every_lack_of_memory_is_told_and_the_next_try_succeeds);
	suite_add_tcase(suite, ends);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
