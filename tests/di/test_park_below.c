/* SPDX-License-Identifier: MIT */
#include "tests/di/parked_app.h"

/*
 * What contexts that are used again see of those above them, whatever happened to these meanwhile.
 */

PART_FAKE(fake)
PART_FAKE(second_fake)
PART_FAKE(somebody)

/* ---- What its parent has come to mean ---- */

static struct di_context *open_path(int deep)
{
	struct di_context *context = root;
	int i;

	for (i = 0; i < deep; i++)
		context = open_in(context, path[i]);
	return context;
}

/* The context that overrides stands that deep; all below it are parked. */
START_TEST(what_is_overridden_is_seen_in_all_that_is_opened_after)
{
	struct di_context *context;
	struct part *store;

	close_up_to(open_below(root, 0), root);
	context = open_path(_i);
	store = app_store_get(root, &error);
	ck_assert_ptr_eq(store_below(context, _i), store);
	/* The root's report was built from it. */
	if (context == root)
		expect_ok(di_reset(root, &app_store, &error));
	expect_ok(app_store_override(context, &fake, &error));
	ck_assert_ptr_eq(store_below(context, _i), &fake);
	expect_ok(di_reset(context, &app_report, &error));
	expect_ok(app_store_override(context, &second_fake, &error));
	ck_assert_ptr_eq(store_below(context, _i), &second_fake);
	if (context == root)
		return;
	close_up_to(context, root);
	ck_assert_ptr_eq(store_below(root, 0), store);
	context = open_path(_i);
	ck_assert_ptr_eq(store_below(context, _i), store);
	close_up_to(context, root);
}
END_TEST

START_TEST(what_stands_for_a_row_is_seen_in_all_that_is_opened_after)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_str_eq(store_below(request, 1)->name, "store");
	expect_ok(di_override_with(request, &app_store, &app_spare, &error));
	ck_assert_str_eq(store_below(request, 1)->name, "spare_store");
	close_as(request, DI_DONE);
	ck_assert_str_eq(store_below(root, 0)->name, "store");
}
END_TEST

START_TEST(what_is_reset_is_made_anew_for_all_that_is_opened_after)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *inner = open_in(request, &di_scope_inject);
	struct part *session = app_session_get(inner, &error);

	close_as(inner, DI_DONE);
	expect_ok(di_reset(request, &app_session, &error));
	ck_assert(!session->alive);
	inner = open_in(request, &di_scope_inject);
	session = app_session_get(inner, &error);
	ck_assert(session->alive);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
	session = app_store_get(root, &error);
	expect_ok(di_reset(root, &app_store, &error));
	ck_assert(!session->alive);
	ck_assert(store_below(root, 0)->alive);
}
END_TEST

START_TEST(what_is_put_is_seen_in_all_that_is_opened_after)
{
	struct di_context *request = open_in(root, &di_scope_request), *inner;

	park(request, &di_scope_inject);
	expect_ok(app_user_put(request, &somebody, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_user_get(inner, &error), &somebody);
	close_as(inner, DI_DONE);
	expect_ok(app_user_put(request, &fake, &error));
	inner = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_user_get(inner, &error), &fake);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

/* Singletons included that have resolved one of the rows themselves. */
START_TEST(what_begins_afresh_does_for_all_that_is_opened_after)
{
	const struct di_provider *const rows[] = { &app_tool };
	struct di_context_options options = {
		.abi = DI_ABI, .scope = &di_scope_request, .afresh = rows, .afresh_count = 1
	};
	struct part *outer = app_seeker_get(root, &error), *inner;
	struct di_context *request, *call;

	request = open_in(root, &di_scope_request);
	call = open_in(request, &di_scope_inject);
	ck_assert_ptr_eq(app_seeker_get(call, &error), outer);
	close_as(call, DI_DONE);
	close_as(request, DI_DONE);
	request = di_context_open_with(root, &options, &error);
	ck_assert_ptr_nonnull(request);
	call = open_in(request, &di_scope_inject);
	inner = app_seeker_get(call, &error);
	ck_assert_ptr_nonnull(inner);
	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_eq(app_seeker_get(request, &error), inner);
	close_as(call, DI_DONE);
	close_as(request, DI_DONE);
	ck_assert_ptr_eq(app_seeker_get(root, &error), outer);
}
END_TEST

/* ---- Where it is opened ---- */

START_TEST(the_scope_is_the_one_that_is_asked_for)
{
	struct di_context *context;
	int i;

	for (i = 0; i < 3; i++) {
		context = open_in(root, &di_scope_request);
		ck_assert_ptr_eq(di_context_scope(context), &di_scope_request);
		ck_assert_ptr_nonnull(app_session_get(context, &error));
		park(context, &di_scope_inject);
		expect_null(app_work_get(context, &error), DI_ENOCONTEXT);
		close_as(context, DI_DONE);
		context = open_in(root, &di_scope_job);
		ck_assert_ptr_eq(di_context_scope(context), &di_scope_job);
		ck_assert_ptr_nonnull(app_work_get(context, &error));
		ck_assert_ptr_nonnull(store_below(context, 2));
		expect_null(app_session_get(context, &error), DI_ENOCONTEXT);
		close_as(context, DI_DONE);
	}
}
END_TEST

/* One has children parked, and is then used below another. */
START_TEST(what_was_below_one_parent_is_not_below_another)
{
	struct di_context *a, *b, *inner;
	int i;

	for (i = 0; i < 3; i++) {
		a = open_in(root, &di_scope_request);
		b = open_in(root, &di_scope_request);
		expect_ok(app_store_override(b, &fake, &error));
		inner = open_in(a, &di_scope_inject);
		park(inner, &di_scope_inject);
		close_as(inner, DI_DONE);
		close_as(a, DI_DONE);
		inner = open_in(b, &di_scope_inject);
		ck_assert_ptr_eq(di_context_parent(inner), b);
		a = open_in(inner, &di_scope_inject);
		ck_assert_ptr_eq(app_store_get(a, &error), &fake);
		ck_assert_ptr_eq(app_call_get(a, &error)->needs[0]->needs[0]->needs[0], &fake);
		close_as(a, DI_DONE);
		close_as(inner, DI_DONE);
		close_as(b, DI_DONE);
	}
	ck_assert_str_eq(store_below(root, 0)->name, "store");
}
END_TEST

START_TEST(several_at_once_are_several)
{
	struct di_context *open[5];
	int i, k;

	for (k = 0; k < 4; k++) {
		for (i = 0; i < 5; i++) {
			open[i] = open_in(root, &di_scope_request);
			ck_assert(i == 0 || open[i] != open[i - 1]);
			ck_assert_ptr_nonnull(app_session_get(open[i], &error));
			ck_assert_int_eq(parts_alive("session"), i + 1);
		}
		for (i = 0; i < 5; i++)
			close_as(open[k % 2 == 0 ? i : 4 - i], DI_DONE);
		ck_assert_int_eq(parts_alive("session"), 0);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/park_below");
	TCase *tcase = tcase_create("below");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_loop_test(tcase, what_is_overridden_is_seen_in_all_that_is_opened_after, 0,
			    DEPTH);
	tcase_add_test(tcase, what_stands_for_a_row_is_seen_in_all_that_is_opened_after);
	tcase_add_test(tcase, what_is_reset_is_made_anew_for_all_that_is_opened_after);
	tcase_add_test(tcase, what_is_put_is_seen_in_all_that_is_opened_after);
	tcase_add_test(tcase, what_begins_afresh_does_for_all_that_is_opened_after);
	tcase_add_test(tcase, the_scope_is_the_one_that_is_asked_for);
	tcase_add_test(tcase, what_was_below_one_parent_is_not_below_another);
	tcase_add_test(tcase, several_at_once_are_several);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
