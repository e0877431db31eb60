/* SPDX-License-Identifier: MIT */
#include "tests/support/fill.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton,        app_mode,    struct part, (mode_new),              mode_end) \
	X(singleton,        app_disk,    struct part, (disk_new),              disk_end) \
	X(singleton,        app_ram,     struct part, (ram_new, app_mode),     ram_end) \
	X(context_resource, app_session, struct part, (session_new, app_disk), session_end, request) \
	X(factory,          app_fresh,   struct part, (fresh_new, app_disk),   fresh_end) \
	X(factory,          app_hint,    struct part, (hint_new),              hint_end) \
	X(selector,         app_store,   struct part, (choose_store, app_mode), ("disk", app_disk), ("ram", app_ram)) \
	X(selector,         app_fixed,   struct part, DI_ALWAYS("ram"),        ("disk", app_disk), ("ram", app_ram)) \
	X(selector,         app_mixed,   struct part, (choose_mixed, app_hint, DI_CONTEXT), \
		("session", app_session), ("fresh", app_fresh), ("store", app_store)) \
	X(selector,         app_new,     struct part, (choose_new), ("fresh", app_fresh)) \
	X(selector,         app_where,   struct di_context, (choose_new), ("fresh", DI_CONTEXT)) \
	X(singleton,        app_user,    struct part, (user_new, app_store),   user_end) \
	X(singleton,        app_placed,  struct part, (place, app_where),      placed_end) \
	X(singleton,        app_pair,    struct part, (pair_new, app_new, app_new), pair_end) \
	X(context_resource, app_job,     struct part, (job_new, app_mixed),    job_end, request) \
	X(context_resource, app_desk,    struct part, (desk_new, app_user),    desk_end, request) \
	X(factory,          app_query,   struct part, (query_new, app_store),  query_end) \
	X(singleton,        app_asker,   struct part, (ask, DI_CONTEXT),       asker_end) \
	X(context_resource, app_board,   struct part, (board_new, app_asker),  board_end, request) \
	X(singleton,        app_top,     struct part, (top_new, app_query),    top_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(mode)
PART(disk)
PART_OF_1(ram)
PART_OF_1(session)
PART_OF_1(fresh)
PART(hint)
PART(placed)
PART_OF_1(user)
PART_OF_2(pair)
PART_OF_1(job)
PART_OF_1(desk)
PART_OF_1(query)
PART_OF_1(top)
PART_OF_1(asker)
PART_OF_1(board)

static const char *store_key, *mixed_key;
static struct part *mode_seen;
static int chooser_asks, asks_inside;
static struct di_context *home_seen, *current_seen;

static const char *choose_store(struct part *mode)
{
	mode_seen = mode;
	journal_write("chose %s", store_key != NULL ? store_key : "nothing");
	return store_key;
}

static const char *choose_mixed(struct part *hint, struct di_context *home)
{
	ck_assert_int_eq(hint->alive, 1);
	home_seen = home;
	current_seen = di_context_current(&app);
	if (chooser_asks)
		ck_assert_ptr_nonnull(app_mode_get(home, NULL));
	return mixed_key;
}

static const char *choose_new(void)
{
	current_seen = di_context_current(&app);
	return "fresh";
}

static int place(struct part **out, struct di_context *where)
{
	home_seen = where;
	return placed_new(out);
}

static int ask(struct part **out, struct di_context *home)
{
	struct di_context *at = asks_inside ? open_in(home, &di_scope_request) : home;
	struct part *store = app_store_get(at, NULL);

	if (at != home)
		close_as(at, DI_DONE);
	return store != NULL ? asker_new(out, store) : EIO;
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	store_key = "disk";
	mixed_key = "fresh";
	chooser_asks = asks_inside = 0;
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	if (container != NULL && request != NULL)
		close_as(request, DI_DONE);
	container_end();
}

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

static Suite *choosing(void)
{
	Suite *suite = suite_create("providers/selector");
	TCase *tcase = tcase_create("choosing");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, it_gives_the_value_of_the_row_it_chose_and_makes_only_that);
	tcase_add_test(tcase, it_chooses_anew_each_time);
	tcase_add_test(tcase, a_value_keeps_what_was_chosen_for_it);
	tcase_add_test(tcase, a_constant_key_chooses_without_a_function);
	tcase_add_test(tcase, the_value_lives_in_the_home_of_the_row_it_is_of);
	tcase_add_test(tcase, it_lives_as_shortly_as_any_of_its_options);
	tcase_add_test(tcase, an_option_without_a_context_fails_and_the_others_do_not);
	tcase_add_test(tcase, an_unknown_key_is_named_with_the_keys_there_are);
	tcase_add_test(tcase, no_key_is_an_error_too);
	tcase_add_test(tcase, an_option_that_fails_is_named_with_the_path_through_the_selector);
	tcase_add_test(tcase, a_need_of_the_chooser_that_fails_is_named_with_the_path);
	tcase_add_test(tcase, selectors_choose_selectors);
	tcase_add_test(tcase, what_is_made_for_the_chooser_ends_when_it_has_chosen);
	tcase_add_test(tcase, a_choice_fails_if_what_it_needed_ends_badly);
	tcase_add_test(tcase, the_context_itself_may_be_an_option);
	tcase_add_test(tcase, the_chooser_runs_in_the_home_of_who_asks);
	tcase_add_test(tcase, choosing_keeps_no_memory);
	tcase_add_test(tcase, a_chosen_product_belongs_to_the_value_that_asked);
	tcase_add_test(tcase, a_chosen_product_of_a_failed_value_ends);
	tcase_add_test(tcase, a_chosen_product_that_nobody_asked_for_belongs_to_the_context);
	suite_add_tcase(suite, tcase);
	return suite;
}

/* ---- What is built from a choice. ---- */

static void setup_root(void)
{
	setup();
	close_as(request, DI_DONE);
	request = NULL;
}

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

static TCase *built_from(void)
{
	TCase *tcase = tcase_create("built_from");

	tcase_add_checked_fixture(tcase, setup_root, teardown);
	tcase_add_test(tcase, resetting_the_chosen_option_ends_what_asked);
	tcase_add_test(tcase, resetting_an_option_that_was_not_chosen_ends_nothing_else);
	tcase_add_test(tcase, resetting_what_the_chooser_needs_ends_what_asked);
	tcase_add_test(tcase, resetting_the_selector_ends_what_asked_it);
	tcase_add_test(tcase, resetting_sees_through_factories_and_a_constructors_own_choice);
	tcase_add_test(tcase, resetting_sees_through_a_chosen_selector);
	tcase_add_test(tcase, an_overridden_selector_is_not_asked);
	tcase_add_test(tcase, an_overridden_option_is_what_its_key_means);
	tcase_add_test(tcase, an_overridden_need_of_the_chooser_is_given_to_it);
	tcase_add_test(tcase, overriding_the_chosen_option_under_what_asked_is_refused);
	tcase_add_test(tcase, overriding_another_option_disturbs_nothing);
	tcase_add_test(tcase, a_choice_in_a_context_that_the_constructor_opened_counts);
	tcase_add_test(tcase, what_the_chooser_resolved_itself_counts);
	tcase_add_test(tcase, what_has_got_an_outer_value_of_a_choice_is_in_the_way);
	tcase_add_test(tcase, so_is_what_has_got_one_whose_constructor_chose_itself);
	tcase_add_test(tcase, another_row_may_stand_for_a_selector);
	tcase_add_test(tcase, a_selector_may_not_stand_for_an_option_of_its_own);
	return tcase;
}

/* ---- Handlers, memory, threads. ---- */

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

/* Asks for all that selectors take part in, with the next allocation failing after pieces. */
static int try_with(unsigned pieces, struct di_context *context, const struct di_provider *provider)
{
	int made;

	fill(context, pieces);
	failing_allocator_fail(&memory, 1);
	made = di_resolve(context, &error, provider) != NULL;
	failing_allocator_fail(&memory, 0);
	return made;
}

static void sweep(const struct di_provider *provider)
{
	unsigned pieces, failed = 0;

	for (pieces = 0; pieces <= FILL_MOST; pieces++) {
		teardown();
		setup_root();
		parts_clear();
		if (try_with(pieces, root, provider))
			continue;
		failed++;
		ck_assert(error.status == DI_ENOMEM || error.cause == EIO);
		ck_assert_int_eq(parts_alive("fresh") + parts_alive("hint") + parts_alive("user"),
				 0);
		ck_assert_ptr_nonnull(di_resolve(root, &error, provider));
	}
	ck_assert_uint_gt(failed, 4);
}

START_TEST(a_failed_allocation_leaves_nothing_and_the_next_try_succeeds)
{
	mixed_key = "fresh";
	sweep(&app_user);
	sweep(&app_pair);
	sweep(&app_asker);
	sweep(&app_mixed);
}
END_TEST

/* ---- Threads. ---- */

static int chosen_by[2];

static const char *by_turns(void)
{
	static int turn;

	return __atomic_fetch_add(&turn, 1, __ATOMIC_RELAXED) % 3 == 0 ? "a" : "b";
}

/* clang-format off */
#define TURNS(X) \
	X(singleton, turns_a,    struct part, (disk_new),             disk_end) \
	X(singleton, turns_b,    struct part, (mode_new),             mode_end) \
	X(selector,  turns_one,  struct part, (by_turns), ("a", turns_a), ("b", turns_b)) \
	X(factory,   turns_made, struct part, (query_new, turns_one), query_end)
/* clang-format on */

DI_CONTAINER_DECLARE(turns, TURNS);
DI_CONTAINER_DEFINE(turns, TURNS);

static void ask_often(int number, void *data)
{
	struct di_container *shared = data;
	struct di_context *context =
		di_context_open(di_container_root(shared), &di_scope_request, NULL);
	int i;

	(void)number;
	for (i = 0; i < (di_check_quick() ? 50 : 500); i++) {
		struct part *one = turns_one_get(context, NULL),
			    *made = turns_made_get(context, NULL);

		if (one != NULL && made != NULL)
			__atomic_add_fetch(&chosen_by[made->needs[0] == turns_a_get(context, NULL)],
					   1, __ATOMIC_RELAXED);
		if (i % 2 == 0)
			turns_made_drop(context, made, NULL);
	}
	di_context_close(context, DI_DONE, NULL);
}

START_TEST(any_number_of_threads_choose_and_each_option_is_made_once)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_container *shared = di_container_new(&turns, &options, &error);

	watchdog(60);
	crowd_run(4, ask_often, shared);
	watchdog(0);
	ck_assert_int_eq(parts_alive("disk"), 1);
	ck_assert_int_eq(parts_alive("mode"), 1);
	ck_assert_int_gt(chosen_by[0], 0);
	ck_assert_int_gt(chosen_by[1], 0);
	ck_assert_int_eq(chosen_by[0] + chosen_by[1], 4 * (di_check_quick() ? 50 : 500));
	expect_ok(di_container_free(shared, &error));
	ck_assert_int_eq(parts_alive("query"), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = choosing();
	TCase *tcase = tcase_create("use");

	suite_add_tcase(suite, built_from());
	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_handler_ends_the_product_that_was_chosen_for_it);
	tcase_add_test(tcase, a_handler_names_itself_after_the_selector);
	tcase_add_test(tcase, a_failed_allocation_leaves_nothing_and_the_next_try_succeeds);
	tcase_add_test(tcase, any_number_of_threads_choose_and_each_option_is_made_once);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
