/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_base,    struct part, (base_new),              base_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_base), session_end, request) \
	X(async_context_resource, app_only,    struct part, (only_new),              only_end, DI_STRICT(request)) \
	X(thread_singleton,       app_mine,    struct part, (mine_new),              mine_end) \
	X(async_context_resource, app_held,    struct part, (held_new, app_mine),    held_end, request) \
	X(async_context_resource, app_beside,  struct part, (beside_new),            beside_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(base, app_base)
LATER_OF_1(session, app_session)
LATER(only, app_only)
PART(mine)
LATER_OF_1(held, app_held)
LATER(beside, app_beside)

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
}

static struct answer closed;

static void close_later(struct di_context *context)
{
	memset(&closed, 0, sizeof(closed));
	expect_ok(di_context_close_async(context, DI_DONE, answer_done, &closed, &error));
	later_run();
	answer_expect(&closed, DI_OK);
}

START_TEST(each_context_has_its_own_and_ends_it)
{
	struct di_context *one = open_in(root, &di_scope_request);
	struct di_context *two = open_in(root, &di_scope_request);

	app_session_get_async(one, answer_take, &answer, &error);
	app_session_get_async(two, answer_take, &other, &error);
	later_run();
	ck_assert_ptr_ne(answer.part, other.part);
	ck_assert_ptr_eq(app_session_get(one, &error), answer.part);
	close_later(one);
	ck_assert(!answer.part->alive && other.part->alive);
	close_later(two);
}
END_TEST

START_TEST(without_a_context_of_its_scope_it_is_told_so)
{
	app_session_get_async(root, answer_take, &answer, &error);
	answer_expect(&answer, DI_ENOCONTEXT);
	journal_expect_nothing();
}
END_TEST

START_TEST(a_strict_one_needs_its_scope_innermost)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *inner = open_in(request, &di_scope_inject);

	app_only_get_async(inner, answer_take, &answer, &error);
	answer_expect(&answer, DI_ENOCONTEXT);
	app_only_get_async(request, answer_take, &other, &error);
	later_run();
	answer_expect(&other, DI_OK);
	close_as(inner, DI_DONE);
	close_later(request);
}
END_TEST

START_TEST(a_context_in_which_it_was_not_made_is_closed_plainly)
{
	struct di_context *request = open_in(root, &di_scope_request);

	expect_null(app_session_get(request, &error), DI_EAGAIN);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(it_is_not_built_from_what_lives_with_a_thread)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_held_get_async(request, answer_take, &answer, &error);
	answer_expect(&answer, DI_ETHREAD);
	answer_text(&answer, "app_held is made asynchronously, wherever that completes");
	answer_text(&answer, "(app_mine <- app_held)");
	di_get_async(request, &app_mine, answer_take_any, &other, &error);
	answer_expect(&other, DI_OK);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_container_with_values_of_threads_is_freed)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_beside_get_async(request, answer_take, &answer, &error);
	ck_assert_ptr_nonnull(app_mine_get(root, &error));
	later_run();
	journal_clear();
	expect_ok(di_container_free_async(container, answer_done, &other, &error));
	container = NULL;
	later_run();
	answer_expect(&other, DI_EOPEN);
	journal_expect("ending beside", "ended beside cancelled", "ended mine done");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/async_context_resource");
	TCase *tcase = tcase_create("async_context_resource");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, each_context_has_its_own_and_ends_it);
	tcase_add_test(tcase, without_a_context_of_its_scope_it_is_told_so);
	tcase_add_test(tcase, a_strict_one_needs_its_scope_innermost);
	tcase_add_test(tcase, a_context_in_which_it_was_not_made_is_closed_plainly);
	tcase_add_test(tcase, it_is_not_built_from_what_lives_with_a_thread);
	tcase_add_test(tcase, a_container_with_values_of_threads_is_freed);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
