/* SPDX-License-Identifier: MIT */
#include "tests/providers/selector_app.h"

/* What is built from a choice, when what led to that is reset or overridden. */

PART_FAKE(fake)

START_TEST(resetting_the_chosen_option_ends_what_asked)
{
	app_user_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_disk, &error));
	journal_expect("ended user done", "ended disk done");
}
END_TEST

START_TEST(resetting_an_option_that_was_not_chosen_ends_nothing_else)
{
	app_user_get(root, &error);
	app_ram_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_ram, &error));
	journal_expect("ended ram done");
}
END_TEST

START_TEST(resetting_what_the_chooser_needs_ends_what_asked)
{
	app_user_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_mode, &error));
	journal_expect("ended user done", "ended mode done");
	ck_assert_int_eq(parts_alive("disk"), 1);
}
END_TEST

START_TEST(resetting_the_selector_ends_what_asked_it)
{
	app_user_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_store, &error));
	journal_expect("ended user done");
	store_key = "ram";
	ck_assert_str_eq(app_user_get(root, &error)->needs[0]->name, "ram");
}
END_TEST

START_TEST(resetting_sees_through_factories_and_a_constructors_own_choice)
{
	app_top_get(root, &error);
	app_asker_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_disk, &error));
	journal_expect("ended asker done", "ended top done", "ended query done", "ended disk done");
	store_key = "ram";
	app_top_get(root, &error);
	app_asker_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_disk, &error));
	journal_expect_nothing();
	expect_ok(di_reset(root, &app_ram, &error));
	journal_expect("ended asker done", "ended top done", "ended query done", "ended ram done");
}
END_TEST

START_TEST(resetting_sees_through_a_chosen_selector)
{
	struct di_context *context = open_in(root, &di_scope_request);

	mixed_key = "store";
	app_job_get(context, &error);
	journal_clear();
	expect_ok(di_reset(context, &app_store, &error));
	journal_expect("ended job done");
	close_as(context, DI_DONE);
}
END_TEST

START_TEST(an_overridden_selector_is_not_asked)
{
	expect_ok(app_store_override(root, &fake, &error));
	ck_assert_ptr_eq(app_user_get(root, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_store_get(root, &error), &fake);
	journal_expect("created user from fake");
}
END_TEST

START_TEST(an_overridden_option_is_what_its_key_means)
{
	struct part *outer = app_user_get(root, &error);

	request = open_in(root, &di_scope_request);
	expect_ok(app_disk_override(request, &fake, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	ck_assert_ptr_eq(app_user_get(request, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_user_get(root, &error), outer);
}
END_TEST

START_TEST(an_overridden_need_of_the_chooser_is_given_to_it)
{
	app_user_get(root, &error);
	request = open_in(root, &di_scope_request);
	expect_ok(app_mode_override(request, &fake, &error));
	store_key = "ram";
	ck_assert_str_eq(app_user_get(request, &error)->needs[0]->name, "ram");
	ck_assert_ptr_eq(mode_seen, &fake);
	ck_assert_str_eq(app_user_get(root, &error)->needs[0]->name, "disk");
}
END_TEST

START_TEST(overriding_the_chosen_option_under_what_asked_is_refused)
{
	app_user_get(root, &error);
	expect_error(app_disk_override(root, &fake, &error), DI_EBUSY);
	expect_text("app_disk and 1 more");
	expect_error(app_mode_override(root, &fake, &error), DI_EBUSY);
	expect_error(app_store_override(root, &fake, &error), DI_EBUSY);
	expect_ok(di_reset(root, &app_disk, &error));
	expect_ok(app_disk_override(root, &fake, &error));
	ck_assert_ptr_eq(app_user_get(root, &error)->needs[0], &fake);
}
END_TEST

START_TEST(overriding_another_option_disturbs_nothing)
{
	struct part *user = app_user_get(root, &error), *top = app_top_get(root, &error);

	expect_ok(app_ram_override(root, &fake, &error));
	ck_assert_ptr_eq(app_user_get(root, &error), user);
	ck_assert_ptr_eq(app_top_get(root, &error), top);
	store_key = "ram";
	ck_assert_ptr_eq(app_store_get(root, &error), &fake);
	expect_ok(di_reset(root, &app_user, &error));
	ck_assert_ptr_eq(app_user_get(root, &error)->needs[0], &fake);
	expect_error(app_ram_override(root, user, &error), DI_EBUSY);
}
END_TEST

START_TEST(a_choice_in_a_context_that_the_constructor_opened_counts)
{
	asks_inside = 1;
	ck_assert_ptr_nonnull(app_asker_get(root, &error));
	journal_clear();
	expect_ok(di_reset(root, &app_disk, &error));
	journal_expect("ended asker done", "ended disk done");
}
END_TEST

START_TEST(what_the_chooser_resolved_itself_counts)
{
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_nonnull(app_job_get(request, &error));
	expect_ok(app_mode_override(request, &fake, &error));
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	chooser_asks = 1;
	ck_assert_ptr_nonnull(app_job_get(request, &error));
	expect_error(app_mode_override(request, &fake, &error), DI_EBUSY);
	expect_text("app_job was built from it here");
}
END_TEST

START_TEST(what_has_got_an_outer_value_of_a_choice_is_in_the_way)
{
	struct part *desk, *user = app_user_get(root, &error);

	request = open_in(root, &di_scope_request);
	desk = app_desk_get(request, &error);
	ck_assert_ptr_eq(desk->needs[0], user);
	expect_error(app_ram_override(request, &fake, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "app_ram: in use: app_desk was built from it here; "
				       "di_reset() that first");
	ck_assert_ptr_eq(app_user_get(request, &error), user);
	expect_ok(di_reset(request, &app_desk, &error));
	expect_ok(app_ram_override(request, &fake, &error));
	desk = app_desk_get(request, &error);
	ck_assert_ptr_eq(desk->needs[0], app_user_get(request, &error));
	ck_assert_ptr_eq(app_user_get(root, &error), user);
}
END_TEST

START_TEST(so_is_what_has_got_one_whose_constructor_chose_itself)
{
	struct part *board;

	app_asker_get(root, &error);
	request = open_in(root, &di_scope_request);
	app_board_get(request, &error);
	expect_error(app_ram_override(request, &fake, &error), DI_EBUSY);
	expect_text("app_board was built from it here");
	expect_ok(di_reset(request, &app_board, &error));
	expect_ok(app_ram_override(request, &fake, &error));
	board = app_board_get(request, &error);
	ck_assert_ptr_eq(board->needs[0], app_asker_get(request, &error));
}
END_TEST

START_TEST(another_row_may_stand_for_a_selector)
{
	expect_ok(di_override_with(root, &app_store, &app_fixed, &error));
	ck_assert_str_eq(app_user_get(root, &error)->needs[0]->name, "ram");
	expect_error(app_ram_override(root, &fake, &error), DI_EBUSY);
	expect_ok(di_reset(root, &app_ram, &error));
	ck_assert_int_eq(parts_alive("user"), 0);
}
END_TEST

static enum di_status put_it_for_an_option(void *data, struct di_error *err)
{
	(void)data;
	return di_override_with(root, &app_disk, &app_store, err);
}

START_TEST(a_selector_may_not_stand_for_an_option_of_its_own)
{
	misuse_expect(put_it_for_an_option, NULL, DI_EINVAL, "app_store needs it");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("providers/selector/built");
	TCase *built = di_check_case(all, "built from a choice", setup_root, teardown);

	tcase_add_test(built, resetting_the_chosen_option_ends_what_asked);
	tcase_add_test(built, resetting_an_option_that_was_not_chosen_ends_nothing_else);
	tcase_add_test(built, resetting_what_the_chooser_needs_ends_what_asked);
	tcase_add_test(built, resetting_the_selector_ends_what_asked_it);
	tcase_add_test(built, resetting_sees_through_factories_and_a_constructors_own_choice);
	tcase_add_test(built, resetting_sees_through_a_chosen_selector);
	tcase_add_test(built, an_overridden_selector_is_not_asked);
	tcase_add_test(built, an_overridden_option_is_what_its_key_means);
	tcase_add_test(built, an_overridden_need_of_the_chooser_is_given_to_it);
	tcase_add_test(built, overriding_the_chosen_option_under_what_asked_is_refused);
	tcase_add_test(built, overriding_another_option_disturbs_nothing);
	tcase_add_test(built, a_choice_in_a_context_that_the_constructor_opened_counts);
	tcase_add_test(built, what_the_chooser_resolved_itself_counts);
	tcase_add_test(built, what_has_got_an_outer_value_of_a_choice_is_in_the_way);
	tcase_add_test(built, so_is_what_has_got_one_whose_constructor_chose_itself);
	tcase_add_test(built, another_row_may_stand_for_a_selector);
	tcase_add_test(built, a_selector_may_not_stand_for_an_option_of_its_own);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
