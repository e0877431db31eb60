/* SPDX-License-Identifier: MIT */
#include "tests/di/override_app.h"

PART_FAKE(other_fake)

/* ---- What is built from it ---- */

START_TEST(what_is_built_from_it_is_built_afresh_in_the_overriding_context)
{
	struct part *store = app_store_get(root, &error), *report = app_report_get(root, &error);
	struct part *mine;

	expect_ok(app_clock_override(request, &fake, &error));
	mine = app_store_get(request, &error);
	ck_assert_ptr_ne(mine, store);
	ck_assert_ptr_eq(mine->needs[0], &fake);
	ck_assert_ptr_ne(app_report_get(request, &error), report);
	ck_assert_ptr_eq(app_report_get(request, &error)->needs[0]->needs[0], mine);
	ck_assert_ptr_eq(app_store_get(root, &error), store);
	ck_assert_ptr_eq(app_report_get(root, &error), report);
	close_as(request, DI_DONE);
	ck_assert(!mine->alive);
	ck_assert(store->alive && report->alive);
}
END_TEST

START_TEST(what_is_built_from_it_and_exists_nowhere_yet_is_not_made_outside)
{
	struct di_context *inner;

	expect_ok(app_clock_override(request, &fake, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_report_get(inner, &error), app_report_get(request, &error));
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("store"), 0);
	ck_assert_int_eq(parts_alive("report"), 0);
	ck_assert_ptr_ne(app_store_get(root, &error)->needs[0], &fake);
}
END_TEST

START_TEST(what_is_not_built_from_it_stays_what_it_was)
{
	struct part *clock = app_clock_get(root, &error), *seeker = app_seeker_get(root, &error);

	expect_ok(app_config_override(request, &fake, &error));
	ck_assert_ptr_eq(app_clock_get(request, &error), clock);
	ck_assert_ptr_eq(app_seeker_get(request, &error), seeker);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[1], &fake);
}
END_TEST

START_TEST(an_override_is_seen_through_what_a_constructor_resolved_itself)
{
	struct part *seeker = app_seeker_get(root, &error);
	struct di_context *inner;

	expect_ok(app_store_override(request, &fake, &error));
	ck_assert_ptr_ne(app_seeker_get(request, &error), seeker);
	ck_assert_ptr_eq(app_seeker_get(request, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_seeker_get(request, &error)->needs[1], &flag);
	inner = open_in(request, &di_scope_inject);
	expect_ok(app_flag_override(inner, &other_fake, &error));
	ck_assert_ptr_eq(app_seeker_get(inner, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_seeker_get(inner, &error)->needs[1], &other_fake);
	ck_assert_ptr_eq(app_seeker_get(root, &error), seeker);
}
END_TEST

/*
 * What exists already is had by the inline path, but not while a constructor runs in the context.
 */
START_TEST(what_a_constructor_resolved_after_it_had_made_another_value_counts)
{
	struct part *seeker;

	app_flag_get(root, &error);
	seeker = app_seeker_get(root, &error);
	expect_ok(app_flag_override(request, &fake, &error));
	ck_assert_ptr_ne(app_seeker_get(request, &error), seeker);
	ck_assert_ptr_eq(app_seeker_get(request, &error)->needs[1], &fake);
	ck_assert_ptr_eq(app_seeker_get(request, &error)->needs[0], seeker->needs[0]);
}
END_TEST

START_TEST(an_overridden_value_is_not_built_so_its_needs_do_not_count)
{
	struct part *report;

	close_as(request, DI_DONE);
	expect_ok(app_store_override(root, &fake, &error));
	report = app_report_get(root, &error);
	request = open_in(root, &di_scope_request);
	expect_ok(app_clock_override(request, &other_fake, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	ck_assert_ptr_eq(app_report_get(request, &error), report);
	ck_assert_int_eq(parts_alive("store"), 0);
}
END_TEST

START_TEST(dependents_may_use_the_fake_in_their_finalizers)
{
	expect_ok(app_store_override(request, &fake, &error));
	app_session_get(request, &error);
	app_basket_get(request, &error);
	journal_clear();
	close_as(request, DI_FAILED);
	journal_expect("ended basket failed", "ended session failed");
	ck_assert(fake.alive);
}
END_TEST

/* ---- When it cannot be ---- */

START_TEST(what_is_alive_in_the_context_and_built_from_it_is_busy)
{
	struct part *session = app_session_get(request, &error);

	expect_error(app_clock_override(request, &fake, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "app_clock: in use: app_session was built from it here; "
				       "di_reset() that first");
	expect_error(app_session_override(request, &fake, &error), DI_EBUSY);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	ck_assert_str_eq(app_clock_get(request, &error)->name, "clock");
	expect_ok(di_reset(request, &app_session, &error));
	expect_ok(app_clock_override(request, &fake, &error));
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0]->needs[0], &fake);
}
END_TEST

START_TEST(products_built_from_it_count_too)
{
	struct part *basket = app_basket_get(request, &error);

	expect_error(app_store_override(request, &fake, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(),
			 "app_store: in use: app_session and 1 more were built from it here; "
			 "di_reset() them first");
	expect_ok(app_basket_drop(request, basket, &error));
	expect_error(app_store_override(request, &fake, &error), DI_EBUSY);
	expect_ok(di_reset(request, &app_session, &error));
	expect_ok(app_store_override(request, &fake, &error));
}
END_TEST

START_TEST(what_a_constructor_resolved_itself_counts_too)
{
	close_as(request, DI_DONE);
	app_seeker_get(root, &error);
	expect_error(app_clock_override(root, &fake, &error), DI_EBUSY);
	expect_ok(di_reset(root, &app_store, &error));
	ck_assert_int_eq(parts_alive("seeker"), 0);
	expect_ok(di_reset(root, &app_clock, &error));
	expect_ok(app_clock_override(root, &fake, &error));
	ck_assert_ptr_eq(app_seeker_get(root, &error)->needs[0]->needs[0], &fake);
}
END_TEST

START_TEST(a_context_with_an_open_child_is_busy)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	expect_error(app_store_override(request, &fake, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "in use: the context of scope request has 1 open child");
	expect_ok(app_store_override(inner, &fake, &error));
	close_as(inner, DI_DONE);
	expect_ok(app_store_override(request, &fake, &error));
}
END_TEST

START_TEST(a_freshly_opened_context_can_always_override)
{
	struct di_context *inner;

	app_basket_get(request, &error);
	app_report_get(root, &error);
	inner = open_in(request, &di_scope_inject);
	expect_ok(app_clock_override(inner, &fake, &error));
	expect_ok(app_session_override(inner, &fake, &error));
	ck_assert_ptr_eq(app_basket_get(inner, &error)->needs[0], &fake);
}
END_TEST

static enum di_status override_with_null(void *data, struct di_error *err)
{
	return app_store_override(data, NULL, err);
}

static enum di_status override_other(void *data, struct di_error *err)
{
	static struct di_provider stranger;

	stranger = app_store;
	stranger.table = data;
	return di_override(request, &stranger, &fake, err);
}

static enum di_status override_nowhere(void *data, struct di_error *err)
{
	return di_override(NULL, data, &fake, err);
}

START_TEST(mistakes_are_refused)
{
	static struct di_table other = { .name = "other" };
	struct di_provider copy = app_store;

	misuse_expect(override_with_null, request, DI_ENULL, "an override needs a value");
	misuse_expect(override_other, &other, DI_EINVAL,
		      "it is of the table other, the context of app");
	misuse_expect(override_nowhere, &copy, DI_EINVAL, "there is no context");
	ck_assert_str_eq(app_store_get(request, &error)->name, "store");
}
END_TEST

static void override_at_end(struct part *part)
{
	(void)part;
	expect_error(app_store_override(request, &fake, &error), DI_ECLOSED);
}

START_TEST(a_closing_context_cannot_be_changed)
{
	app_session_get(request, &error);
	parts_on_end("session", override_at_end);
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/override/built");
	TCase *built = di_check_case(all, "built from it", setup, container_end);
	TCase *refused = di_check_case(all, "refused", setup, container_end);

	tcase_add_test(built, what_is_built_from_it_is_built_afresh_in_the_overriding_context);
	tcase_add_test(built, what_is_built_from_it_and_exists_nowhere_yet_is_not_made_outside);
	tcase_add_test(built, what_is_not_built_from_it_stays_what_it_was);
	tcase_add_test(built, an_override_is_seen_through_what_a_constructor_resolved_itself);
	tcase_add_test(built, what_a_constructor_resolved_after_it_had_made_another_value_counts);
	tcase_add_test(built, an_overridden_value_is_not_built_so_its_needs_do_not_count);
	tcase_add_test(built, dependents_may_use_the_fake_in_their_finalizers);
	tcase_add_test(refused, what_is_alive_in_the_context_and_built_from_it_is_busy);
	tcase_add_test(refused, products_built_from_it_count_too);
	tcase_add_test(refused, what_a_constructor_resolved_itself_counts_too);
	tcase_add_test(refused, a_context_with_an_open_child_is_busy);
	tcase_add_test(refused, a_freshly_opened_context_can_always_override);
	tcase_add_test(refused, mistakes_are_refused);
	tcase_add_test(refused, a_closing_context_cannot_be_changed);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
