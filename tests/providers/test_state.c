/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* clang-format off */
#define APP(X) \
	X(state,            app_user,    struct part,       request) \
	X(state,            app_setting, const struct part, app) \
	X(state,            app_note,    struct part,       any) \
	X(context_resource, app_session, struct part,       (session_new, app_user), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(ada)
PART_FAKE(bob)
PART_OF_1(session)

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

START_TEST(a_state_has_no_value_until_one_is_put)
{
	expect_null(app_user_get(request, &error), DI_ENOVALUE);
	ck_assert_str_eq(error.provider, "app_user");
	expect_null(app_session_get(request, &error), DI_ENOVALUE);
	ck_assert_str_eq(error.path, "app_user <- app_session");
	expect_ok(app_user_put(request, &ada, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0], &ada);
}
END_TEST

START_TEST(without_a_context_of_its_scope_there_is_no_state)
{
	expect_null(app_user_get(root, &error), DI_ENOCONTEXT);
}
END_TEST

START_TEST(a_state_is_seen_below_and_not_beside)
{
	struct di_context *inject = open_in(request, &di_scope_inject);
	struct di_context *beside = open_in(root, &di_scope_request);

	expect_ok(app_user_put(request, &ada, &error));
	ck_assert_ptr_eq(app_user_get(inject, &error), &ada);
	expect_null(app_user_get(beside, &error), DI_ENOVALUE);
	close_as(beside, DI_DONE);
	close_as(inject, DI_DONE);
}
END_TEST

START_TEST(a_nested_context_of_its_scope_has_a_state_of_its_own)
{
	struct di_context *inner;

	expect_ok(app_user_put(request, &ada, &error));
	inner = open_in(request, &di_scope_request);
	expect_null(app_user_get(inner, &error), DI_ENOVALUE);
	expect_ok(app_user_put(inner, &bob, &error));
	ck_assert_ptr_eq(app_user_get(inner, &error), &bob);
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
	close_as(inner, DI_DONE);
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
}
END_TEST

START_TEST(a_state_ends_with_its_context_and_is_not_finalized)
{
	expect_ok(app_user_put(request, &ada, &error));
	close_as(request, DI_DONE);
	ck_assert(ada.alive);
	request = open_in(root, &di_scope_request);
	expect_null(app_user_get(request, &error), DI_ENOVALUE);
	journal_expect_nothing();
}
END_TEST

static void expect_user(struct part *part)
{
	(void)part;
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
}

START_TEST(a_state_is_there_until_the_last_finalizer)
{
	expect_ok(app_user_put(request, &ada, &error));
	app_session_get(request, &error);
	parts_on_end("session", expect_user);
	close_as(request, DI_DONE);
	journal_expect("created session from ada", "ended session done");
}
END_TEST

START_TEST(a_second_put_replaces_the_first_while_nothing_is_built_from_it)
{
	expect_ok(app_user_put(request, &ada, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &ada);
	expect_ok(app_user_put(request, &bob, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &bob);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0], &bob);
	expect_error(app_user_put(request, &ada, &error), DI_EBUSY);
	ck_assert_ptr_eq(app_user_get(request, &error), &bob);
}
END_TEST

START_TEST(states_of_the_root_and_of_every_context)
{
	expect_ok(app_setting_put(root, &ada, &error));
	ck_assert_ptr_eq(app_setting_get(request, &error), &ada);
	expect_null(app_note_get(request, &error), DI_ENOVALUE);
	expect_ok(app_note_put(request, &ada, &error));
	expect_ok(app_note_put(root, &bob, &error));
	ck_assert_ptr_eq(app_note_get(request, &error), &ada);
	ck_assert_ptr_eq(app_note_get(root, &error), &bob);
}
END_TEST

static enum di_status put_in_root(void *data, struct di_error *err)
{
	return app_user_put(root, data, err);
}

static enum di_status put_null(void *data, struct di_error *err)
{
	return app_user_put(data, NULL, err);
}

static enum di_status put_session(void *data, struct di_error *err)
{
	return di_state_put(request, &app_session, data, err);
}

START_TEST(a_put_needs_a_state_its_scope_and_a_value)
{
	misuse_expect(put_in_root, &ada, DI_EINVAL,
		      "it is put into contexts of scope request, this one is of app");
	misuse_expect(put_null, request, DI_ENULL, "a state needs a value");
	misuse_expect(put_session, &ada, DI_EINVAL, "it is a context_resource, not a state");
	expect_null(app_user_get(request, &error), DI_ENOVALUE);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/state");
	TCase *tcase = tcase_create("state");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, a_state_has_no_value_until_one_is_put);
	tcase_add_test(tcase, without_a_context_of_its_scope_there_is_no_state);
	tcase_add_test(tcase, a_state_is_seen_below_and_not_beside);
	tcase_add_test(tcase, a_nested_context_of_its_scope_has_a_state_of_its_own);
	tcase_add_test(tcase, a_state_ends_with_its_context_and_is_not_finalized);
	tcase_add_test(tcase, a_state_is_there_until_the_last_finalizer);
	tcase_add_test(tcase, a_second_put_replaces_the_first_while_nothing_is_built_from_it);
	tcase_add_test(tcase, states_of_the_root_and_of_every_context);
	tcase_add_test(tcase, a_put_needs_a_state_its_scope_and_a_value);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
