/* SPDX-License-Identifier: MIT */
#include "tests/di/scoped_app.h"

/* Handlers and callbacks whose calls have a context of a scope that the program chooses. */

static struct part *seen;

static int use(struct part *session)
{
	seen = session;
	return 0;
}

static int refuse(struct part *session)
{
	seen = session;
	return 7;
}

static int look_around(struct di_context *context)
{
	(void)context;
	return di_context_current(&app) == NULL && di_scope_current(&app) == NULL ? 0 : 1;
}

static struct part *find(struct part *work, struct part *local)
{
	seen = local;
	return work;
}

DI_HANDLER_DECLARE(app_use, int, ());
DI_HANDLER_IN(request, app_use, int, (), (use, app_session));
DI_HANDLER_IN(request, app_fail, int, (), (refuse, app_session));
DI_HANDLER_IN(request, app_judged, DI_FAILS_IF(int, < 0), (), (refuse, app_session));
DI_HANDLER_IN(job, app_find, struct part *, (), (find, app_work, app_local));
DI_HANDLER_IN(request, app_shared_only, int, (), (use, app_shared));
DI_HANDLER_IN(request, app_look_around, int, (), (look_around, DI_CONTEXT));
DI_HANDLER_IN(app, app_whole_again, int, (), (use, app_whole));
DI_HANDLER_IN(request, app_of_call, int, (), (use, app_call));
DI_CALLBACK_IN(request, app_callback, int, -1, (void), (use, app_session));
DI_CALLBACK_IN(request, app_silent, void, , (void), (use, app_session));

START_TEST(each_call_is_a_request_of_its_own)
{
	int result = 1;

	expect_ok(app_use(root, &result, &error));
	ck_assert_int_eq(result, 0);
	expect_ok(app_use(root, &result, &error));
	journal_expect("created shared", "created session from shared", "ended session done",
		       "created session from shared", "ended session done");
}
END_TEST

START_TEST(an_open_request_is_not_used_for_the_call)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *session = app_session_get(request, &error);
	int result;

	expect_ok(app_use(request, &result, &error));
	ck_assert_ptr_ne(seen, session);
	ck_assert_int_eq(seen->alive, 0);
	ck_assert_int_eq(session->alive, 1);
}
END_TEST

START_TEST(a_scope_of_ones_own_may_be_chosen)
{
	struct part *result = NULL;

	expect_ok(app_find(root, &result, &error));
	ck_assert_str_eq(result->name, "work");
	ck_assert_int_eq(seen->alive, 0);
	journal_expect("created work", "created local", "ended local done", "ended work done");
}
END_TEST

START_TEST(the_outcome_is_judged_as_ever)
{
	int result;

	expect_ok(app_fail(root, &result, &error));
	journal_expect("created shared", "created session from shared", "ended session failed");
	expect_ok(app_judged(root, &result, &error));
	journal_expect("created session from shared", "ended session done");
}
END_TEST

static void note(void *data, const struct di_event *event)
{
	(void)data;
	if (event->kind == DI_EVENT_OPENED || event->kind == DI_EVENT_CLOSED)
		journal_write("%s %s", event->kind == DI_EVENT_OPENED ? "opened" : "closed",
			      event->scope);
}

START_TEST(the_context_is_opened_whatever_the_needs)
{
	struct di_options options = { .abi = DI_ABI, .observer = { .observe = note } };
	struct di_container *observed = di_container_new(&app, &options, &error);
	int result;

	journal_clear();
	expect_ok(app_shared_only(di_container_root(observed), &result, &error));
	journal_expect("opened request", "created shared", "closed request");
	expect_ok(di_container_free(observed, &error));
	journal_clear();
}
END_TEST

START_TEST(it_is_never_current)
{
	int result = 1;

	expect_ok(app_look_around(root, &result, &error));
	ck_assert_int_eq(result, 0);
}
END_TEST

START_TEST(a_call_of_scope_app_begins_its_resources_afresh)
{
	struct part *whole = app_whole_get(root, &error);
	int result;

	expect_ok(app_whole_again(root, &result, &error));
	ck_assert_ptr_ne(seen, whole);
	ck_assert_int_eq(whole->alive, 1);
}
END_TEST

START_TEST(a_need_of_another_scope_must_be_open_outside)
{
	int result;

	expect_error(app_of_call(root, &result, &error), DI_ENOCONTEXT);
	expect_text("it needs a context of scope inject; open are: request, app");
	expect_text("(app_call <- app_of_call)");
	expect_ok(app_of_call(open_in(root, &di_scope_inject), &result, &error));
}
END_TEST

START_TEST(an_end_that_fails_is_an_error_with_the_result_written)
{
	int result = 1;

	parts_fail_end("session", 5, 1);
	expect_error(app_use(root, &result, &error), DI_EFINALIZE);
	ck_assert_int_eq(result, 0);
}
END_TEST

START_TEST(a_callback_has_one_too)
{
	expect_ok(di_context_enter(root, &error));
	ck_assert_int_eq(app_callback(), 0);
	app_silent();
	ck_assert_ptr_null(di_callback_error());
	journal_expect("created shared", "created session from shared", "ended session done",
		       "created session from shared", "ended session done");
	expect_ok(di_context_leave(root, &error));
	ck_assert_int_eq(app_callback(), -1);
	ck_assert_int_eq(di_callback_error()->status, DI_ENOCONTEXT);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/handler/scope");
	TCase *tcase = tcase_create("scope");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, each_call_is_a_request_of_its_own);
	tcase_add_test(tcase, an_open_request_is_not_used_for_the_call);
	tcase_add_test(tcase, a_scope_of_ones_own_may_be_chosen);
	tcase_add_test(tcase, the_outcome_is_judged_as_ever);
	tcase_add_test(tcase, the_context_is_opened_whatever_the_needs);
	tcase_add_test(tcase, it_is_never_current);
	tcase_add_test(tcase, a_call_of_scope_app_begins_its_resources_afresh);
	tcase_add_test(tcase, a_need_of_another_scope_must_be_open_outside);
	tcase_add_test(tcase, an_end_that_fails_is_an_error_with_the_result_written);
	tcase_add_test(tcase, a_callback_has_one_too);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
