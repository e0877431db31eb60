/* SPDX-License-Identifier: MIT */
#include "tests/di/scoped_app.h"

/* ---- Opening ---- */

START_TEST(opening_creates_nothing)
{
	struct di_context *request = open_in(root, &di_scope_request);

	close_as(open_in(request, &di_scope_inject), DI_DONE);
	close_as(request, DI_DONE);
	journal_expect_nothing();
}
END_TEST

START_TEST(a_constructor_runs_on_first_use_and_once)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *session = app_session_get(request, &error);

	journal_expect("created shared", "created session from shared");
	ck_assert_ptr_nonnull(session);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	ck_assert_ptr_eq(di_resolve(request, &error, &app_session), session);
	journal_expect_nothing();
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(what_was_never_used_is_never_torn_down)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_local_get(request, &error);
	close_as(request, DI_DONE);
	journal_expect("created local", "ended local done");
}
END_TEST

START_TEST(a_context_knows_its_parent_and_its_scope)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *job = open_in(request, &di_scope_job);

	ck_assert_ptr_null(di_context_parent(root));
	ck_assert_ptr_eq(di_context_parent(request), root);
	ck_assert_ptr_eq(di_context_parent(job), request);
	ck_assert_ptr_eq(di_context_scope(root), &di_scope_app);
	ck_assert_ptr_eq(di_context_scope(request), &di_scope_request);
	ck_assert_ptr_eq(di_context_scope(job), &di_scope_job);
	close_as(job, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(nothing_is_known_of_no_context)
{
	ck_assert_ptr_null(di_context_parent(NULL));
	ck_assert_ptr_null(di_context_scope(NULL));
	ck_assert_uint_eq(di_context_number(NULL), 0);
}
END_TEST

START_TEST(the_root_has_number_1_whenever_it_is_asked)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_uint_ne(di_context_number(request), 1);
	ck_assert_uint_eq(di_context_number(root), 1);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(numbers_are_unique_in_the_container_and_never_used_again)
{
	uint64_t seen[50];
	int i, k;

	for (i = 0; i < 50; i++) {
		struct di_context *request = open_in(root, &di_scope_request);

		seen[i] = di_context_number(request);
		ck_assert_uint_eq(di_context_number(request), seen[i]);
		for (k = 0; k < i; k++)
			ck_assert_uint_ne(seen[i], seen[k]);
		close_as(request, DI_DONE);
	}
}
END_TEST

static enum di_status open_without_parent(void *data, struct di_error *err)
{
	(void)data;
	ck_assert_ptr_null(di_context_open(NULL, &di_scope_request, err));
	return err != NULL ? err->status : DI_EINVAL;
}

static enum di_status open_scope(void *data, struct di_error *err)
{
	ck_assert_ptr_null(di_context_open(root, data, err));
	return err != NULL ? err->status : DI_EINVAL;
}

START_TEST(a_context_needs_a_parent_and_a_scope_other_than_any)
{
	struct di_scope *any = (struct di_scope *)(uintptr_t)&di_scope_any;

	misuse_expect(open_without_parent, NULL, DI_EINVAL, "there is no parent context");
	misuse_expect(open_scope, NULL, DI_EINVAL, "there is no scope");
	misuse_expect(open_scope, any, DI_EINVAL, "a context of scope any cannot be opened");
}
END_TEST

static enum di_status open_below(void *data, struct di_error *err)
{
	ck_assert_ptr_null(di_context_open(data, &di_scope_inject, err));
	return err != NULL ? err->status : DI_ECLOSED;
}

static enum di_status get_session(void *data, struct di_error *err)
{
	ck_assert_ptr_null(app_session_get(data, err));
	return err != NULL ? err->status : DI_ECLOSED;
}

START_TEST(a_closed_context_opens_and_resolves_nothing)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	close_as(request, DI_DONE);
	misuse_expect(open_below, request, DI_ECLOSED, "closed");
	misuse_expect(get_session, request, DI_ECLOSED, "the context was closed before");
	ck_assert_int_eq(parts_alive("session"), 0);
}
END_TEST

/* ---- Nesting ---- */

START_TEST(contexts_nest_in_any_order)
{
	struct di_context *inject = open_in(root, &di_scope_inject);
	struct di_context *request = open_in(inject, &di_scope_request);
	struct di_context *job = open_in(request, &di_scope_job);
	struct part *call;

	expect_null(app_call_get(inject, &error), DI_ENOCONTEXT);
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	ck_assert_ptr_nonnull(app_work_get(job, &error));
	ck_assert_ptr_eq(app_session_get(job, &error), app_session_get(request, &error));
	call = app_call_get(job, &error);
	ck_assert_ptr_nonnull(call);
	ck_assert_ptr_eq(call->needs[0], app_session_get(request, &error));
	close_as(job, DI_DONE);
	close_as(request, DI_DONE);
	close_as(inject, DI_DONE);
	journal_expect("created shared", "created session from shared", "created work",
		       "created call from session", "ended work done", "ended call done",
		       "ended session done");
}
END_TEST

START_TEST(a_nested_context_of_the_same_scope_starts_afresh)
{
	struct di_context *outer = open_in(root, &di_scope_request);
	struct part *session = app_session_get(outer, &error);
	struct di_context *inner = open_in(outer, &di_scope_request);
	struct part *other = app_session_get(inner, &error);

	ck_assert_ptr_nonnull(other);
	ck_assert_ptr_ne(other, session);
	ck_assert_ptr_eq(other->needs[0], session->needs[0]);
	ck_assert_ptr_eq(app_session_get(outer, &error), session);
	close_as(inner, DI_DONE);
	ck_assert(!other->alive);
	ck_assert(session->alive);
	ck_assert_ptr_eq(app_session_get(outer, &error), session);
	close_as(outer, DI_DONE);
}
END_TEST

START_TEST(an_outer_value_is_there_again_after_a_nested_context)
{
	struct di_context *outer = open_in(root, &di_scope_request);
	struct di_context *between = open_in(outer, &di_scope_inject);
	struct part *session = app_session_get(between, &error);
	struct di_context *inner = open_in(between, &di_scope_request);

	ck_assert_ptr_ne(app_session_get(inner, &error), session);
	close_as(inner, DI_DONE);
	ck_assert_ptr_eq(app_session_get(between, &error), session);
	close_as(between, DI_DONE);
	ck_assert(session->alive);
	close_as(outer, DI_DONE);
	ck_assert(!session->alive);
}
END_TEST

START_TEST(siblings_share_what_is_outside_and_nothing_else)
{
	struct di_context *a = open_in(root, &di_scope_request);
	struct di_context *b = open_in(root, &di_scope_request);

	ck_assert_ptr_ne(app_session_get(a, &error), app_session_get(b, &error));
	ck_assert_ptr_eq(app_shared_get(a, &error), app_shared_get(b, &error));
	close_as(a, DI_DONE);
	ck_assert(app_session_get(b, &error)->alive);
	close_as(b, DI_DONE);
}
END_TEST

START_TEST(a_scope_of_ones_own_works_like_the_others)
{
	struct di_context *job = open_in(root, &di_scope_job);
	struct part *work = app_work_get(job, &error);

	ck_assert_ptr_nonnull(work);
	ck_assert_ptr_eq(app_work_get(job, &error), work);
	expect_null(app_session_get(job, &error), DI_ENOCONTEXT);
	close_as(job, DI_DONE);
	ck_assert(!work->alive);
}
END_TEST

START_TEST(a_scope_is_itself_and_not_its_name)
{
	static const struct di_scope twin = { "request", 100 }, no_any = { "any", 100 };
	struct di_context *context = open_in(open_in(root, &twin), &no_any);

	expect_null(app_session_get(context, &error), DI_ENOCONTEXT);
	context = open_in(context, &di_scope_request);
	ck_assert_ptr_nonnull(app_session_get(context, &error));
	container_free_expect(DI_EOPEN);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/context");
	TCase *opening = tcase_create("opening"), *nesting = tcase_create("nesting");

	tcase_add_checked_fixture(opening, setup, container_end);
	tcase_add_test(opening, opening_creates_nothing);
	tcase_add_test(opening, a_constructor_runs_on_first_use_and_once);
	tcase_add_test(opening, what_was_never_used_is_never_torn_down);
	tcase_add_test(opening, a_context_knows_its_parent_and_its_scope);
	tcase_add_test(opening, nothing_is_known_of_no_context);
	tcase_add_test(opening, the_root_has_number_1_whenever_it_is_asked);
	tcase_add_test(opening, numbers_are_unique_in_the_container_and_never_used_again);
	tcase_add_test(opening, a_context_needs_a_parent_and_a_scope_other_than_any);
	tcase_add_test(opening, a_closed_context_opens_and_resolves_nothing);
	suite_add_tcase(suite, opening);

	tcase_add_checked_fixture(nesting, setup, container_end);
	tcase_add_test(nesting, contexts_nest_in_any_order);
	tcase_add_test(nesting, a_nested_context_of_the_same_scope_starts_afresh);
	tcase_add_test(nesting, an_outer_value_is_there_again_after_a_nested_context);
	tcase_add_test(nesting, siblings_share_what_is_outside_and_nothing_else);
	tcase_add_test(nesting, a_scope_of_ones_own_works_like_the_others);
	tcase_add_test(nesting, a_scope_is_itself_and_not_its_name);
	suite_add_tcase(suite, nesting);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
