/* SPDX-License-Identifier: MIT */
#include "tests/di/override_app.h"

/* Overrides of every form in contexts within contexts, and around resets. */

PART_FAKE(inner_fake)
PART_FAKE(innermost_fake)

static struct di_context *inner, *innermost;

static enum di_status by_name(struct di_context *context, struct part *value)
{
	const struct di_override_pair pairs[] = { { "app_store", value }, { "app_user", value } };

	return di_override_all(context, pairs, 2, &error);
}

static void override_thrice(void)
{
	expect_ok(app_store_override(request, &fake, &error));
	inner = open_in(request, &di_scope_request);
	expect_ok(di_override_with(inner, &app_store, &app_config, &error));
	innermost = open_in(inner, &di_scope_request);
	expect_ok(by_name(innermost, &innermost_fake));
}

static void expect_store(struct di_context *context, const struct part *expected)
{
	ck_assert_ptr_eq(app_store_get(context, &error), expected);
	ck_assert_ptr_eq(app_session_get(context, &error)->needs[0], expected);
}

START_TEST(each_context_sees_the_override_that_is_next_to_it)
{
	override_thrice();
	expect_store(innermost, &innermost_fake);
	expect_store(inner, &config);
	expect_store(request, &fake);
	ck_assert_str_eq(app_store_get(root, &error)->name, "store");
}
END_TEST

START_TEST(closing_an_inner_context_brings_back_what_was_overridden_around_it)
{
	override_thrice();
	expect_store(innermost, &innermost_fake);
	close_as(innermost, DI_FAILED);
	expect_store(inner, &config);
	close_as(inner, DI_DONE);
	expect_store(request, &fake);
	close_as(request, DI_DONE);
	ck_assert_str_eq(app_store_get(root, &error)->name, "store");
	ck_assert_int_eq(parts_alive("session"), 0);
}
END_TEST

START_TEST(an_inner_override_may_begin_where_an_outer_one_is_in_use)
{
	expect_ok(app_store_override(request, &fake, &error));
	expect_store(request, &fake);
	inner = open_in(request, &di_scope_inject);
	expect_ok(app_store_override(inner, &inner_fake, &error));
	expect_store(inner, &inner_fake);
	ck_assert_ptr_eq(app_report_get(inner, &error)->needs[0]->needs[0], &inner_fake);
	expect_store(request, &fake);
}
END_TEST

START_TEST(a_refused_inner_override_leaves_the_outer_one)
{
	const struct di_override_pair pairs[] = { { "app_config", &inner_fake },
						  { "app_store", &inner_fake } };

	expect_ok(app_store_override(request, &fake, &error));
	inner = open_in(request, &di_scope_request);
	expect_store(inner, &fake);
	expect_error(di_override_all(inner, pairs, 2, &error), DI_EBUSY);
	expect_error(app_store_override(inner, &inner_fake, &error), DI_EBUSY);
	expect_error(di_override_with(inner, &app_store, &app_config, &error), DI_EBUSY);
	expect_store(inner, &fake);
	ck_assert_ptr_eq(app_config_get(inner, &error), &config);
}
END_TEST

START_TEST(the_forms_replace_each_other_in_one_context)
{
	expect_ok(app_store_override(request, &fake, &error));
	expect_ok(di_override_with(request, &app_store, &app_config, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &config);
	expect_ok(by_name(request, &inner_fake));
	ck_assert_ptr_eq(app_store_get(request, &error), &inner_fake);
	inner = open_in(request, &di_scope_request);
	expect_store(inner, &inner_fake);
	ck_assert_ptr_eq(app_user_get(inner, &error), &inner_fake);
	close_as(inner, DI_DONE);
	expect_ok(app_store_override(request, &fake, &error));
	expect_ok(di_override_with(request, &app_session, &app_config, &error));
	expect_ok(app_session_override(request, &inner_fake, &error));
	inner = open_in(request, &di_scope_request);
	ck_assert_ptr_eq(app_store_get(inner, &error), &fake);
	ck_assert_ptr_eq(app_session_get(inner, &error), &inner_fake);
}
END_TEST

START_TEST(an_override_in_a_context_of_no_scope_leaves_its_surroundings_alone)
{
	struct part *session = app_session_get(request, &error);
	struct part *report = app_report_get(request, &error);

	inner = open_in(request, &di_scope_none);
	expect_ok(app_config_override(inner, &inner_fake, &error));
	ck_assert_ptr_eq(app_session_get(inner, &error)->needs[1], &inner_fake);
	ck_assert_ptr_eq(app_report_get(inner, &error), report);
	close_as(inner, DI_DONE);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
}
END_TEST

/* ---- Around resets ---- */

START_TEST(what_is_reset_is_built_from_the_override_again)
{
	struct part *session;

	expect_ok(app_store_override(request, &fake, &error));
	session = app_session_get(request, &error);
	expect_ok(di_reset(request, &app_session, &error));
	ck_assert_int_eq(session->alive, 0);
	ck_assert_ptr_ne(app_session_get(request, &error), session);
	expect_store(request, &fake);
}
END_TEST

START_TEST(after_a_reset_an_override_may_replace_another)
{
	expect_ok(app_store_override(request, &fake, &error));
	expect_store(request, &fake);
	expect_error(by_name(request, &inner_fake), DI_EBUSY);
	ck_assert_str_eq(error_text(), "app_store: in use: app_session was built from it here; "
				       "di_reset() that first");
	expect_ok(di_reset(request, &app_session, &error));
	expect_ok(by_name(request, &inner_fake));
	expect_store(request, &inner_fake);
}
END_TEST

START_TEST(after_a_reset_a_root_that_was_in_use_may_override)
{
	struct part *store = app_store_get(root, &error);

	close_as(request, DI_DONE);
	expect_ok(di_reset(root, &app_clock, &error));
	ck_assert_int_eq(store->alive, 0);
	expect_ok(app_clock_override(root, &fake, &error));
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0]->needs[0], &fake);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/override/nested");
	TCase *nested = di_check_case(all, "nested", setup, container_end);
	TCase *reset = di_check_case(all, "reset", setup, container_end);

	tcase_add_test(nested, each_context_sees_the_override_that_is_next_to_it);
	tcase_add_test(nested, closing_an_inner_context_brings_back_what_was_overridden_around_it);
	tcase_add_test(nested, an_inner_override_may_begin_where_an_outer_one_is_in_use);
	tcase_add_test(nested, a_refused_inner_override_leaves_the_outer_one);
	tcase_add_test(nested, the_forms_replace_each_other_in_one_context);
	tcase_add_test(nested, an_override_in_a_context_of_no_scope_leaves_its_surroundings_alone);
	tcase_add_test(reset, what_is_reset_is_built_from_the_override_again);
	tcase_add_test(reset, after_a_reset_an_override_may_replace_another);
	tcase_add_test(reset, after_a_reset_a_root_that_was_in_use_may_override);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
