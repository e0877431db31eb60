/* SPDX-License-Identifier: MIT */
#include "tests/di/gathering_app.h"

#include <errno.h>

/* Values of threads that are asked for before what they need, and takes time, is there. */

START_TEST(what_it_needs_is_made_first_and_then_it_is)
{
	ask(&app_view);
	ck_assert_int_eq(answer.times, 0);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, app_view_get(root, &error));
	ck_assert_uint_eq(di_thread_count(container), 1);
	journal_expect("began base", "created base", "created view from base");
	expect_ok(di_thread_end(container, &error));
	journal_expect("ended view done");
}
END_TEST

START_TEST(what_it_needs_by_others_is_made_in_parallel)
{
	ask(&app_deep);
	journal_expect("began spare", "began base", "began feed");
	ck_assert_int_eq(later_run(), 1);
	answer_expect(&answer, DI_OK);
	journal_expect("created spare", "created base", "created feed from config",
		       "created mid from feed", "created view from base",
		       "created wide from view mid", "created slip from spare",
		       "created deep from wide slip");
}
END_TEST

START_TEST(who_asks_meanwhile_gets_the_same)
{
	ask(&app_view);
	di_get_async(root, &app_view, answer_take_any, &other, &error);
	expect_null(app_view_get(root, &error), DI_EAGAIN);
	expect_text("app_view");
	expect_text("app_base");
	later_run();
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(answer.part, other.part);
	journal_expect("began base", "created base", "created view from base");
}
END_TEST

START_TEST(what_completes_at_once_calls_back_at_once)
{
	later_at_once("base");
	ask(&app_view);
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(one_that_is_there_is_had_at_once_and_nothing_is_made_for_it)
{
	ask(&app_picky);
	later_run();
	chosen = "slip";
	journal_clear();
	di_get_async(root, &app_picky, answer_take_any, &other, &error);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(other.part, answer.part);
	journal_expect_nothing();
}
END_TEST

START_TEST(a_product_of_it_is_made_from_it)
{
	ask(&app_note);
	later_run();
	answer_expect(&answer, DI_OK);
	journal_expect("began base", "created base", "created view from base",
		       "created note from view");
	expect_ok(app_note_drop(root, answer.part, &error));
	journal_expect("ended note done");
}
END_TEST

START_TEST(of_several_only_what_is_chosen_is_made)
{
	ask(&app_picky);
	later_run();
	answer_expect(&answer, DI_OK);
	journal_expect("created quick", "began feed", "created feed from config",
		       "created picky from feed");
}
END_TEST

START_TEST(what_a_chosen_product_needs_is_made_and_the_product_once)
{
	chosen = "slip";
	ask(&app_picky);
	later_run();
	answer_expect(&answer, DI_OK);
	journal_expect("created quick", "began spare", "created spare", "created slip from spare",
		       "created picky from slip");
}
END_TEST

START_TEST(all_that_a_list_has_is_made)
{
	const struct several *both;

	ask(&app_both);
	ck_assert_int_eq(later_run(), 1);
	answer_expect(&answer, DI_OK);
	both = app_both_get(root, &error);
	ck_assert_ptr_eq((const void *)answer.part, both);
	ck_assert_ptr_eq(both->items[0], app_fed_get(root, &error));
	ck_assert_ptr_eq(both->items[1], app_view_get(root, &error));
}
END_TEST

START_TEST(what_a_handle_leads_to_is_made_when_that_is_used)
{
	ask(&app_calm);
	answer_expect(&answer, DI_OK);
	journal_expect("created calm");
}
END_TEST

START_TEST(who_chooses_nothing_is_named)
{
	chosen = "none";
	ask(&app_picky);
	answer_expect(&answer, DI_ENOVALUE);
	answer_text(&answer, "app_any <- app_picky");
}
END_TEST

START_TEST(a_need_that_fails_is_in_the_path)
{
	parts_fail_new("base", EIO, 1);
	ask(&app_deep);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "app_base <- app_view <- app_wide <- app_deep");
	ck_assert_uint_eq(di_thread_count(container), 0);
	memset(&answer, 0, sizeof(answer));
	ask(&app_deep);
	later_run();
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(its_own_failure_comes_after_its_needs)
{
	parts_fail_new("view", EIO, 1);
	ask(&app_view);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "app_view");
	memset(&answer, 0, sizeof(answer));
	ask(&app_view);
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(a_product_that_takes_time_is_no_need_of_it)
{
	ask(&app_wired);
	answer_expect(&answer, DI_ETHREAD);
	answer_text(&answer, "app_line <- app_wired");
	answer_text(&answer, "made asynchronously, wherever that completes, and app_wired, which "
			     "it would be made for, lives with a thread");
	journal_expect_nothing();
}
END_TEST

START_TEST(below_an_override_it_is_made_there)
{
	PART_FAKE(fake)
	struct di_context *request = open_in(root, &di_scope_request);

	ask(&app_fed);
	later_run();
	expect_ok(app_config_override(request, &fake, &error));
	di_get_async(request, &app_fed, answer_take_any, &other, &error);
	later_run();
	answer_expect(&other, DI_OK);
	ck_assert_ptr_ne(other.part, answer.part);
	ck_assert_ptr_eq(other.part->needs[0]->needs[0], &fake);
	ck_assert_ptr_eq(app_fed_get(request, &error), other.part);
	memset(&other, 0, sizeof(other));
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	later_run();
	answer_expect(&other, DI_OK);
}
END_TEST

START_TEST(what_overrides_a_need_is_enough)
{
	PART_FAKE(fake)
	struct di_context *request = open_in(root, &di_scope_request);

	expect_ok(app_base_override(request, &fake, &error));
	di_get_async(request, &app_view, answer_take_any, &answer, &error);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part->needs[0], &fake);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_stand_in_for_it_is_gathered)
{
	struct di_context *request = open_in(root, &di_scope_request);

	expect_ok(di_override_with(request, &app_view, &app_fed, &error));
	di_get_async(request, &app_view, answer_take_any, &answer, &error);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_str_eq(answer.part->name, "fed");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(what_is_built_from_it_is_made_once_it_is_there)
{
	struct di_context *request = open_in(root, &di_scope_request);

	di_get_async(request, &app_page, answer_take_any, &answer, &error);
	answer_expect(&answer, DI_ETHREAD);
	answer_text(&answer, "app_view");
	memset(&answer, 0, sizeof(answer));
	di_get_async(request, &app_view, answer_take_any, &answer, &error);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_msg(app_page_get(request, &error) != NULL, "%s", error_text());
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/gathering");
	TCase *one = tcase_create("one thread");

	tcase_add_checked_fixture(one, setup, later_container_end);
	tcase_add_test(one, what_it_needs_is_made_first_and_then_it_is);
	tcase_add_test(one, what_it_needs_by_others_is_made_in_parallel);
	tcase_add_test(one, who_asks_meanwhile_gets_the_same);
	tcase_add_test(one, what_completes_at_once_calls_back_at_once);
	tcase_add_test(one, one_that_is_there_is_had_at_once_and_nothing_is_made_for_it);
	tcase_add_test(one, a_product_of_it_is_made_from_it);
	tcase_add_test(one, of_several_only_what_is_chosen_is_made);
	tcase_add_test(one, what_a_chosen_product_needs_is_made_and_the_product_once);
	tcase_add_test(one, all_that_a_list_has_is_made);
	tcase_add_test(one, what_a_handle_leads_to_is_made_when_that_is_used);
	tcase_add_test(one, who_chooses_nothing_is_named);
	tcase_add_test(one, a_need_that_fails_is_in_the_path);
	tcase_add_test(one, its_own_failure_comes_after_its_needs);
	tcase_add_test(one, a_product_that_takes_time_is_no_need_of_it);
	tcase_add_test(one, below_an_override_it_is_made_there);
	tcase_add_test(one, what_overrides_a_need_is_enough);
	tcase_add_test(one, a_stand_in_for_it_is_gathered);
	tcase_add_test(one, what_is_built_from_it_is_made_once_it_is_there);
	suite_add_tcase(suite, one);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
