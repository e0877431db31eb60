/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <pthread.h>

/* Values of threads and values that take time, in one context. */

/* clang-format off */
#define APP(X) \
	X(thread_singleton,       app_cell,    struct part, (cell_new),           cell_end) \
	X(context_resource,       app_page,    struct part, (page_new, app_cell), page_end, request) \
	X(async_singleton,        app_base,    struct part, (base_new),           base_end) \
	X(thread_singleton,       app_view,    struct part, (view_new, app_base), view_end) \
	X(context_resource,       app_late,    struct part, (late_new),           late_end, request) \
	X(async_context_resource, app_session, struct part, (session_new),        session_end, request) \
	X(async_context_resource, app_plain,   struct part, (plain_new),          di_keep, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(cell)
PART(late)
LATER(base, app_base)
PART_OF_1(view)
PART_OF_1(page)
LATER(session, app_session)
PART_FAKE(made)

static int plain_new(struct di_call *call)
{
	app_plain_complete(call, 0, &made);
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;
static struct di_context *request;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
	request = open_in(root, &di_scope_request);
}

START_TEST(what_is_of_the_thread_ends_before_what_may_end_elsewhere)
{
	app_page_get(request, &error);
	app_session_get_async(request, answer_take, &answer, &error);
	later_run();
	journal_clear();
	expect_error(di_context_close(request, DI_DONE, &error), DI_EAGAIN);
	expect_text("app_session");
	expect_ok(di_context_close_async(request, DI_FAILED, answer_done, &other, &error));
	journal_expect("ended page failed", "ending session");
	later_run();
	answer_expect(&other, DI_OK);
	journal_expect("ended session failed");
}
END_TEST

START_TEST(where_all_ends_at_once_the_newest_is_first)
{
	app_page_get(request, &error);
	app_plain_get_async(request, answer_take, &answer, &error);
	app_late_get(request, &error);
	journal_clear();
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	answer_expect(&other, DI_OK);
	journal_expect("ended late done", "ended page done");
}
END_TEST

static void *close_it(void *data)
{
	(void)data;
	expect_error(di_context_close_async(request, DI_DONE, answer_done, &other, &error),
		     DI_ETHREAD);
	return NULL;
}

START_TEST(another_thread_does_not_close_it)
{
	pthread_t thread;

	app_page_get(request, &error);
	ck_assert_int_eq(pthread_create(&thread, NULL, close_it, NULL), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	answer_expect(&other, DI_OK);
}
END_TEST

START_TEST(one_of_a_thread_waits_for_what_takes_time)
{
	di_get_async(root, &app_view, answer_take_any, &answer, &error);
	ck_assert_int_eq(answer.times, 0);
	later_run();
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(answer.part, app_view_get(root, &error));
}
END_TEST

/* ---- Handlers. ---- */

static void use(struct part *page, struct part *session)
{
	(void)page;
	(void)session;
	ck_abort_msg("it was called");
}

DI_HANDLER_ASYNC(used, void, (), (use, app_page, app_session));

START_TEST(what_is_of_a_thread_is_no_need_of_an_asynchronous_handler)
{
	expect_ok(used(request, answer_done, &answer, &error));
	later_run();
	answer_expect(&answer, DI_ETHREAD);
	answer_text(&answer, "app_page");
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	later_run();
	answer_expect(&other, DI_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_threads");
	TCase *tcase = tcase_create("threads");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, what_is_of_the_thread_ends_before_what_may_end_elsewhere);
	tcase_add_test(tcase, where_all_ends_at_once_the_newest_is_first);
	tcase_add_test(tcase, another_thread_does_not_close_it);
	tcase_add_test(tcase, one_of_a_thread_waits_for_what_takes_time);
	tcase_add_test(tcase, what_is_of_a_thread_is_no_need_of_an_asynchronous_handler);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
