/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

PART_OF_1(greeting)
PART_OF_1(note)

/* clang-format off */
#define APP(X) \
	X(state,            app_user,     struct part, request) \
	X(state,            app_detail,   struct part, any) \
	X(state,            app_tenant,   struct part, app) \
	X(singleton,        app_banner,   struct part, (note_new, app_tenant),       note_end) \
	X(context_resource, app_greeting, struct part, (greeting_new, app_user),     greeting_end, request) \
	X(factory,          app_note,     struct part, (note_new, app_user),         note_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

PART_FAKE(ada)
PART_FAKE(bob)

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* ---- Put ---- */

START_TEST(a_state_is_what_was_put)
{
	expect_ok(app_user_put(request, &ada, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
	ck_assert_ptr_eq(di_resolve(request, &error, &app_user), &ada);
	ck_assert_ptr_eq(app_greeting_get(request, &error)->needs[0], &ada);
	ck_assert_ptr_eq(app_note_get(request, &error)->needs[0], &ada);
}
END_TEST

START_TEST(until_then_it_has_no_value_and_nothing_that_needs_it_is_made)
{
	expect_null(app_greeting_get(request, &error), DI_ENOVALUE);
	ck_assert_str_eq(error_text(), "app_user: no value was provided: put one first "
				       "(app_user <- app_greeting)");
	expect_ok(app_user_put(request, &ada, &error));
	ck_assert_ptr_eq(app_greeting_get(request, &error)->needs[0], &ada);
}
END_TEST

START_TEST(it_is_seen_in_the_contexts_below_and_gone_at_the_close)
{
	struct di_context *inner;

	expect_ok(app_user_put(request, &ada, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_user_get(inner, &error), &ada);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	expect_null(app_user_get(request, &error), DI_ENOVALUE);
}
END_TEST

START_TEST(a_nested_context_of_its_scope_starts_without_value)
{
	struct di_context *inner;
	int i;

	for (i = 0; i < 2; i++) {
		expect_ok(app_user_put(request, i ? &bob : &ada, &error));
		inner = open_in(request, &di_scope_request);
		expect_null(app_user_get(inner, &error), DI_ENOVALUE);
		expect_ok(app_user_put(inner, &bob, &error));
		ck_assert_ptr_eq(app_user_get(inner, &error), &bob);
		ck_assert_ptr_eq(app_greeting_get(inner, &error)->needs[0], &bob);
		ck_assert_ptr_eq(app_user_get(request, &error), i ? &bob : &ada);
		close_as(inner, DI_DONE);
	}
}
END_TEST

START_TEST(a_second_put_replaces_the_first)
{
	expect_ok(app_user_put(request, &ada, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
	expect_ok(app_user_put(request, &bob, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &bob);
	ck_assert_ptr_eq(app_greeting_get(request, &error)->needs[0], &bob);
}
END_TEST

START_TEST(a_put_replaces_an_override_and_the_other_way_round)
{
	struct di_context *inner;

	expect_ok(app_user_override(request, &ada, &error));
	expect_ok(app_user_put(request, &bob, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &bob);
	inner = open_in(request, &di_scope_request);
	expect_null(app_user_get(inner, &error), DI_ENOVALUE);
	close_as(inner, DI_DONE);
	expect_ok(app_user_override(request, &ada, &error));
	inner = open_in(request, &di_scope_request);
	ck_assert_ptr_eq(app_user_get(inner, &error), &ada);
}
END_TEST

START_TEST(a_put_hides_an_outer_override)
{
	close_as(request, DI_DONE);
	expect_ok(app_user_override(root, &ada, &error));
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
	expect_ok(app_user_put(request, &bob, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &bob);
	ck_assert_ptr_eq(app_greeting_get(request, &error)->needs[0], &bob);
	ck_assert_ptr_eq(app_user_get(open_in(request, &di_scope_inject), &error), &bob);
}
END_TEST

START_TEST(a_state_of_scope_app_is_put_into_the_root)
{
	expect_null(app_banner_get(request, &error), DI_ENOVALUE);
	expect_ok(app_tenant_put(root, &ada, &error));
	ck_assert_ptr_eq(app_tenant_get(request, &error), &ada);
	ck_assert_ptr_eq(app_banner_get(request, &error)->needs[0], &ada);
}
END_TEST

START_TEST(a_state_of_scope_any_is_put_into_any_context)
{
	expect_ok(app_detail_put(root, &ada, &error));
	expect_ok(app_detail_put(request, &bob, &error));
	ck_assert_ptr_eq(app_detail_get(root, &error), &ada);
	ck_assert_ptr_eq(app_detail_get(request, &error), &bob);
}
END_TEST

START_TEST(what_was_put_is_never_ended)
{
	expect_ok(app_user_put(request, &ada, &error));
	app_greeting_get(request, &error);
	journal_clear();
	close_as(request, DI_DONE);
	journal_expect("ended greeting done");
	ck_assert(ada.alive);
}
END_TEST

static void put_at_creation(struct part *part)
{
	(void)part;
	expect_ok(app_user_put(request, &bob, &error));
}

START_TEST(a_first_put_is_never_busy)
{
	close_as(request, DI_DONE);
	expect_ok(app_tenant_override(root, &ada, &error));
	request = open_in(root, &di_scope_request);
	expect_ok(app_user_put(open_in(request, &di_scope_request), &ada, &error));
	parts_on_new("note", put_at_creation);
	ck_assert_ptr_nonnull(app_banner_get(request, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &bob);
}
END_TEST

/* ---- Refused ---- */

START_TEST(what_is_alive_and_built_from_it_is_busy)
{
	struct part *greeting;

	expect_ok(app_user_put(request, &ada, &error));
	greeting = app_greeting_get(request, &error);
	expect_error(app_user_put(request, &bob, &error), DI_EBUSY);
	ck_assert_str_eq(error_text(), "app_user: in use: app_greeting was built from it here; "
				       "di_reset() that first");
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
	ck_assert_ptr_eq(app_greeting_get(request, &error), greeting);
	expect_ok(di_reset(request, &app_greeting, &error));
	expect_ok(app_user_put(request, &bob, &error));
	ck_assert_ptr_eq(app_greeting_get(request, &error)->needs[0], &bob);
}
END_TEST

START_TEST(open_children_are_busy_for_a_second_put)
{
	struct di_context *inner;

	expect_ok(app_user_put(request, &ada, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_user_get(inner, &error), &ada);
	expect_error(app_user_put(request, &bob, &error), DI_EBUSY);
	ck_assert_ptr_eq(app_user_get(inner, &error), &ada);
}
END_TEST

static enum di_status put_user(void *data, struct di_error *err)
{
	return app_user_put(data, &ada, err);
}

static enum di_status put_null(void *data, struct di_error *err)
{
	return app_user_put(data, NULL, err);
}

static enum di_status put_greeting(void *data, struct di_error *err)
{
	return di_state_put(data, &app_greeting, &ada, err);
}

START_TEST(a_put_goes_into_a_context_of_the_scope)
{
	misuse_expect(put_user, root, DI_EINVAL,
		      "it is put into contexts of scope request, this one is of app");
	misuse_expect(put_user, open_in(request, &di_scope_inject), DI_EINVAL,
		      "it is put into contexts of scope request, this one is of inject");
	misuse_expect(put_user, NULL, DI_EINVAL, "there is no context");
	misuse_expect(put_null, request, DI_ENULL, "a state needs a value");
	misuse_expect(put_greeting, request, DI_EINVAL, "it is a context_resource, not a state");
	expect_null(app_user_get(request, &error), DI_ENOVALUE);
}
END_TEST

static void put_at_end(struct part *part)
{
	(void)part;
	expect_error(app_user_put(request, &bob, &error), DI_ECLOSED);
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
}

START_TEST(a_closing_context_keeps_its_state_and_takes_no_other)
{
	expect_ok(app_user_put(request, &ada, &error));
	app_greeting_get(request, &error);
	parts_on_end("greeting", put_at_end);
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/put");
	TCase *put = tcase_create("put");
	TCase *refused = tcase_create("refused");

	tcase_add_checked_fixture(put, setup, container_end);
	tcase_add_checked_fixture(refused, setup, container_end);
	tcase_add_test(put, a_state_is_what_was_put);
	tcase_add_test(put, until_then_it_has_no_value_and_nothing_that_needs_it_is_made);
	tcase_add_test(put, it_is_seen_in_the_contexts_below_and_gone_at_the_close);
	tcase_add_test(put, a_nested_context_of_its_scope_starts_without_value);
	tcase_add_test(put, a_second_put_replaces_the_first);
	tcase_add_test(put, a_put_replaces_an_override_and_the_other_way_round);
	tcase_add_test(put, a_put_hides_an_outer_override);
	tcase_add_test(put, a_state_of_scope_app_is_put_into_the_root);
	tcase_add_test(put, a_state_of_scope_any_is_put_into_any_context);
	tcase_add_test(put, what_was_put_is_never_ended);
	tcase_add_test(put, a_first_put_is_never_busy);
	tcase_add_test(refused, what_is_alive_and_built_from_it_is_busy);
	tcase_add_test(refused, open_children_are_busy_for_a_second_put);
	tcase_add_test(refused, a_put_goes_into_a_context_of_the_scope);
	tcase_add_test(refused, a_closing_context_keeps_its_state_and_takes_no_other);
	suite_add_tcase(all, put);
	suite_add_tcase(all, refused);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
