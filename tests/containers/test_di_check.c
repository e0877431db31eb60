/* SPDX-License-Identifier: MIT */
#include "tests/support/di_check.h"

#include "tests/support/check_main.h"
#include "tests/support/parts.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The fixtures that users copy: that a sound test passes with them, and that others fail and say
 * why.
 */

PART(store)
PART_OF_1(session)
PART_FAKE(fake)

#define APP(X)                                                                                     \
	X(resource, app_store, struct part, (store_new), store_end)                                \
	X(context_resource, app_session, struct part, (session_new, app_store), session_end,       \
	  request)

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_check test;

static void setup(void)
{
	parts_clear();
	di_check_begin(&test, &app, &di_scope_request);
}

static void teardown(void)
{
	di_check_end(&test);
	parts_clear();
}

/* ---- Sound tests ---- */

START_TEST(a_test_has_a_container_and_a_context_of_its_own)
{
	ck_assert_ptr_eq(di_context_scope(test.context), &di_scope_request);
	ck_assert_ptr_eq(di_context_parent(test.context), test.root);
	ck_assert_ptr_nonnull(app_session_get(test.context, &test.error));
}
END_TEST

START_TEST(without_a_scope_the_context_is_the_root)
{
	struct di_check other;

	di_check_begin(&other, &app, NULL);
	ck_assert_ptr_eq(other.context, other.root);
	di_check_end(&other);
	ck_assert_ptr_null(other.container);
}
END_TEST

START_TEST(a_fake_takes_the_place_of_a_part)
{
	di_check_override(&test, app_store, &fake);
	ck_assert_ptr_eq(app_session_get(test.context, &test.error)->needs[0], &fake);
}
END_TEST

START_TEST(contexts_are_opened_and_closed_by_the_fixture)
{
	struct di_context *outer = test.context;
	struct part *session;

	di_check_open(&test, &di_scope_request);
	session = app_session_get(test.context, &test.error);
	di_check_close(&test, DI_FAILED);
	ck_assert_int_eq(session->alive, 0);
	ck_assert_ptr_eq(test.context, outer);
	di_check_open(&test, &di_scope_inject);
}
END_TEST

START_TEST(errors_are_expected_with_their_texts)
{
	parts_fail_new("store", ENOSPC, 2);
	di_check_null(&test, app_session_get(test.context, &test.error), DI_ECREATE,
		      "store_new failed for app_store: No space left on device");
	di_check_fails(&test, di_container_start(test.container, &test.error), DI_ECREATE,
		       "app_store");
	di_check_ok(&test, di_container_start(test.container, &test.error));
}
END_TEST

static enum di_status override_nothing(void *data, struct di_error *err)
{
	return app_store_override(data, NULL, err);
}

START_TEST(mistakes_are_expected_with_their_texts)
{
	di_check_mistake(override_nothing, test.context, DI_ENULL, "an override needs a value");
}
END_TEST

START_TEST(memory_is_refused_as_the_test_says)
{
	di_check_memory_fail(&test.memory, 1);
	di_check_fails(&test, app_store_override(test.context, &fake, &test.error), DI_ENOMEM,
		       "app_store: out of memory");
	ck_assert_uint_eq(test.memory.failures, 1);
	di_check_override(&test, app_store, &fake);
}
END_TEST

static void use(int number, void *data)
{
	(void)number;
	(void)data;
	di_context_close(di_context_open(test.root, &di_scope_request, NULL), DI_DONE, NULL);
}

START_TEST(any_thread_may_use_the_container)
{
	watchdog(120);
	crowd_run(4, use, NULL);
	watchdog(0);
}
END_TEST

START_TEST(options_are_kept)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_check other;

	di_check_begin_with(&other, &app, &options, NULL);
	ck_assert_uint_eq(other.memory.allocations, 0);
	di_check_end(&other);
}
END_TEST

/* ---- Tests that must fail ---- */

START_TEST(a_status_is_not_ok)
{
	di_check_ok(&test, di_override(test.context, &app_store, &fake, NULL));
	di_check_ok(&test, di_context_mark(test.context, DI_DONE, NULL));
	app_session_get(test.context, &test.error);
	di_check_ok(&test, app_store_override(test.context, &fake, &test.error));
}
END_TEST

START_TEST(an_error_is_missing)
{
	di_check_fails(&test, app_store_override(test.context, &fake, &test.error), DI_EBUSY, "");
}
END_TEST

START_TEST(an_error_is_another)
{
	di_check_null(&test, app_session_get(test.root, &test.error), DI_ECREATE, "");
}
END_TEST

START_TEST(an_error_has_another_text)
{
	di_check_null(&test, app_session_get(test.root, &test.error), DI_ENOCONTEXT, "no space");
}
END_TEST

START_TEST(a_value_is_not_null)
{
	di_check_null(&test, app_session_get(test.context, &test.error), DI_ENOCONTEXT, "");
}
END_TEST

static enum di_status do_well(void *data, struct di_error *err)
{
	(void)data;
	(void)err;
	return DI_OK;
}

START_TEST(a_mistake_is_none)
{
	di_check_mistake(do_well, NULL, DI_EINVAL, "");
}
END_TEST

START_TEST(a_mistake_has_another_text)
{
	di_check_mistake(override_nothing, test.context, DI_ENULL, "needs two values");
}
END_TEST

/* What is wrong only at the end, in a container of its own, which is in order afterwards. */
static void end_badly(void)
{
	struct di_check other = test;

	other.container = NULL;
	other.context = other.root = NULL;
	other.memory.live = 1;
	di_check_end(&other);
}

START_TEST(memory_is_missing)
{
	end_badly();
}
END_TEST

static const struct {
	const TTest *const *function;
	const char *text;
} failing[] = {
	{ &a_status_is_not_ok, "is DI_EBUSY: app_store: in use: app_session was built from it" },
	{ &an_error_is_missing, "is DI_OK and not DI_EBUSY" },
	{ &an_error_is_another, "is DI_ENOCONTEXT and not DI_ECREATE: app_session" },
	{ &an_error_has_another_text, "expected: no space, but was: app_session" },
	{ &a_value_is_not_null, "app_session_get(test.context, &test.error) is not NULL" },
	{ &memory_is_missing, "1 blocks" },
	{ &a_mistake_has_another_text, "expected: needs two values, but said: " },
	{ &a_mistake_is_none, "" },
};

enum {
	FAILING = sizeof(failing) / sizeof(failing[0])
};

static int has_failed(TestResult *result, const char *text)
{
	if (tr_rtype(result) == CK_FAILURE && strstr(tr_msg(result), text) != NULL)
		return 1;
	fprintf(stderr, "expected: %s, but was: %s\n", text, tr_msg(result));
	return 0;
}

/* A program of tests that must all fail; the number of those that have not. */
static int run_failing(void)
{
	Suite *all = suite_create("failing");
	SRunner *runner = srunner_create(all);
	TestResult **results;
	int i, wrong = FAILING;

	for (i = 0; i < FAILING; i++) {
		TCase *tcase = tcase_create("failing");

		tcase_add_checked_fixture(tcase, setup, teardown);
		tcase_add_test(tcase, *failing[i].function);
		suite_add_tcase(all, tcase);
	}
	srunner_run_all(runner, CK_SILENT);
	results = srunner_results(runner);
	for (i = 0; i < srunner_ntests_run(runner) && i < FAILING; i++)
		wrong -= has_failed(results[i], failing[i].text);
	free(results);
	srunner_free(runner);
	return wrong;
}

static Suite *suite(void)
{
	Suite *all = suite_create("di_check");
	TCase *tcase = tcase_create("sound");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_test_has_a_container_and_a_context_of_its_own);
	tcase_add_test(tcase, without_a_scope_the_context_is_the_root);
	tcase_add_test(tcase, a_fake_takes_the_place_of_a_part);
	tcase_add_test(tcase, contexts_are_opened_and_closed_by_the_fixture);
	tcase_add_test(tcase, errors_are_expected_with_their_texts);
	tcase_add_test(tcase, mistakes_are_expected_with_their_texts);
	tcase_add_test(tcase, memory_is_refused_as_the_test_says);
	tcase_add_test(tcase, any_thread_may_use_the_container);
	tcase_add_test(tcase, options_are_kept);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return run_failing() == 0 ? di_check_run(suite()) : 1;
}
