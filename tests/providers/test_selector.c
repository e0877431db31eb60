/* SPDX-License-Identifier: MIT */
#include "tests/providers/selector_app.h"

/* Choosing one of several. */

START_TEST(it_gives_the_value_of_the_row_it_chose_and_makes_only_that)
{
	ck_assert_ptr_eq(app_store_get(root, &error), app_disk_get(root, &error));
	journal_expect("created mode", "chose disk", "created disk");
	ck_assert_ptr_eq(mode_seen, app_mode_get(root, &error));
}
END_TEST

START_TEST(it_chooses_anew_each_time)
{
	app_store_get(root, &error);
	store_key = "ram";
	ck_assert_ptr_eq(app_store_get(root, &error), app_ram_get(root, &error));
	journal_expect("created mode", "chose disk", "created disk", "chose ram",
		       "created ram from mode");
}
END_TEST

START_TEST(a_value_keeps_what_was_chosen_for_it)
{
	struct part *user = app_user_get(root, &error);

	store_key = "ram";
	ck_assert_ptr_eq(app_user_get(root, &error), user);
	ck_assert_str_eq(user->needs[0]->name, "disk");
}
END_TEST

START_TEST(a_constant_key_chooses_without_a_function)
{
	ck_assert_str_eq(app_fixed_get(root, &error)->name, "ram");
	ck_assert_int_eq(parts_alive("disk"), 0);
}
END_TEST

START_TEST(the_value_lives_in_the_home_of_the_row_it_is_of)
{
	mixed_key = "session";
	ck_assert_ptr_eq(app_mixed_get(request, &error), app_session_get(request, &error));
	mixed_key = "store";
	ck_assert_ptr_eq(app_mixed_get(request, &error), app_disk_get(root, &error));
	journal_clear();
	close_as(request, DI_DONE);
	request = NULL;
	journal_expect("ended session done");
	ck_assert_int_eq(parts_alive("disk"), 1);
}
END_TEST

START_TEST(it_lives_as_shortly_as_any_of_its_options)
{
	ck_assert_int_eq(app_store.life, 0);
	ck_assert_int_eq(app_mixed.life, di_scope_request.rank);
	ck_assert_uint_eq(app_store.needs_count, 2);
	ck_assert_uint_eq(app_store.options_count, 2);
}
END_TEST

START_TEST(an_option_without_a_context_fails_and_the_others_do_not)
{
	mixed_key = "session";
	expect_null(app_mixed_get(root, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error.path, "app_session <- app_mixed");
	mixed_key = "store";
	ck_assert_str_eq(app_mixed_get(root, &error)->name, "disk");
}
END_TEST

START_TEST(an_unknown_key_is_named_with_the_keys_there_are)
{
	store_key = "tape";
	expect_null(app_user_get(root, &error), DI_ENOVALUE);
	ck_assert_str_eq(error.path, "app_store <- app_user");
	ck_assert_str_eq(error.provider, "app_store");
	expect_text("choose_store chose \"tape\"; the keys are \"disk\", \"ram\"");
	store_key = "ram";
	ck_assert_ptr_nonnull(app_user_get(root, &error));
}
END_TEST

START_TEST(no_key_is_an_error_too)
{
	store_key = NULL;
	expect_null(app_store_get(root, &error), DI_ENOVALUE);
	ck_assert_str_eq(error.path, "app_store");
	expect_text("choose_store chose nothing; the keys are \"disk\", \"ram\"");
}
END_TEST

START_TEST(an_option_that_fails_is_named_with_the_path_through_the_selector)
{
	parts_fail_new("disk", EIO, 1);
	expect_null(app_user_get(root, &error), DI_ECREATE);
	ck_assert_str_eq(error.path, "app_disk <- app_store <- app_user");
	ck_assert_ptr_nonnull(app_user_get(root, &error));
}
END_TEST

START_TEST(a_need_of_the_chooser_that_fails_is_named_with_the_path)
{
	parts_fail_new("mode", EIO, 1);
	expect_null(app_user_get(root, &error), DI_ECREATE);
	ck_assert_str_eq(error.path, "app_mode <- app_store <- app_user");
}
END_TEST

START_TEST(selectors_choose_selectors)
{
	struct part *job;

	mixed_key = "store";
	store_key = "ram";
	job = app_job_get(request, &error);
	ck_assert_str_eq(job->needs[0]->name, "ram");
	store_key = "tape";
	expect_null(app_mixed_get(request, &error), DI_ENOVALUE);
	ck_assert_str_eq(error.path, "app_store <- app_mixed");
}
END_TEST

START_TEST(what_is_made_for_the_chooser_ends_when_it_has_chosen)
{
	app_mixed_get(request, &error);
	journal_expect("created hint", "ended hint done", "created disk",
		       "created fresh from disk");
	mixed_key = NULL;
	journal_clear();
	expect_null(app_mixed_get(request, &error), DI_ENOVALUE);
	journal_expect("created hint", "ended hint failed");
}
END_TEST

START_TEST(a_choice_fails_if_what_it_needed_ends_badly)
{
	parts_fail_end("hint", EIO, 1);
	expect_null(app_job_get(request, &error), DI_EFINALIZE);
	ck_assert_str_eq(error.path, "app_hint <- app_mixed <- app_job");
	ck_assert_int_eq(parts_alive("fresh") + parts_alive("hint"), 0);
}
END_TEST

START_TEST(the_context_itself_may_be_an_option)
{
	ck_assert_ptr_eq(app_where_get(request, &error), request);
	ck_assert_ptr_nonnull(app_placed_get(request, &error));
	ck_assert_ptr_eq(home_seen, root);
}
END_TEST

START_TEST(the_chooser_runs_in_the_home_of_who_asks)
{
	app_job_get(open_in(request, &di_scope_inject), &error);
	ck_assert_ptr_eq(home_seen, request);
	ck_assert_ptr_eq(current_seen, request);
	app_new_get(root, &error);
	ck_assert_ptr_eq(current_seen, root);
	container_free_expect(DI_EOPEN);
	request = NULL;
}
END_TEST

START_TEST(choosing_keeps_no_memory)
{
	unsigned long before;
	int i;

	app_store_get(root, &error);
	before = memory.allocations;
	for (i = 0; i < 1000; i++)
		app_store_get(root, &error);
	ck_assert_uint_eq(memory.allocations, before);
}
END_TEST

START_TEST(a_chosen_product_belongs_to_the_value_that_asked)
{
	struct part *pair = app_pair_get(root, &error);

	ck_assert_ptr_ne(pair->needs[0], pair->needs[1]);
	expect_error(app_fresh_drop(root, pair->needs[0], &error), DI_EBUSY);
	expect_text("made for app_pair");
	close_as(request, DI_DONE);
	request = NULL;
	journal_clear();
	expect_ok(di_reset(root, &app_pair, &error));
	journal_expect("ended pair done", "ended fresh done", "ended fresh done");
}
END_TEST

START_TEST(a_chosen_product_of_a_failed_value_ends)
{
	parts_fail_new("pair", EIO, 1);
	expect_null(app_pair_get(root, &error), DI_ECREATE);
	journal_expect("created disk", "created fresh from disk", "created fresh from disk",
		       "failed pair", "ended fresh failed", "ended fresh failed");
}
END_TEST

START_TEST(a_chosen_product_that_nobody_asked_for_belongs_to_the_context)
{
	struct part *fresh = app_new_get(request, &error);

	ck_assert_ptr_ne(app_new_get(request, &error), fresh);
	expect_ok(app_fresh_drop(request, fresh, &error));
	ck_assert_int_eq(parts_alive("fresh"), 1);
	close_as(request, DI_DONE);
	request = NULL;
	ck_assert_int_eq(parts_alive("fresh"), 0);
}
END_TEST

/* ---- Handlers. ---- */

static int look(struct part *mixed)
{
	journal_write("looked at %s", mixed->name);
	return 0;
}

DI_HANDLER(look_at, int, (void), (look, app_mixed));
DI_HANDLER(look_in, int, (void), (look, app_store));

START_TEST(a_handler_ends_the_product_that_was_chosen_for_it)
{
	int result;

	app_disk_get(root, &error);
	journal_clear();
	expect_ok(look_at(request, &result, &error));
	journal_expect("created hint", "ended hint done", "created fresh from disk",
		       "looked at fresh", "ended fresh done");
}
END_TEST

START_TEST(a_handler_names_itself_after_the_selector)
{
	int result;

	store_key = "tape";
	expect_error(look_in(request, &result, &error), DI_ENOVALUE);
	ck_assert_str_eq(error.path, "app_store <- look_in");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("providers/selector");
	TCase *choosing = di_check_case(all, "choosing", setup, teardown);
	TCase *handlers = di_check_case(all, "handlers", setup, teardown);

	tcase_add_test(choosing, it_gives_the_value_of_the_row_it_chose_and_makes_only_that);
	tcase_add_test(choosing, it_chooses_anew_each_time);
	tcase_add_test(choosing, a_value_keeps_what_was_chosen_for_it);
	tcase_add_test(choosing, a_constant_key_chooses_without_a_function);
	tcase_add_test(choosing, the_value_lives_in_the_home_of_the_row_it_is_of);
	tcase_add_test(choosing, it_lives_as_shortly_as_any_of_its_options);
	tcase_add_test(choosing, an_option_without_a_context_fails_and_the_others_do_not);
	tcase_add_test(choosing, an_unknown_key_is_named_with_the_keys_there_are);
	tcase_add_test(choosing, no_key_is_an_error_too);
	tcase_add_test(choosing, an_option_that_fails_is_named_with_the_path_through_the_selector);
	tcase_add_test(choosing, a_need_of_the_chooser_that_fails_is_named_with_the_path);
	tcase_add_test(choosing, selectors_choose_selectors);
	tcase_add_test(choosing, what_is_made_for_the_chooser_ends_when_it_has_chosen);
	tcase_add_test(choosing, a_choice_fails_if_what_it_needed_ends_badly);
	tcase_add_test(choosing, the_context_itself_may_be_an_option);
	tcase_add_test(choosing, the_chooser_runs_in_the_home_of_who_asks);
	tcase_add_test(choosing, choosing_keeps_no_memory);
	tcase_add_test(choosing, a_chosen_product_belongs_to_the_value_that_asked);
	tcase_add_test(choosing, a_chosen_product_of_a_failed_value_ends);
	tcase_add_test(choosing, a_chosen_product_that_nobody_asked_for_belongs_to_the_context);
	tcase_add_test(handlers, a_handler_ends_the_product_that_was_chosen_for_it);
	tcase_add_test(handlers, a_handler_names_itself_after_the_selector);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
