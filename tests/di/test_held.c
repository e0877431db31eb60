/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include "tests/di/threaded_app.h"
#include "tests/support/later.h"

#include <errno.h>
#include <sched.h>

/* Contexts that hold what was built from a thread's values belong to that thread. */

static struct di_context *request;
static struct guest guest = GUEST_INIT;
static struct di_error refused;
static struct answer answer;

static void setup(void)
{
	threaded_begin();
	memset(&refused, 0, sizeof(refused));
	memset(&answer, 0, sizeof(answer));
	request = open_in(root, &di_scope_request);
}

/* What another thread was refused, which `refused` says. */
static void expect_refusal(void *value, const char *text)
{
	error = refused;
	ck_assert_ptr_null(value);
	ck_assert_str_eq(di_status_name(error.status), "DI_ETHREAD");
	expect_text(text);
}

static void *try_session(void *context)
{
	return app_session_get(context, &refused);
}

static void *try_close(void *context)
{
	return di_context_close(context, DI_DONE, &refused) == DI_OK ? context : NULL;
}

static void *try_reset(void *context)
{
	return di_reset(context, &app_plain, &refused) == DI_OK ? context : NULL;
}

static void *try_override(void *context)
{
	return app_plain_override(context, &fake, &refused) == DI_OK ? context : NULL;
}

/* ---- Asking ---- */

START_TEST(what_was_built_from_it_is_for_its_thread_alone)
{
	struct part *session = app_session_get(request, &error);

	expect_refusal(in_thread(try_session, request),
		       "app_session: it belongs to another thread: its context, of scope request, "
		       "belongs to thread");
	expect_text("open a context here");
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	ck_assert_ptr_eq(di_resolve(request, &error, &app_session), session);
	close_as(request, DI_DONE);
	ck_assert(!session->alive);
}
END_TEST

static void *try_page(void *context)
{
	struct di_context *inner = di_context_open(context, &di_scope_inject, &refused);
	struct part *page = app_page_get(inner, &refused);

	return di_context_close(inner, DI_DONE, NULL) == DI_OK ? page : &fake;
}

START_TEST(also_from_contexts_further_in)
{
	struct di_context *inner = open_in(request, &di_scope_inject);
	struct part *page = app_page_get(inner, &error);

	ck_assert_ptr_eq(page->needs[0], app_session_get(request, &error));
	expect_refusal(in_thread(try_page, request), "app_session <- app_page");
	ck_assert_ptr_eq(app_page_get(inner, &error), page);
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

static void *get_later(void *context)
{
	memset(&answer, 0, sizeof(answer));
	di_get_async(context, &app_session, answer_take_any, &answer, NULL);
	return answer.part;
}

/* Also where rows mean others, and so may take time. */
START_TEST(also_for_gets_that_call_back)
{
	struct part *session;

	close_as(request, DI_DONE);
	if (_i)
		expect_ok(di_override_with(root, &app_watch, &app_pool, &error));
	request = open_in(root, &di_scope_request);
	session = app_session_get(request, &error);
	ck_assert_ptr_eq(get_later(request), session);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_null(in_thread(get_later, request));
	ck_assert_int_eq(answer.status, DI_ETHREAD);
	answer_text(&answer, "its context, of scope request, belongs to thread");
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("session"), 0);
}
END_TEST

START_TEST(what_is_overridden_by_a_value_takes_no_time)
{
	struct part *session;

	close_as(request, DI_DONE);
	expect_ok(app_config_override(root, &fake, &error));
	request = open_in(root, &di_scope_request);
	session = get_later(request);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	ck_assert_ptr_eq(session->needs[0]->needs[0]->needs[0]->needs[0], &fake);
	close_as(request, DI_DONE);
}
END_TEST

static void *get_plain(void *context)
{
	return app_plain_get(context, NULL);
}

START_TEST(all_else_in_the_context_is_for_every_thread)
{
	struct part *buffer = app_buffer_get(request, &error), *plain;

	ck_assert_ptr_nonnull(app_session_get(request, &error));
	plain = in_thread(get_plain, request);
	ck_assert_ptr_eq(app_plain_get(request, &error), plain);
	guest_enter(&guest, get_buffer, request);
	ck_assert_ptr_nonnull(guest.value);
	ck_assert_ptr_ne(guest.value, buffer);
	guest_leave(&guest);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_context_that_holds_nothing_of_it_belongs_to_nobody)
{
	ck_assert_ptr_nonnull(app_cache_get(request, &error));
	ck_assert_ptr_nonnull(in_thread(get_cache, request));
	ck_assert_ptr_eq(in_thread(try_close, request), request);
}
END_TEST

static struct part *asked_late;

static void ask_for_buffer(struct part *part)
{
	(void)part;
	asked_late = app_buffer_get(di_context_current(&app), &error);
}

START_TEST(what_a_constructor_asks_for_itself_counts)
{
	struct part *plain;

	parts_on_new("plain", ask_for_buffer);
	plain = app_plain_get(request, &error);
	ck_assert_ptr_nonnull(plain);
	ck_assert_ptr_eq(asked_late, app_buffer_get(root, &error));
	ck_assert_ptr_eq(app_plain_get(request, &error), plain);
	expect_refusal(in_thread(try_close, request),
		       "the context of scope request holds app_plain, which was built from values "
		       "of thread");
	expect_text("leave it to that thread");
	close_as(request, DI_DONE);
	ck_assert(!plain->alive);
}
END_TEST

static void *get_view(void *context)
{
	return app_view_get(context, NULL);
}

START_TEST(so_does_what_such_a_value_was_made_for)
{
	struct part *view;

	parts_on_new("plain", ask_for_buffer);
	view = app_view_get(request, &error);
	ck_assert_ptr_nonnull(view);
	ck_assert_ptr_eq(app_view_get(request, &error), view);
	guest_enter(&guest, get_view, request);
	ck_assert_ptr_null(guest.value);
	guest_leave(&guest);
	close_as(request, DI_DONE);
	ck_assert(!view->alive);
}
END_TEST

START_TEST(what_lives_with_the_container_may_not_ask_for_it)
{
	parts_on_new("watch", ask_for_buffer);
	asked_late = &fake;
	ck_assert_ptr_nonnull(app_watch_get(root, &error));
	ck_assert_ptr_null(asked_late);
	ck_assert_int_eq(error.status, DI_ETHREAD);
	expect_text("app_buffer: it belongs to another thread: it lives with a thread, and "
		    "app_watch, which asks for it, with the container: it would outlive it "
		    "(app_buffer <- app_watch)");
	close_as(request, DI_DONE);
}
END_TEST

/* ---- Ending ---- */

START_TEST(another_thread_neither_closes_resets_nor_overrides_there)
{
	thread_fn *const tries[] = { try_close, try_reset, try_override };
	struct part *session = app_session_get(request, &error);

	ck_assert_ptr_nonnull(app_plain_get(request, &error));
	journal_clear();
	expect_refusal(
		in_thread(tries[_i], request),
		"the context of scope request holds app_session, which was built from values "
		"of thread");
	journal_expect_nothing();
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	close_as(request, DI_FAILED);
	journal_expect("ended plain failed", "ended session failed");
}
END_TEST

START_TEST(once_it_has_ended_the_context_belongs_to_nobody)
{
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	expect_ok(di_reset(request, &app_session, &error));
	guest_enter(&guest, get_session, request);
	ck_assert_ptr_nonnull(guest.value);
	expect_null(app_session_get(request, &error), DI_ETHREAD);
	expect_error(di_context_close(request, DI_DONE, &error), DI_ETHREAD);
	guest_leave(&guest);
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_creation_that_failed_holds_nothing)
{
	parts_fail_new("session", EIO, 1);
	expect_null(app_session_get(request, &error), DI_ECREATE);
	ck_assert_ptr_eq(in_thread(try_close, request), request);
}
END_TEST

static void *try_drop(void *query)
{
	return app_query_drop(request, query, &refused) == DI_OK ? query : NULL;
}

START_TEST(a_product_is_dropped_by_its_thread)
{
	struct part *query = app_query_get(request, &error);

	expect_refusal(in_thread(try_drop, query), "holds app_query");
	expect_ok(app_query_drop(request, query, &error));
	ck_assert_ptr_eq(in_thread(try_close, request), request);
}
END_TEST

START_TEST(a_context_used_again_belongs_to_nobody)
{
	int i;

	for (i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(app_session_get(request, &error));
		close_as(request, DI_DONE);
		request = open_in(root, &di_scope_request);
		ck_assert_ptr_nonnull(in_thread(get_session, request));
	}
	close_as(request, DI_DONE);
}
END_TEST

/* ---- The thread ends first ---- */

static void *get_page(void *context)
{
	return app_page_get(context, NULL);
}

START_TEST(what_contexts_hold_ends_before_the_thread_and_they_go_on)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	ck_assert_ptr_nonnull(app_plain_get(request, &error));
	journal_clear();
	ck_assert_ptr_nonnull(in_thread(get_page, inner));
	journal_expect("created buffer from pool", "created cache from buffer",
		       "created session from cache", "created page from session",
		       "ended page cancelled", "ended session cancelled", "ended cache done",
		       "ended buffer done");
	ck_assert_ptr_nonnull(app_page_get(inner, &error));
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

static void *get_outer_last(void *context)
{
	struct part *query = app_query_get(context, NULL);

	return query != NULL && app_session_get(request, NULL) != NULL ? app_page_get(context, NULL)
								       : NULL;
}

START_TEST(innermost_contexts_first)
{
	struct di_context *inner = open_in(request, &di_scope_inject);

	ck_assert_ptr_nonnull(in_thread(get_outer_last, inner));
	journal_expect("created pool from config", "created buffer from pool",
		       "created query from buffer", "created cache from buffer",
		       "created session from cache", "created page from session",
		       "ended page cancelled", "ended query cancelled", "ended session cancelled",
		       "ended cache done", "ended buffer done");
	close_as(inner, DI_DONE);
	close_as(request, DI_DONE);
}
END_TEST

static struct stop ending = STOP_INIT;

static void stand_still(struct part *part)
{
	(void)part;
	stop_here(&ending);
}

START_TEST(meanwhile_the_context_is_busy_and_the_container_too)
{
	pthread_t thread;

	stop_init(&ending, 1);
	parts_on_end("session", stand_still);
	thread = thread_start(get_session, request, 0);
	stop_wait(&ending);
	expect_error(di_context_close(request, DI_DONE, &error), DI_ETHREAD);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	stop_let_go(&ending);
	thread_join(thread);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(who_has_waited_for_its_making_is_refused)
{
	pthread_t waiter;

	stop_init(&ending, 1);
	parts_on_new("session", stand_still);
	guest.function = get_session;
	guest.data = request;
	latch_init(&guest.there);
	latch_init(&guest.go_on);
	guest.thread = thread_start(guest_run, &guest, 0);
	stop_wait(&ending);
	/* It waits, or comes after: either way it is not the waiter's. */
	waiter = thread_start(try_session, request, 0);
	stop_let_go(&ending);
	expect_refusal(thread_join(waiter), "app_session");
	guest_leave(&guest);
	close_as(request, DI_DONE);
}
END_TEST

static void ask_and_stand_still(struct part *part)
{
	(void)part;
	app_buffer_get(di_context_current(&app), NULL);
	stop_here(&ending);
}

/* Opens a context of its own, so that nothing is between it and what it makes there. */
static void *make_plain(void *data)
{
	(void)data;
	request = di_context_open(root, &di_scope_request, NULL);
	return app_plain_get(request, NULL);
}

static void *try_plain(void *context)
{
	return app_plain_get(context, &refused);
}

static int somebody_waits_for_plain(void)
{
	struct di_flow *flow = di__flow_get();
	int waits;

	di__lock_context(request, flow);
	waits = (request->entries[app_plain.index]->traits & DI__AWAITED) != 0;
	di__unlock_context(request, flow);
	return waits;
}

START_TEST(also_where_only_its_constructor_has_asked)
{
	struct di_context *first = request;
	pthread_t waiter;

	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	stop_init(&ending, 1);
	parts_on_new("plain", ask_and_stand_still);
	guest.function = make_plain;
	latch_init(&guest.there);
	latch_init(&guest.go_on);
	guest.thread = thread_start(guest_run, &guest, 0);
	stop_wait(&ending);
	waiter = thread_start(try_plain, request, 0);
	while (!somebody_waits_for_plain())
		sched_yield();
	stop_let_go(&ending);
	expect_refusal(thread_join(waiter), "app_plain");
	guest_leave(&guest);
	ck_assert_ptr_nonnull(guest.value);
	close_as(request, DI_DONE);
	request = first;
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/held");
	TCase *tcase = tcase_create("held");

	tcase_add_checked_fixture(tcase, setup, threaded_end);
	tcase_add_test(tcase, what_was_built_from_it_is_for_its_thread_alone);
	tcase_add_test(tcase, also_from_contexts_further_in);
	tcase_add_loop_test(tcase, also_for_gets_that_call_back, 0, 2);
	tcase_add_test(tcase, what_is_overridden_by_a_value_takes_no_time);
	tcase_add_test(tcase, all_else_in_the_context_is_for_every_thread);
	tcase_add_test(tcase, a_context_that_holds_nothing_of_it_belongs_to_nobody);
	tcase_add_test(tcase, what_a_constructor_asks_for_itself_counts);
	tcase_add_test(tcase, so_does_what_such_a_value_was_made_for);
	tcase_add_test(tcase, what_lives_with_the_container_may_not_ask_for_it);
	tcase_add_loop_test(tcase, another_thread_neither_closes_resets_nor_overrides_there, 0, 3);
	tcase_add_test(tcase, once_it_has_ended_the_context_belongs_to_nobody);
	tcase_add_test(tcase, a_creation_that_failed_holds_nothing);
	tcase_add_test(tcase, a_product_is_dropped_by_its_thread);
	tcase_add_test(tcase, a_context_used_again_belongs_to_nobody);
	tcase_add_test(tcase, what_contexts_hold_ends_before_the_thread_and_they_go_on);
	tcase_add_test(tcase, innermost_contexts_first);
	tcase_add_test(tcase, meanwhile_the_context_is_busy_and_the_container_too);
	tcase_add_test(tcase, who_has_waited_for_its_making_is_refused);
	tcase_add_test(tcase, also_where_only_its_constructor_has_asked);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
