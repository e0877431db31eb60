/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <stdio.h>

/* Strict rows: what resolves only while the innermost context has exactly its scope. */

PART_FAKE(fake)

PART(session)
PART_OF_1(query)
PART_OF_1(page)
PART_OF_1(call)
PART(only)

static int seeker_new(struct part **out, struct di_context *home);
PART_END(seeker)

/* clang-format off */
#define APP(X) \
	X(context_resource, app_session, struct part, (session_new),            session_end, DI_STRICT(request)) \
	X(factory,          app_query,   struct part, (query_new, app_session), query_end) \
	X(context_resource, app_page,    struct part, (page_new, app_session),  page_end,    request) \
	X(context_resource, app_call,    struct part, (call_new, app_session),  call_end,    inject) \
	X(context_resource, app_only,    struct part, (only_new),               only_end,    DI_STRICT(inject)) \
	X(context_resource, app_seeker,  struct part, (seeker_new, DI_CONTEXT), seeker_end,  request) \
	X(context_resource, app_plain,   struct part, (only_new),               only_end,    request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static int seeker_new(struct part **out, struct di_context *home)
{
	struct part *session = app_session_get(home, NULL);

	return part_new(out, "seeker", (struct part *const[]){ session, NULL });
}

static int count_needs(struct part *part)
{
	return part->needs_count;
}

static int is_fake(struct part *part)
{
	return part == &fake;
}

DI_HANDLER(app_use_session, int, (), (is_fake, app_session));
DI_HANDLER(app_use_call, int, (), (count_needs, app_call));
DI_HANDLER(app_use_only, int, (), (is_fake, app_only));
DI_HANDLER_IN(request, app_use_in_request, int, (), (is_fake, app_session));
DI_CALLBACK(app_callback, int, -1, (void), (is_fake, app_session));

static struct di_context *request, *inner;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_inject);
}

/* ---- Where it resolves ---- */

START_TEST(it_resolves_in_a_context_of_exactly_its_scope)
{
	struct part *session = app_session_get(request, &error);

	ck_assert_ptr_nonnull(session);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
}
END_TEST

static void expect_refused(struct di_context *context, const char *open)
{
	char text[256];

	snprintf(text, sizeof(text),
		 "app_session: no context of the needed scope is open: it is strict: the innermost "
		 "context must be of scope request; open are: %s",
		 open);
	expect_null(app_session_get(context, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error_text(), text);
	expect_null(di_resolve(context, &error, &app_session), DI_ENOCONTEXT);
	ck_assert_str_eq(error_text(), text);
}

START_TEST(it_does_not_resolve_further_in_whether_it_is_made_or_not)
{
	expect_refused(inner, "inject, request, app");
	app_session_get(request, &error);
	expect_refused(inner, "inject, request, app");
	ck_assert_ptr_nonnull(app_plain_get(inner, &error));
	journal_expect("created session", "created only");
}
END_TEST

START_TEST(it_does_not_resolve_further_out)
{
	expect_refused(root, "app");
}
END_TEST

START_TEST(it_resolves_again_in_a_nested_context_of_its_scope)
{
	struct part *outer = app_session_get(request, &error);
	struct di_context *nested = open_in(inner, &di_scope_request);

	ck_assert_ptr_nonnull(app_session_get(nested, &error));
	ck_assert_ptr_ne(app_session_get(nested, &error), outer);
	close_as(nested, DI_DONE);
	ck_assert_ptr_eq(app_session_get(request, &error), outer);
	expect_refused(inner, "inject, request, app");
}
END_TEST

START_TEST(a_context_of_no_scope_does_not_stand_in_the_way)
{
	struct di_context *within = open_in(open_in(request, &di_scope_none), &di_scope_none);
	struct part *session = app_session_get(within, &error);

	ck_assert_ptr_nonnull(session);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	expect_refused(open_in(inner, &di_scope_none), "none, inject, request, app");
	expect_refused(open_in(root, &di_scope_none), "none, app");
}
END_TEST

START_TEST(begun_afresh_by_name_in_another_scope_it_does_not_resolve)
{
	const struct di_provider *const named[] = { &app_session };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_inject, .afresh = named, .afresh_count = 1
	};
	struct di_context *context = di_context_open_with(request, &options, &error);

	expect_refused(context, "inject, request, app");
	options.scope = &di_scope_none;
	context = di_context_open_with(request, &options, &error);
	ck_assert_ptr_ne(app_session_get(context, &error), app_session_get(request, &error));
}
END_TEST

/* ---- As a need ---- */

START_TEST(a_product_that_needs_it_is_made_where_it_resolves)
{
	ck_assert_ptr_nonnull(app_query_get(request, &error));
	expect_null(app_query_get(inner, &error), DI_ENOCONTEXT);
	expect_text("it is strict: the innermost context must be of scope request");
	expect_text("(app_session <- app_query)");
	journal_expect("created session", "created query from session");
}
END_TEST

START_TEST(a_value_sees_it_from_its_own_home)
{
	ck_assert_ptr_nonnull(app_page_get(inner, &error));
	ck_assert_ptr_eq(app_page_get(inner, &error)->needs[0], app_session_get(request, &error));
	expect_null(app_call_get(inner, &error), DI_ENOCONTEXT);
	expect_text("(app_session <- app_call)");
}
END_TEST

START_TEST(what_a_constructor_resolves_itself_is_seen_from_its_home)
{
	ck_assert_ptr_eq(app_seeker_get(inner, &error)->needs[0], app_session_get(request, &error));
}
END_TEST

/* ---- Handlers and callbacks ---- */

START_TEST(the_private_context_of_a_handler_does_not_stand_in_the_way)
{
	int result = 0;

	expect_ok(app_use_call(request, &result, &error));
	ck_assert_int_eq(result, 1);
	expect_error(app_use_call(inner, &result, &error), DI_ENOCONTEXT);
	expect_text("(app_session <- app_call <- app_use_call)");
	journal_expect("created session", "created call from session", "ended call failed");
}
END_TEST

START_TEST(a_handler_resolves_it_where_it_is_called)
{
	int result;

	expect_ok(app_use_session(request, &result, &error));
	expect_error(app_use_session(inner, &result, &error), DI_ENOCONTEXT);
	expect_error(app_use_session(root, &result, &error), DI_ENOCONTEXT);
}
END_TEST

START_TEST(it_may_be_of_the_scope_that_a_handler_opens)
{
	int result;

	expect_ok(app_use_only(root, &result, &error));
	expect_ok(app_use_only(request, &result, &error));
	journal_expect("created only", "ended only done", "created only", "ended only done");
	expect_ok(app_use_in_request(root, &result, &error));
	expect_ok(app_use_in_request(inner, &result, &error));
	journal_expect("created session", "ended session done", "created session",
		       "ended session done");
	expect_null(app_only_get(request, &error), DI_ENOCONTEXT);
}
END_TEST

START_TEST(a_callback_resolves_it_by_the_innermost_entered_context)
{
	const struct di_error *met;

	expect_ok(di_context_enter(request, &error));
	ck_assert_int_eq(app_callback(), 0);
	expect_ok(di_context_enter(inner, &error));
	ck_assert_int_eq(app_callback(), -1);
	met = di_callback_error();
	ck_assert_ptr_nonnull(met);
	ck_assert_int_eq(met->status, DI_ENOCONTEXT);
	expect_ok(di_context_leave(inner, &error));
	ck_assert_int_eq(app_callback(), 0);
	expect_ok(di_context_leave(request, &error));
}
END_TEST

/* ---- Overriding, resetting ---- */

START_TEST(an_override_is_seen_whatever_the_scope)
{
	close_as(inner, DI_DONE);
	expect_ok(app_session_override(request, &fake, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_session_get(request, &error), &fake);
	ck_assert_ptr_eq(app_session_get(inner, &error), &fake);
	ck_assert_ptr_eq(app_call_get(inner, &error)->needs[0], &fake);
	expect_refused(root, "app");
}
END_TEST

START_TEST(a_row_that_stands_for_it_has_rules_of_its_own)
{
	close_as(inner, DI_DONE);
	expect_ok(di_override_with(request, &app_session, &app_plain, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_session_get(inner, &error), app_plain_get(request, &error));
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	expect_ok(di_override_with(request, &app_plain, &app_session, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_plain_get(request, &error), app_session_get(request, &error));
	expect_null(app_plain_get(inner, &error), DI_ENOCONTEXT);
}
END_TEST

START_TEST(it_is_reset_where_it_resolves)
{
	struct part *session = app_session_get(request, &error);

	expect_error(di_reset(inner, &app_session, &error), DI_ENOCONTEXT);
	ck_assert_int_eq(session->alive, 1);
	close_as(inner, DI_DONE);
	expect_ok(di_reset(request, &app_session, &error));
	ck_assert_int_eq(session->alive, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/strict");
	TCase *tcase = tcase_create("strict");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, it_resolves_in_a_context_of_exactly_its_scope);
	tcase_add_test(tcase, it_does_not_resolve_further_in_whether_it_is_made_or_not);
	tcase_add_test(tcase, it_does_not_resolve_further_out);
	tcase_add_test(tcase, it_resolves_again_in_a_nested_context_of_its_scope);
	tcase_add_test(tcase, a_context_of_no_scope_does_not_stand_in_the_way);
	tcase_add_test(tcase, begun_afresh_by_name_in_another_scope_it_does_not_resolve);
	tcase_add_test(tcase, a_product_that_needs_it_is_made_where_it_resolves);
	tcase_add_test(tcase, a_value_sees_it_from_its_own_home);
	tcase_add_test(tcase, what_a_constructor_resolves_itself_is_seen_from_its_home);
	tcase_add_test(tcase, the_private_context_of_a_handler_does_not_stand_in_the_way);
	tcase_add_test(tcase, a_handler_resolves_it_where_it_is_called);
	tcase_add_test(tcase, it_may_be_of_the_scope_that_a_handler_opens);
	tcase_add_test(tcase, a_callback_resolves_it_by_the_innermost_entered_context);
	tcase_add_test(tcase, an_override_is_seen_whatever_the_scope);
	tcase_add_test(tcase, a_row_that_stands_for_it_has_rules_of_its_own);
	tcase_add_test(tcase, it_is_reset_where_it_resolves);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
