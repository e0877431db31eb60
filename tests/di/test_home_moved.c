/* SPDX-License-Identifier: MIT */
#include "tests/di/home_app.h"

/* Where values live that are built from something overridden, or begun afresh, further in. */

PART_FAKE(fake)

/* ---- Overriding ---- */

START_TEST(what_is_built_from_an_override_lives_where_it_was_overridden)
{
	struct part *outer = app_store_get(root, &error);

	close_as(inject, DI_DONE);
	expect_ok(app_config_override(request, &fake, &error));
	inject = open_in(request, &di_scope_inject);
	journal_clear();
	ck_assert_ptr_ne(app_store_get(inject, &error), outer);
	journal_expect("created pool from fake", "created store from pool");
	ck_assert_ptr_eq(app_store_get(request, &error), app_store_get(inject, &error));
	ck_assert_ptr_eq(app_store_get(root, &error), outer);
	expect_nothing_ends_in_inject();
	expect_ends_in_request("ended store done", "ended pool done");
	ck_assert_ptr_eq(app_store_get(root, &error), outer);
	ck_assert(outer->alive);
}
END_TEST

START_TEST(what_is_not_built_from_an_override_stays_outside)
{
	close_as(inject, DI_DONE);
	expect_ok(app_config_override(request, &fake, &error));
	ck_assert_ptr_nonnull(app_apart_get(request, &error));
	ck_assert_ptr_nonnull(app_holder_get(request, &error));
	journal_clear();
	expect_nothing_ends_in_request();
	expect_ends_in_root("ended holder done", "ended fresh done", "ended apart done");
}
END_TEST

START_TEST(scope_and_override_meet_in_the_innermost_of_both)
{
	close_as(inject, DI_DONE);
	expect_ok(app_pool_override(request, &fake, &error));
	inject = open_in(request, &di_scope_inject);
	/* The scope of call is further in than what overrides; that of session is the same. */
	ck_assert_ptr_nonnull(app_call_get(inject, &error));
	journal_expect("created store from fake", "created session from store",
		       "created call from session");
	expect_ends_in_inject("ended call done");
	expect_ends_in_request("ended session done", "ended store done");
}
END_TEST

START_TEST(an_override_further_in_than_the_scope_moves_the_home_in)
{
	struct part *session = app_session_get(request, &error);

	expect_ok(app_config_override(inject, &fake, &error));
	journal_clear();
	ck_assert_ptr_ne(app_session_get(inject, &error), session);
	journal_expect("created pool from fake", "created store from pool",
		       "created session from store");
	expect_ends_in_inject("ended session done", "ended store done", "ended pool done");
	ck_assert_ptr_eq(app_session_get(request, &error), session);
}
END_TEST

START_TEST(a_product_stays_where_it_is_asked_for_under_an_override)
{
	close_as(inject, DI_DONE);
	expect_ok(app_session_override(request, &fake, &error));
	inject = open_in(request, &di_scope_inject);
	ck_assert_ptr_nonnull(app_query_get(inject, &error));
	journal_expect("created fresh", "created query from fake fresh");
	expect_ends_in_inject("ended query done", "ended fresh done");
}
END_TEST

/* ---- Nested contexts of scope app ---- */

START_TEST(singletons_built_from_app_resources_begin_afresh_with_them)
{
	struct part *outer = app_board_get(root, &error), *inner;
	struct di_context *again = open_in(inject, &di_scope_app);

	inner = app_board_get(again, &error);
	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_eq(inner->needs[0], app_whole_get(again, &error));
	ck_assert_ptr_ne(inner->needs[0], outer->needs[0]);
	ck_assert_ptr_eq(app_pool_get(again, &error), app_pool_get(root, &error));
	journal_clear();
	close_as(again, DI_DONE);
	journal_expect("ended board done", "ended whole done");
	ck_assert_ptr_eq(app_board_get(inject, &error), outer);
	ck_assert(outer->alive);
}
END_TEST

START_TEST(a_value_follows_what_it_is_built_from_further_in_than_its_scope)
{
	struct part *outer = app_chat_get(inject, &error);
	struct di_context *again = open_in(inject, &di_scope_app);

	ck_assert_ptr_ne(app_chat_get(again, &error), outer);
	journal_clear();
	close_as(again, DI_DONE);
	journal_expect("ended chat done", "ended board done", "ended whole done");
	ck_assert_ptr_eq(app_chat_get(inject, &error), outer);
}
END_TEST

START_TEST(beginning_afresh_what_it_is_built_from_is_no_scope)
{
	struct di_context *again = open_in(root, &di_scope_app);

	expect_null(app_chat_get(again, &error), DI_ENOCONTEXT);
	close_as(again, DI_DONE);
	journal_expect_nothing();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/home_moved");
	TCase *overriding = tcase_create("overriding"), *nested = tcase_create("nested");

	tcase_add_checked_fixture(overriding, setup, container_end);
	tcase_add_test(overriding, what_is_built_from_an_override_lives_where_it_was_overridden);
	tcase_add_test(overriding, what_is_not_built_from_an_override_stays_outside);
	tcase_add_test(overriding, scope_and_override_meet_in_the_innermost_of_both);
	tcase_add_test(overriding, an_override_further_in_than_the_scope_moves_the_home_in);
	tcase_add_test(overriding, a_product_stays_where_it_is_asked_for_under_an_override);
	suite_add_tcase(suite, overriding);

	tcase_add_checked_fixture(nested, setup, container_end);
	tcase_add_test(nested, singletons_built_from_app_resources_begin_afresh_with_them);
	tcase_add_test(nested, a_value_follows_what_it_is_built_from_further_in_than_its_scope);
	tcase_add_test(nested, beginning_afresh_what_it_is_built_from_is_no_scope);
	suite_add_tcase(suite, nested);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
