/* SPDX-License-Identifier: MIT */
#include "di/spare.h"

#include "tests/di/override_app.h"

/*
 * What a program puts in the place of its configuration, in the root before anything is opened: the
 * contexts below are used as if the table said so.
 */

PART_FAKE(other_fake)

static void close_request(void)
{
	close_as(request, DI_DONE);
}

static void open_request(void)
{
	request = open_in(root, &di_scope_request);
}

static void override_in_root(enum di_status (*override)(struct di_context *, struct part *,
							struct di_error *),
			     struct part *with)
{
	close_request();
	expect_ok(override(root, with, &error));
	open_request();
}

START_TEST(contexts_below_see_it_and_are_used_again)
{
	const struct di_context *first;
	struct part *session;
	int i;

	override_in_root(app_config_override, &fake);
	first = request;
	for (i = 0; i < 3; i++) {
		ck_assert_ptr_eq(app_config_get(request, &error), &fake);
		session = app_session_get(request, &error);
		ck_assert_ptr_eq(session->needs[1], &fake);
		ck_assert_ptr_eq(app_basket_get(request, &error)->needs[0], session);
		ck_assert_int_eq(request->careful, 0);
		close_request();
		ck_assert_int_eq(parts_alive("session") + parts_alive("basket"), 0);
		open_request();
		ck_assert_int_eq(request == first, DI__SPARES_REUSED);
	}
}
END_TEST

START_TEST(what_lives_in_the_root_is_built_from_it)
{
	override_in_root(app_flag_override, &fake);
	override_in_root(app_clock_override, &fake);
	ck_assert_ptr_eq(app_seeker_get(request, &error)->needs[1], &fake);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[0]->needs[0], &fake);
	ck_assert_int_eq(parts_alive("clock"), 0);
	ck_assert_int_eq(root->careful, 0);
}
END_TEST

START_TEST(contexts_that_were_open_before_see_a_further_one)
{
	override_in_root(app_config_override, &fake);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[1], &fake);
	override_in_root(app_config_override, &other_fake);
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[1], &other_fake);
}
END_TEST

START_TEST(a_context_below_may_override_it_again)
{
	struct di_context *inner;

	override_in_root(app_config_override, &fake);
	expect_ok(app_config_override(request, &other_fake, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_session_get(inner, &error)->needs[1], &other_fake);
	ck_assert_int_eq(inner->careful, 1);
	close_as(inner, DI_DONE);
	close_request();
	open_request();
	ck_assert_ptr_eq(app_session_get(request, &error)->needs[1], &fake);
}
END_TEST

/* What is of the root and depends on the scope app begins afresh in a nested context of it. */
static const struct di_context *use_nested_app(const struct part *seen)
{
	struct di_context *nested = open_in(request, &di_scope_app);
	struct part *panel = app_panel_get(nested, &error);

	ck_assert_ptr_eq(panel->needs[0], app_wide_get(nested, &error));
	ck_assert_ptr_eq(panel->needs[1], seen);
	ck_assert_ptr_ne(panel, app_panel_get(request, &error));
	ck_assert_int_eq(nested->careful, 0);
	close_as(nested, DI_DONE);
	ck_assert(!panel->alive);
	return nested;
}

START_TEST(nested_contexts_of_scope_app_see_it_and_are_used_again)
{
	const struct di_context *first;

	override_in_root(app_config_override, &fake);
	first = use_nested_app(&fake);
	ck_assert_int_eq(use_nested_app(&fake) == first, DI__SPARES_REUSED);
	close_request();
	expect_ok(di_reset(root, &app_panel, &error));
	open_request();
	override_in_root(app_config_override, &other_fake);
	use_nested_app(&other_fake);
}
END_TEST

START_TEST(a_nested_context_of_scope_app_sees_what_is_overridden_of_its_rows)
{
	struct di_context *nested;

	override_in_root(app_panel_override, &fake);
	nested = open_in(request, &di_scope_app);
	ck_assert_ptr_nonnull(app_wide_get(nested, &error));
	ck_assert_ptr_eq(app_panel_get(nested, &error), &fake);
	close_as(nested, DI_DONE);
	ck_assert_int_eq(parts_alive("wide"), 0);
}
END_TEST

START_TEST(states_are_put_below_as_ever)
{
	override_in_root(app_config_override, &fake);
	expect_ok(app_user_put(request, &other_fake, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &other_fake);
	close_request();
	open_request();
	expect_null(app_user_get(request, &error), DI_ENOVALUE);
	ck_assert_int_eq(request->careful, 0);
}
END_TEST

/* ---- What would live below, and is overridden in the root: each context takes care. ---- */

static struct part *session_of(struct di_context *context)
{
	return app_session_get(context, &error);
}

static struct part *cursor_of(struct di_context *context)
{
	return app_cursor_get(context, &error);
}

static struct part *wide_of(struct di_context *context)
{
	return app_wide_get(context, &error);
}

static struct part *user_of(struct di_context *context)
{
	return app_user_get(context, &error);
}

static const struct {
	const struct di_provider *provider;
	struct part *(*get)(struct di_context *context);
} shorter[] = { { &app_session, session_of },
		{ &app_cursor, cursor_of },
		{ &app_wide, wide_of },
		{ &app_user, user_of } };

START_TEST(rows_of_shorter_lives_are_overridden_for_all_below)
{
	struct di_context *inner;
	int i;

	ck_assert_ptr_nonnull(app_session_get(request, &error));
	close_request();
	expect_ok(di_override(root, shorter[_i].provider, &fake, &error));
	for (i = 0; i < 2; i++) {
		open_request();
		inner = open_in(request, &di_scope_inject);
		ck_assert_ptr_eq(shorter[_i].get(request), &fake);
		ck_assert_ptr_eq(shorter[_i].get(inner), &fake);
		close_as(inner, DI_DONE);
		close_request();
	}
	open_request();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/override_root");
	TCase *tcase = di_check_case(all, "in the root", setup, container_end);

	tcase_add_test(tcase, contexts_below_see_it_and_are_used_again);
	tcase_add_test(tcase, what_lives_in_the_root_is_built_from_it);
	tcase_add_test(tcase, contexts_that_were_open_before_see_a_further_one);
	tcase_add_test(tcase, a_context_below_may_override_it_again);
	tcase_add_test(tcase, nested_contexts_of_scope_app_see_it_and_are_used_again);
	tcase_add_test(tcase, a_nested_context_of_scope_app_sees_what_is_overridden_of_its_rows);
	tcase_add_test(tcase, states_are_put_below_as_ever);
	tcase_add_loop_test(tcase, rows_of_shorter_lives_are_overridden_for_all_below, 0,
			    sizeof(shorter) / sizeof(shorter[0]));
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
