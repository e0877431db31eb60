/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>
#include <pthread.h>

/* clang-format off */
#define APP(X) \
	X(context_resource, app_first,  struct part, (first_new),  first_end,  any) \
	X(context_resource, app_second, struct part, (second_new), second_end, any)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(first)
PART(second)

DI_CONTAINER_DEFINE(app, APP);

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

static int write_name(void *data, enum di_outcome outcome)
{
	journal_write("ran %s %s", (const char *)data, di_outcome_text(outcome));
	return 0;
}

static int run_badly(void *data, enum di_outcome outcome)
{
	(void)outcome;
	journal_write("ran badly");
	return *(int *)data;
}

static char a[] = "a", b[] = "b";

START_TEST(a_deferred_call_runs_at_the_end_with_the_outcome)
{
	expect_ok(di_context_defer(request, write_name, a, &error));
	journal_expect_nothing();
	close_as(request, DI_FAILED);
	journal_expect("ran a failed");
}
END_TEST

START_TEST(deferred_calls_stand_on_the_stack_among_the_values)
{
	app_first_get(request, &error);
	expect_ok(di_context_defer(request, write_name, a, &error));
	app_second_get(request, &error);
	expect_ok(di_context_defer(request, write_name, b, &error));
	journal_clear();
	close_as(request, DI_DONE);
	journal_expect("ran b done", "ended second done", "ran a done", "ended first done");
}
END_TEST

static void defer_a(struct part *part)
{
	(void)part;
	expect_ok(di_context_defer(di_context_current(&app), write_name, a, &error));
}

START_TEST(a_constructor_may_defer_what_runs_after_its_value_has_ended)
{
	parts_on_new("first", defer_a);
	app_first_get(request, &error);
	journal_clear();
	close_as(request, DI_DONE);
	journal_expect("ended first done", "ran a done");
}
END_TEST

START_TEST(a_deferred_call_outlives_the_constructor_that_failed)
{
	parts_on_new("first", defer_a);
	parts_fail_new("first", EIO, 1);
	expect_null(app_first_get(request, &error), DI_ECREATE);
	journal_expect("failed first");
	close_as(request, DI_DONE);
	journal_expect("ran a done");
}
END_TEST

START_TEST(the_root_runs_its_calls_when_the_container_is_freed)
{
	close_as(request, DI_DONE);
	expect_ok(di_context_defer(root, write_name, a, &error));
	expect_ok(di_context_defer(root, write_name, a, &error));
	container_free_expect(DI_OK);
	journal_expect("ran a done", "ran a done");
}
END_TEST

START_TEST(a_failing_call_counts_as_a_failed_finalizer)
{
	int cause = EIO, other = EPERM;

	app_first_get(request, &error);
	expect_ok(di_context_defer(request, run_badly, &other, &error));
	expect_ok(di_context_defer(request, run_badly, &cause, &error));
	journal_clear();
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	journal_expect("ran badly", "ran badly", "ended first done");
	ck_assert_str_eq(error.provider, "");
	ck_assert_int_eq(error.cause, EIO);
	ck_assert_uint_eq(error.more, 1);
	expect_text("a deferred call");
}
END_TEST

static int look_around(void *data, enum di_outcome outcome)
{
	(void)outcome;
	ck_assert_ptr_eq(di_context_current(&app), request);
	ck_assert_str_eq(note_fetch(request), "there");
	ck_assert_ptr_nonnull(app_first_get(request, &error));
	expect_null(app_second_get(request, &error), DI_ECLOSED);
	expect_error(di_context_defer(request, write_name, data, &error), DI_ECLOSED);
	return 0;
}

START_TEST(a_deferred_call_runs_in_its_context_while_that_closes)
{
	app_first_get(request, &error);
	expect_ok(note_put(request, "there", &error));
	expect_ok(di_context_defer(request, look_around, a, &error));
	close_as(request, DI_DONE);
}
END_TEST

static void *defer_in_thread(void *data)
{
	return di_context_defer(request, write_name, data, NULL) == DI_OK ? data : NULL;
}

START_TEST(any_thread_may_defer)
{
	pthread_t thread;
	void *value = NULL;

	ck_assert_int_eq(pthread_create(&thread, NULL, defer_in_thread, a), 0);
	ck_assert_int_eq(pthread_join(thread, &value), 0);
	ck_assert_ptr_eq(value, a);
	close_as(request, DI_DONE);
	journal_expect("ran a done");
}
END_TEST

static int defer_while_resetting(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	return 0;
}

static void defer_in_vain(struct part *part)
{
	(void)part;
	expect_error(di_context_defer(root, defer_while_resetting, NULL, &error), DI_EBUSY);
}

START_TEST(nothing_is_deferred_while_resetting)
{
	close_as(request, DI_DONE);
	app_first_get(root, &error);
	parts_on_end("first", defer_in_vain);
	expect_ok(di_reset(root, &app_first, &error));
}
END_TEST

static enum di_status defer_nothing(void *data, struct di_error *err)
{
	return di_context_defer(data, NULL, NULL, err);
}

static enum di_status defer_somewhere(void *data, struct di_error *err)
{
	return di_context_defer(data, write_name, a, err);
}

START_TEST(deferring_needs_an_open_context_and_a_function)
{
	misuse_expect(defer_nothing, request, DI_EINVAL, "there is no function to defer");
	misuse_expect(defer_somewhere, NULL, DI_EINVAL, "there is no context to defer");
	close_as(request, DI_DONE);
	misuse_expect(defer_somewhere, request, DI_ECLOSED, "the context was closed before");
	container_free_expect(DI_OK);
	journal_expect_nothing();
}
END_TEST

START_TEST(without_memory_the_function_is_never_called)
{
	int i, refused = 0;

	memory.fail_always = 1;
	for (i = 0; i < 1000 && !refused; i++)
		refused = di_context_defer(request, write_name, a, &error) == DI_ENOMEM;
	memory.fail_always = 0;
	ck_assert(refused);
	journal_clear();
	close_as(request, DI_DONE);
	ck_assert_int_eq(journal_length(), i - 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/defer");
	TCase *running = tcase_create("running"), *refused = tcase_create("refused");

	tcase_add_checked_fixture(running, setup, container_end);
	tcase_add_test(running, a_deferred_call_runs_at_the_end_with_the_outcome);
	tcase_add_test(running, deferred_calls_stand_on_the_stack_among_the_values);
	tcase_add_test(running, a_constructor_may_defer_what_runs_after_its_value_has_ended);
	tcase_add_test(running, a_deferred_call_outlives_the_constructor_that_failed);
	tcase_add_test(running, the_root_runs_its_calls_when_the_container_is_freed);
	tcase_add_test(running, a_failing_call_counts_as_a_failed_finalizer);
	tcase_add_test(running, a_deferred_call_runs_in_its_context_while_that_closes);
	tcase_add_test(running, any_thread_may_defer);
	suite_add_tcase(suite, running);

	tcase_add_checked_fixture(refused, setup, container_end);
	tcase_add_test(refused, nothing_is_deferred_while_resetting);
	tcase_add_test(refused, deferring_needs_an_open_context_and_a_function);
	tcase_add_test(refused, without_memory_the_function_is_never_called);
	suite_add_tcase(suite, refused);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
