/* SPDX-License-Identifier: MIT */
#include "tests/di/override_app.h"

PART_FAKE(other_fake)

/* ---- What is seen where ---- */

START_TEST(an_override_is_seen_from_the_next_resolve_on)
{
	struct part *store = app_store_get(request, &error);

	expect_ok(app_store_override(request, &fake, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	ck_assert_ptr_eq(di_resolve(request, &error, &app_store), &fake);
	ck_assert_ptr_eq(app_store_get(root, &error), store);
}
END_TEST

START_TEST(an_override_is_seen_in_the_contexts_below)
{
	struct di_context *inner, *innermost;

	expect_ok(app_store_override(request, &fake, &error));
	inner = open_in(request, &di_scope_request);
	innermost = open_in(inner, &di_scope_inject);
	ck_assert_ptr_eq(app_store_get(inner, &error), &fake);
	ck_assert_ptr_eq(app_store_get(innermost, &error), &fake);
	ck_assert_ptr_eq(app_session_get(innermost, &error)->needs[0], &fake);
	ck_assert_int_eq(parts_alive("store"), 0);
}
END_TEST

START_TEST(an_override_is_gone_when_its_context_closes)
{
	expect_ok(app_store_override(request, &fake, &error));
	app_session_get(request, &error);
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	ck_assert_str_eq(app_store_get(request, &error)->name, "store");
	ck_assert_str_eq(app_session_get(request, &error)->needs[0]->name, "store");
}
END_TEST

START_TEST(overrides_in_nested_contexts_stack)
{
	struct di_context *inner;

	expect_ok(app_store_override(request, &fake, &error));
	inner = open_in(request, &di_scope_inject);
	expect_ok(app_store_override(inner, &other_fake, &error));
	ck_assert_ptr_eq(app_store_get(inner, &error), &other_fake);
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	close_as(inner, DI_DONE);
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_store_get(inner, &error), &fake);
}
END_TEST

START_TEST(a_second_override_in_a_context_replaces_the_first)
{
	expect_ok(app_store_override(request, &fake, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	expect_ok(app_store_override(request, &other_fake, &error));
	ck_assert_ptr_eq(app_store_get(request, &error), &other_fake);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0], &other_fake);
}
END_TEST

START_TEST(an_override_in_the_root_is_seen_everywhere)
{
	expect_ok(di_context_close(request, DI_DONE, &error));
	expect_ok(app_clock_override(root, &fake, &error));
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_clock_get(request, &error), &fake);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0]->needs[0], &fake);
	ck_assert_int_eq(parts_alive("store"), 1);
	ck_assert_ptr_eq(app_store_get(root, &error), app_store_get(request, &error));
}
END_TEST

/* ---- Every kind, without what the kind needs ---- */

START_TEST(every_kind_can_be_overridden)
{
	expect_ok(app_config_override(request, &fake, &error));
	expect_ok(app_clock_override(request, &fake, &error));
	expect_ok(app_store_override(request, &fake, &error));
	expect_ok(app_cursor_override(request, &fake, &error));
	expect_ok(app_session_override(request, &fake, &error));
	expect_ok(app_user_override(request, &fake, &error));
	ck_assert_ptr_eq(app_config_get(request, &error), &fake);
	ck_assert_ptr_eq(app_clock_get(request, &error), &fake);
	ck_assert_ptr_eq(app_store_get(request, &error), &fake);
	ck_assert_ptr_eq(app_cursor_get(request, &error), &fake);
	ck_assert_ptr_eq(app_cursor_get(request, &error), &fake);
	ck_assert_ptr_eq(app_session_get(request, &error), &fake);
	ck_assert_ptr_eq(app_user_get(request, &error), &fake);
	ck_assert_ptr_eq(app_basket_get(request, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_report_get(request, &error)->needs[0], &fake);
	journal_expect("created basket from fake", "created report from fake");
}
END_TEST

START_TEST(an_override_needs_no_context_of_the_scope)
{
	close_as(request, DI_DONE);
	expect_ok(app_session_override(root, &fake, &error));
	expect_ok(app_user_override(root, &other_fake, &error));
	ck_assert_ptr_eq(app_session_get(root, &error), &fake);
	ck_assert_ptr_eq(app_user_get(root, &error), &other_fake);
	ck_assert_ptr_eq(app_basket_get(root, &error)->needs[0], &fake);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_session_get(request, &error), &fake);
	ck_assert_ptr_eq(app_user_get(request, &error), &other_fake);
	ck_assert_ptr_eq(app_basket_get(request, &error)->needs[0], &fake);
	ck_assert_int_eq(parts_alive("session"), 0);
}
END_TEST

START_TEST(an_override_is_seen_in_a_nested_context_of_the_same_scope)
{
	struct di_context *inner;

	expect_ok(app_session_override(request, &fake, &error));
	inner = open_in(request, &di_scope_request);
	ck_assert_ptr_eq(app_session_get(inner, &error), &fake);
}
END_TEST

START_TEST(objects_and_states_never_count_as_resolved)
{
	struct part user = { .name = "user", .alive = 1 };

	ck_assert_ptr_eq(app_config_get(request, &error), &config);
	expect_ok(app_config_override(request, &fake, &error));
	ck_assert_ptr_eq(app_config_get(request, &error), &fake);
	expect_ok(app_user_put(request, &user, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &user);
	expect_ok(app_user_override(request, &fake, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &fake);
}
END_TEST

START_TEST(start_skips_what_is_overridden)
{
	close_as(request, DI_DONE);
	expect_ok(app_store_override(root, &fake, &error));
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
}
END_TEST

START_TEST(a_fake_is_never_ended)
{
	expect_ok(app_store_override(request, &fake, &error));
	expect_ok(app_cursor_override(request, &fake, &error));
	app_store_get(request, &error);
	app_cursor_get(request, &error);
	expect_error(app_cursor_drop(request, &fake, &error), DI_EINVAL);
	close_as(request, DI_DONE);
	journal_expect_nothing();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/override");
	TCase *seen = di_check_case(all, "seen", setup, container_end);
	TCase *kinds = di_check_case(all, "kinds", setup, container_end);

	tcase_add_test(seen, an_override_is_seen_from_the_next_resolve_on);
	tcase_add_test(seen, an_override_is_seen_in_the_contexts_below);
	tcase_add_test(seen, an_override_is_gone_when_its_context_closes);
	tcase_add_test(seen, overrides_in_nested_contexts_stack);
	tcase_add_test(seen, a_second_override_in_a_context_replaces_the_first);
	tcase_add_test(seen, an_override_in_the_root_is_seen_everywhere);
	tcase_add_test(kinds, every_kind_can_be_overridden);
	tcase_add_test(kinds, an_override_needs_no_context_of_the_scope);
	tcase_add_test(kinds, an_override_is_seen_in_a_nested_context_of_the_same_scope);
	tcase_add_test(kinds, objects_and_states_never_count_as_resolved);
	tcase_add_test(kinds, start_skips_what_is_overridden);
	tcase_add_test(kinds, a_fake_is_never_ended);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
