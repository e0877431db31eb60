/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define APP(X) \
	X(context_resource, app_whole,   struct part, (whole_new),                whole_end,   app) \
	X(context_resource, app_session, struct part, (session_new, app_whole),   session_end, request) \
	X(context_resource, app_task,    struct part, (task_new, app_session),    task_end,    job) \
	X(context_resource, app_call,    struct part, (call_new, app_task),       call_end,    inject) \
	X(factory,          app_fresh,   struct part, (fresh_new, app_session),   fresh_end) \
	X(context_resource, app_local,   struct part, (local_new, app_fresh),     local_end,   any)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(whole)
PART_OF_1(session)
PART_OF_1(task)
PART_OF_1(call)
PART_OF_1(fresh)
PART_OF_1(local)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

START_TEST(there_is_one_in_each_context_of_its_scope)
{
	struct di_context *a = open_in(root, &di_scope_request);
	struct di_context *b = open_in(root, &di_scope_request);
	struct part *in_a = app_session_get(a, &error), *in_b = app_session_get(b, &error);

	ck_assert_ptr_ne(in_a, in_b);
	ck_assert_ptr_eq(app_session_get(a, &error), in_a);
	ck_assert_ptr_eq(app_session_get(b, &error), in_b);
	close_as(a, DI_FAILED);
	ck_assert(!in_a->alive && in_b->alive);
	close_as(b, DI_DONE);
	journal_expect("created whole", "created session from whole", "created session from whole",
		       "ended session failed", "ended session done");
}
END_TEST

START_TEST(each_scope_finds_what_lives_longer)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *job = open_in(request, &di_scope_job);
	struct di_context *inject = open_in(job, &di_scope_inject);

	app_call_get(inject, &error);
	journal_expect("created whole", "created session from whole", "created task from session",
		       "created call from task");
	close_as(inject, DI_DONE);
	journal_expect("ended call done");
	close_as(job, DI_DONE);
	journal_expect("ended task done");
	close_as(request, DI_DONE);
	journal_expect("ended session done");
	container_free_expect(DI_OK);
	journal_expect("ended whole done");
}
END_TEST

START_TEST(without_a_context_of_its_scope_there_is_none)
{
	struct di_context *job = open_in(root, &di_scope_job);

	expect_null(app_session_get(root, &error), DI_ENOCONTEXT);
	expect_null(app_task_get(job, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.provider, "app_session");
	ck_assert_str_eq(error.path, "app_session <- app_task");
	expect_null(app_call_get(job, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.provider, "app_call");
	close_as(job, DI_DONE);
	journal_expect_nothing();
}
END_TEST

START_TEST(one_of_scope_app_is_there_in_the_root)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *whole = app_whole_get(request, &error);

	ck_assert_ptr_eq(app_whole_get(root, &error), whole);
	close_as(request, DI_DONE);
	ck_assert(whole->alive);
}
END_TEST

START_TEST(one_of_scope_any_is_there_in_every_context)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *job = open_in(request, &di_scope_job);

	expect_null(app_local_get(root, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.path, "app_session <- app_fresh <- app_local");
	ck_assert_ptr_ne(app_local_get(job, &error), app_local_get(request, &error));
	journal_clear();
	close_as(job, DI_DONE);
	journal_expect("ended local done", "ended fresh done");
	close_as(request, DI_DONE);
	journal_expect("ended local done", "ended fresh done", "ended session done");
}
END_TEST

START_TEST(a_failed_creation_is_not_kept)
{
	struct di_context *request = open_in(root, &di_scope_request);

	parts_fail_new("session", EIO, 1);
	expect_null(app_session_get(request, &error), DI_ECREATE);
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	close_as(request, DI_DONE);
	journal_expect("created whole", "failed session", "created session from whole",
		       "ended session done");
}
END_TEST

START_TEST(it_is_not_made_by_start)
{
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/context_resource");
	TCase *tcase = tcase_create("context_resource");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, there_is_one_in_each_context_of_its_scope);
	tcase_add_test(tcase, each_scope_finds_what_lives_longer);
	tcase_add_test(tcase, without_a_context_of_its_scope_there_is_none);
	tcase_add_test(tcase, one_of_scope_app_is_there_in_the_root);
	tcase_add_test(tcase, one_of_scope_any_is_there_in_every_context);
	tcase_add_test(tcase, a_failed_creation_is_not_kept);
	tcase_add_test(tcase, it_is_not_made_by_start);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
