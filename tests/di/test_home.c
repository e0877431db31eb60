/* SPDX-License-Identifier: MIT */
#include "tests/di/home_app.h"

/* Where values live, kind by kind. */

/* ---- By kind ---- */

START_TEST(singletons_and_resources_live_in_the_root_wherever_they_are_asked_for)
{
	ck_assert_ptr_nonnull(app_store_get(inject, &error));
	journal_expect("created pool from config", "created store from pool");
	ck_assert_ptr_eq(app_store_get(inject, &error), app_store_get(root, &error));
	ck_assert_ptr_eq(app_pool_get(inject, &error), app_pool_get(request, &error));
	expect_nothing_ends_in_inject();
	expect_nothing_ends_in_request();
	expect_ends_in_root("ended store done", "ended pool done");
}
END_TEST

START_TEST(a_context_resource_lives_in_the_innermost_context_of_its_scope)
{
	app_session_get(inject, &error);
	journal_clear();
	ck_assert_ptr_eq(app_session_get(inject, &error), app_session_get(request, &error));
	expect_nothing_ends_in_inject();
	expect_ends_in_request("ended session done");
}
END_TEST

START_TEST(a_resource_of_any_scope_lives_in_the_innermost_context)
{
	struct part *in_inject = app_local_get(inject, &error);
	struct part *in_request = app_local_get(request, &error);
	struct part *in_root = app_local_get(root, &error);

	ck_assert_ptr_ne(in_inject, in_request);
	ck_assert_ptr_ne(in_request, in_root);
	journal_clear();
	expect_ends_in_inject("ended local done");
	ck_assert(!in_inject->alive && in_request->alive);
	expect_ends_in_request("ended local done");
	expect_ends_in_root("ended local done");
}
END_TEST

START_TEST(an_app_scoped_resource_lives_in_the_root_where_no_other_app_context_is_open)
{
	app_whole_get(inject, &error);
	journal_expect("created whole");
	expect_nothing_ends_in_inject();
	expect_nothing_ends_in_request();
	expect_ends_in_root("ended whole done");
}
END_TEST

START_TEST(a_product_lives_in_the_context_it_was_asked_in)
{
	app_fresh_get(inject, &error);
	app_fresh_get(request, &error);
	app_fresh_get(root, &error);
	journal_clear();
	expect_ends_in_inject("ended fresh done");
	expect_ends_in_request("ended fresh done");
	expect_ends_in_root("ended fresh done");
}
END_TEST

START_TEST(a_product_lives_with_the_value_it_was_made_for)
{
	app_holder_get(inject, &error);
	journal_expect("created fresh", "created holder from fresh");
	expect_nothing_ends_in_inject();
	expect_nothing_ends_in_request();
	expect_ends_in_root("ended holder done", "ended fresh done");
}
END_TEST

START_TEST(a_product_made_for_a_product_lives_with_it)
{
	app_query_get(inject, &error);
	journal_clear();
	expect_ends_in_inject("ended query done", "ended fresh done");
	expect_ends_in_request("ended session done");
}
END_TEST

/* ---- No home ---- */

START_TEST(without_a_context_of_its_scope_there_is_no_home)
{
	expect_null(app_session_get(root, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.provider, "app_session");
	expect_text("it needs a context of scope request; open are: app");
	expect_null(app_query_get(root, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.path, "app_session <- app_query");
	journal_expect_nothing();
}
END_TEST

START_TEST(the_open_contexts_are_named_innermost_first)
{
	expect_null(app_call_get(request, &error), DI_ENOCONTEXT);
	expect_text("open are: request, app");
	close_as(inject, DI_DONE);
	close_as(request, DI_DONE);
	inject = open_in(root, &di_scope_inject);
	expect_null(app_call_get(inject, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.provider, "app_session");
	expect_text("open are: inject, app");
	close_as(inject, DI_DONE);
	journal_expect_nothing();
}
END_TEST

static void ask_home_for_session(struct part *part)
{
	(void)part;
	expect_null(app_session_get(di_context_current(&app), &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.path, "app_session <- app_fresh <- app_holder");
	journal_write("refused");
}

START_TEST(what_lives_shorter_is_not_had_by_way_of_the_home)
{
	parts_on_new("fresh", ask_home_for_session);
	ck_assert_ptr_nonnull(app_holder_get(inject, &error));
	journal_expect("refused", "created fresh", "created holder from fresh");
}
END_TEST

/* ---- The home while user code runs ---- */

static struct di_context *current;

static void note_current(struct part *part)
{
	(void)part;
	current = di_context_current(&app);
}

START_TEST(di_context_is_the_home)
{
	ck_assert_ptr_nonnull(app_seen_get(inject, &error));
	ck_assert_ptr_eq(given, request);
}
END_TEST

START_TEST(the_home_is_current_while_a_constructor_runs)
{
	parts_on_new("session", note_current);
	app_session_get(inject, &error);
	ck_assert_ptr_eq(current, request);
	parts_on_new("fresh", note_current);
	app_fresh_get(inject, &error);
	ck_assert_ptr_eq(current, inject);
	app_holder_get(inject, &error);
	ck_assert_ptr_eq(current, root);
	ck_assert_ptr_null(di_context_current(&app));
}
END_TEST

START_TEST(the_home_is_current_while_a_finalizer_runs)
{
	parts_on_end("session", note_current);
	app_session_get(inject, &error);
	close_as(inject, DI_DONE);
	current = NULL;
	close_as(request, DI_DONE);
	ck_assert_ptr_eq(current, request);
	ck_assert_ptr_null(di_context_current(&app));
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/home");
	TCase *kinds = tcase_create("kinds"), *none = tcase_create("none"),
	      *running = tcase_create("running");

	tcase_add_checked_fixture(kinds, setup, container_end);
	tcase_add_test(kinds,
		       singletons_and_resources_live_in_the_root_wherever_they_are_asked_for);
	tcase_add_test(kinds, a_context_resource_lives_in_the_innermost_context_of_its_scope);
	tcase_add_test(kinds, a_resource_of_any_scope_lives_in_the_innermost_context);
	tcase_add_test(kinds,
		       an_app_scoped_resource_lives_in_the_root_where_no_other_app_context_is_open);
	tcase_add_test(kinds, a_product_lives_in_the_context_it_was_asked_in);
	tcase_add_test(kinds, a_product_lives_with_the_value_it_was_made_for);
	tcase_add_test(kinds, a_product_made_for_a_product_lives_with_it);
	suite_add_tcase(suite, kinds);

	tcase_add_checked_fixture(none, setup, container_end);
	tcase_add_test(none, without_a_context_of_its_scope_there_is_no_home);
	tcase_add_test(none, what_lives_shorter_is_not_had_by_way_of_the_home);
	tcase_add_test(none, the_open_contexts_are_named_innermost_first);
	suite_add_tcase(suite, none);

	tcase_add_checked_fixture(running, setup, container_end);
	tcase_add_test(running, di_context_is_the_home);
	tcase_add_test(running, the_home_is_current_while_a_constructor_runs);
	tcase_add_test(running, the_home_is_current_while_a_finalizer_runs);
	suite_add_tcase(suite, running);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
