/* SPDX-License-Identifier: MIT */
#include "tests/di/scoped_app.h"

/* Contexts of no scope: they begin nothing afresh but what is named. */

PART_FAKE(fake)
PART_FAKE(other_fake)

#define STATE_APP(X) X(state, state_app_user, struct part, any)

DI_CONTAINER_DECLARE(state_app, STATE_APP);
DI_CONTAINER_DEFINE(state_app, STATE_APP);

DI_KEY_DECLARE(locale, const char);
DI_KEY_DEFINE(locale, const char);

static struct di_context *request, *block;

static void setup_block(void)
{
	setup();
	request = open_in(root, &di_scope_request);
	block = open_in(request, &di_scope_none);
}

START_TEST(what_is_around_it_is_seen_in_it)
{
	struct part *local = app_local_get(block, &error);

	ck_assert_ptr_eq(app_session_get(block, &error), app_session_get(request, &error));
	ck_assert_ptr_eq(app_local_get(request, &error), local);
	ck_assert_ptr_eq(app_whole_get(block, &error), app_whole_get(root, &error));
	close_as(block, DI_DONE);
	ck_assert_int_eq(local->alive, 1);
	ck_assert_ptr_eq(app_local_get(request, &error), local);
}
END_TEST

static struct di_context *open_naming(const struct di_provider *const *named, size_t count,
				      const struct di_table *const *tables, size_t tables_count)
{
	struct di_context_options options = { .abi = DI_ABI,
					      .scope = &di_scope_none,
					      .afresh = named,
					      .afresh_count = count,
					      .afresh_tables = tables,
					      .afresh_tables_count = tables_count };
	struct di_context *context = di_context_open_with(request, &options, &error);

	ck_assert_msg(context != NULL, "%s", error_text());
	return context;
}

START_TEST(only_the_named_rows_begin_afresh)
{
	const struct di_provider *const named[] = { &app_session };
	struct part *session = app_session_get(request, &error);
	struct part *local = app_local_get(request, &error);
	struct di_context *context = open_naming(named, 1, NULL, 0);

	ck_assert_ptr_nonnull(app_session_get(context, &error));
	ck_assert_ptr_ne(app_session_get(context, &error), session);
	ck_assert_ptr_eq(app_local_get(context, &error), local);
	close_as(context, DI_DONE);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	journal_expect("created shared", "created session from shared", "created local",
		       "created session from shared", "ended session done");
}
END_TEST

START_TEST(a_named_table_begins_afresh)
{
	const struct di_table *const tables[] = { &app };
	struct part *session = app_session_get(request, &error);
	struct part *shared = app_shared_get(request, &error);
	struct di_context *context = open_naming(NULL, 0, tables, 1);

	ck_assert_ptr_ne(app_session_get(context, &error), session);
	ck_assert_ptr_nonnull(app_work_get(context, &error));
	ck_assert_ptr_eq(app_shared_get(context, &error), shared);
	expect_null(app_work_get(request, &error), DI_ENOCONTEXT);
}
END_TEST

START_TEST(an_override_in_it_leaves_the_rest_as_it_is)
{
	struct part *local = app_local_get(request, &error);
	struct part *session = app_session_get(request, &error);

	expect_ok(app_shared_override(block, &fake, &error));
	ck_assert_ptr_eq(app_session_get(block, &error)->needs[0], &fake);
	ck_assert_ptr_eq(app_local_get(block, &error), local);
	close_as(block, DI_DONE);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
}
END_TEST

START_TEST(a_state_put_into_it_is_seen_there_and_below)
{
	struct di_container *states = di_container_new(&state_app, NULL, &error);
	struct di_context *outer = di_container_root(states);
	struct di_context *context = open_in(outer, &di_scope_none);

	expect_ok(state_app_user_put(outer, &other_fake, &error));
	expect_ok(state_app_user_put(context, &fake, &error));
	ck_assert_ptr_eq(state_app_user_get(context, &error), &fake);
	ck_assert_ptr_eq(state_app_user_get(open_in(context, &di_scope_none), &error), &fake);
	ck_assert_ptr_eq(state_app_user_get(outer, &error), &other_fake);
	ck_assert_int_eq(di_container_free(states, NULL), DI_EOPEN);
}
END_TEST

START_TEST(items_put_into_it_hide_those_around_it)
{
	expect_ok(locale_put(request, "en", &error));
	expect_ok(locale_put(block, "de", &error));
	ck_assert_str_eq(locale_fetch(block), "de");
	close_as(block, DI_DONE);
	ck_assert_str_eq(locale_fetch(request), "en");
}
END_TEST

START_TEST(the_scope_around_it_stays_the_current_one)
{
	expect_ok(di_context_enter(block, &error));
	ck_assert_ptr_eq(di_context_current(&app), block);
	ck_assert_ptr_eq(di_context_scope(block), &di_scope_none);
	ck_assert_ptr_eq(di_scope_current(&app), &di_scope_request);
	expect_ok(di_context_leave(block, &error));
}
END_TEST

START_TEST(a_row_whose_scope_is_not_open_finds_no_home_in_it)
{
	expect_null(app_call_get(block, &error), DI_ENOCONTEXT);
	ck_assert_str_eq(error_text(), "app_call: no context of the needed scope is open: it needs "
				       "a context of scope inject; open are: none, request, app");
}
END_TEST

START_TEST(a_closed_one_is_used_again_for_any_scope)
{
	int i;

	for (i = 0; i < 4; i++) {
		const struct di_scope *scope = (i & 1) ? &di_scope_inject : &di_scope_none;
		struct di_context *context = open_in(request, scope);

		ck_assert_int_eq(app_local_get(context, &error) == app_local_get(request, &error),
				 scope == &di_scope_none);
		close_as(context, DI_DONE);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/scope/none");
	TCase *tcase = tcase_create("none");

	tcase_add_checked_fixture(tcase, setup_block, container_end);
	tcase_add_test(tcase, what_is_around_it_is_seen_in_it);
	tcase_add_test(tcase, only_the_named_rows_begin_afresh);
	tcase_add_test(tcase, a_named_table_begins_afresh);
	tcase_add_test(tcase, an_override_in_it_leaves_the_rest_as_it_is);
	tcase_add_test(tcase, a_state_put_into_it_is_seen_there_and_below);
	tcase_add_test(tcase, items_put_into_it_hide_those_around_it);
	tcase_add_test(tcase, the_scope_around_it_stays_the_current_one);
	tcase_add_test(tcase, a_row_whose_scope_is_not_open_finds_no_home_in_it);
	tcase_add_test(tcase, a_closed_one_is_used_again_for_any_scope);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
