/* SPDX-License-Identifier: MIT */
#include "tests/di/closing_app.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* ---- The order ---- */

START_TEST(closing_tears_down_in_reverse_order_of_completed_creation)
{
	app_third_get(request, &error);
	app_first_get(request, &error);
	app_second_get(request, &error);
	close_as(request, DI_DONE);
	journal_expect("created third", "created first", "created second", "ended second done",
		       "ended first done", "ended third done");
}
END_TEST

START_TEST(a_dependent_ends_before_what_it_depends_on)
{
	app_query_get(request, &error);
	journal_clear();
	close_as(request, DI_DONE);
	journal_expect("ended query done", "ended session done", "ended store done",
		       "ended config done");
}
END_TEST

static void get_third(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_third_get(di_context_current(&app), &error));
}

START_TEST(what_a_constructor_resolved_itself_ends_after_it)
{
	parts_on_new("first", get_third);
	app_first_get(request, &error);
	close_as(request, DI_DONE);
	journal_expect("created third", "created first", "ended first done", "ended third done");
}
END_TEST

static void *get_second_in_thread(void *data)
{
	return app_second_get(data, NULL);
}

static void get_second_elsewhere(struct part *part)
{
	pthread_t thread;
	void *value = NULL;

	(void)part;
	ck_assert_int_eq(pthread_create(&thread, NULL, get_second_in_thread, request), 0);
	ck_assert_int_eq(pthread_join(thread, &value), 0);
	ck_assert_ptr_nonnull(value);
}

/* Of two creations at once, the one that began later is ready earlier. */
START_TEST(completion_counts_and_not_the_beginning_also_across_threads)
{
	parts_on_new("first", get_second_elsewhere);
	app_first_get(request, &error);
	close_as(request, DI_DONE);
	journal_expect("created second", "created first", "ended first done", "ended second done");
}
END_TEST

static void *close_in_thread(void *data)
{
	return di_context_close(data, DI_FAILED, NULL) == DI_OK ? data : NULL;
}

START_TEST(any_thread_may_close)
{
	pthread_t thread;
	void *value = NULL;

	app_first_get(request, &error);
	ck_assert_int_eq(pthread_create(&thread, NULL, close_in_thread, request), 0);
	ck_assert_int_eq(pthread_join(thread, &value), 0);
	ck_assert_ptr_nonnull(value);
	journal_expect("created first", "ended first failed");
}
END_TEST

START_TEST(closing_leaves_outer_values_alone)
{
	app_outer_get(request, &error);
	app_first_get(request, &error);
	close_as(request, DI_DONE);
	journal_expect("created outer", "created first", "ended first done");
	ck_assert(app_outer_get(root, &error)->alive);
}
END_TEST

/* ---- Outcomes ---- */

START_TEST(finalizers_are_told_the_outcome)
{
	static const enum di_outcome outcomes[] = { DI_DONE, DI_FAILED, DI_CANCELLED };
	static const char *const lines[] = { "ended first done", "ended first failed",
					     "ended first cancelled" };
	int i;

	close_as(request, DI_DONE);
	for (i = 0; i < 3; i++) {
		request = open_in(root, &di_scope_request);
		app_first_get(request, &error);
		journal_clear();
		close_as(request, outcomes[i]);
		journal_expect(lines[i]);
	}
}
END_TEST

START_TEST(a_context_ends_with_the_worst_of_its_marks_and_of_what_close_is_given)
{
	static const enum di_outcome cases[][4] = {
		/* two marks, close, the outcome */
		{ DI_FAILED, DI_DONE, DI_DONE, DI_FAILED },
		{ DI_CANCELLED, DI_FAILED, DI_DONE, DI_CANCELLED },
		{ DI_FAILED, DI_FAILED, DI_CANCELLED, DI_CANCELLED },
		{ DI_DONE, DI_DONE, DI_FAILED, DI_FAILED },
		{ DI_DONE, DI_DONE, DI_DONE, DI_DONE },
	};
	size_t i;

	close_as(request, DI_DONE);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char line[40];

		request = open_in(root, &di_scope_request);
		app_first_get(request, &error);
		expect_ok(di_context_mark(request, cases[i][0], &error));
		expect_ok(di_context_mark(request, cases[i][1], &error));
		journal_clear();
		close_as(request, cases[i][2]);
		snprintf(line, sizeof(line), "ended first %s", di_outcome_text(cases[i][3]));
		journal_expect(line);
	}
}
END_TEST

START_TEST(a_mark_of_an_inner_context_is_none_of_the_outer_one)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	app_first_get(request, &error);
	expect_ok(di_context_mark(inner, DI_CANCELLED, &error));
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	journal_expect("created first", "ended first done");
}
END_TEST

static enum di_status mark_badly(void *data, struct di_error *err)
{
	return di_context_mark(data, data != NULL ? (enum di_outcome)3 : DI_FAILED, err);
}

START_TEST(a_mark_needs_a_context_and_an_outcome)
{
	misuse_expect(mark_badly, NULL, DI_EINVAL, "there is no context to mark");
	misuse_expect(mark_badly, root, DI_EINVAL, "3 is no outcome");
}
END_TEST

/* ---- Failing finalizers ---- */

START_TEST(a_failing_finalizer_does_not_stop_the_others)
{
	parts_fail_end("query", EIO, 1);
	parts_fail_end("store", ENOSPC, 1);
	parts_fail_end("config", EPERM, 1);
	app_query_get(request, &error);
	journal_clear();
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	journal_expect("ended badly query", "ended session done", "ended badly store",
		       "ended badly config");
}
END_TEST

START_TEST(the_first_error_is_returned_with_the_count_of_the_others)
{
	parts_fail_end("query", EIO, 1);
	parts_fail_end("store", ENOSPC, 1);
	parts_fail_end("config", EPERM, 1);
	app_query_get(request, &error);
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	ck_assert_str_eq(error.provider, "app_query");
	ck_assert_str_eq(error.function, "query_end");
	ck_assert_int_eq(error.cause, EIO);
	ck_assert_uint_eq(error.more, 2);
}
END_TEST

START_TEST(a_context_whose_finalizer_failed_is_closed_all_the_same)
{
	parts_fail_end("first", EIO, 1);
	app_first_get(request, &error);
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	ck_assert_int_eq(parts_alive("first"), 0);
	request = open_in(root, &di_scope_request);
	journal_clear();
	app_first_get(request, &error);
	close_as(request, DI_DONE);
	journal_expect("created first", "ended first done");
}
END_TEST

START_TEST(failing_finalizers_need_no_error_struct)
{
	parts_fail_end("first", EIO, 1);
	parts_fail_end("second", EIO, 1);
	app_first_get(request, &error);
	app_second_get(request, &error);
	ck_assert_int_eq(di_context_close(request, DI_DONE, NULL), DI_EFINALIZE);
	ck_assert_int_eq(parts_alive("first") + parts_alive("second"), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/close");
	TCase *order = tcase_create("order"), *outcomes = tcase_create("outcomes"),
	      *failures = tcase_create("failures");

	tcase_add_checked_fixture(order, setup, container_end);
	tcase_add_test(order, closing_tears_down_in_reverse_order_of_completed_creation);
	tcase_add_test(order, a_dependent_ends_before_what_it_depends_on);
	tcase_add_test(order, what_a_constructor_resolved_itself_ends_after_it);
	tcase_add_test(order, completion_counts_and_not_the_beginning_also_across_threads);
	tcase_add_test(order, any_thread_may_close);
	tcase_add_test(order, closing_leaves_outer_values_alone);
	suite_add_tcase(suite, order);

	tcase_add_checked_fixture(outcomes, setup, container_end);
	tcase_add_test(outcomes, finalizers_are_told_the_outcome);
	tcase_add_test(outcomes,
		       a_context_ends_with_the_worst_of_its_marks_and_of_what_close_is_given);
	tcase_add_test(outcomes, a_mark_of_an_inner_context_is_none_of_the_outer_one);
	tcase_add_test(outcomes, a_mark_needs_a_context_and_an_outcome);
	suite_add_tcase(suite, outcomes);

	tcase_add_checked_fixture(failures, setup, container_end);
	tcase_add_test(failures, a_failing_finalizer_does_not_stop_the_others);
	tcase_add_test(failures, the_first_error_is_returned_with_the_count_of_the_others);
	tcase_add_test(failures, a_context_whose_finalizer_failed_is_closed_all_the_same);
	tcase_add_test(failures, failing_finalizers_need_no_error_struct);
	suite_add_tcase(suite, failures);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
