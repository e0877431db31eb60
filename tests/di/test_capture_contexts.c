/* SPDX-License-Identifier: MIT */
#include "di/capture.h"
#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

/* Contexts that are taken along: entered where the capture runs, and told when they are closed. */

/* clang-format off */
#define APP(X) \
	X(context_resource, app_session, struct part, (session_new), session_end, request) \
	X(async_singleton,  app_store,   struct part, (store_new), store_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(session)
LATER(store, app_store)

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

static struct di_capture *take(void)
{
	struct di_capture *capture = di_flow_capture_contexts(&error);

	ck_assert_ptr_nonnull(capture);
	return capture;
}

/* Captures root and the request, and leaves them. */
static struct di_capture *take_both(void)
{
	struct di_capture *capture;

	expect_ok(di_context_enter(root, &error));
	expect_ok(di_context_enter(request, &error));
	capture = take();
	expect_ok(di_context_leave(request, &error));
	expect_ok(di_context_leave(root, &error));
	return capture;
}

static void see(void *data)
{
	*(struct di_context **)data = di_context_current(&app);
}

START_TEST(a_run_has_entered_what_was_entered_and_leaves_it)
{
	struct di_capture *capture = take_both();
	struct di_context *seen = NULL;

	expect_ok(di_flow_run(capture, see, &seen, &error));
	ck_assert_ptr_eq(seen, request);
	ck_assert_ptr_null(di_context_current(&app));
	di_capture_free(capture);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(what_is_entered_already_stands_behind)
{
	struct di_context *other = open_in(root, &di_scope_request), *seen = NULL;
	struct di_capture *capture = take_both();

	expect_ok(di_context_enter(other, &error));
	expect_ok(di_flow_run(capture, see, &seen, &error));
	ck_assert_ptr_eq(seen, request);
	ck_assert_ptr_eq(di_context_current(&app), other);
	expect_ok(di_context_leave(other, &error));
	di_capture_free(capture);
}
END_TEST

START_TEST(a_plain_capture_enters_nothing)
{
	struct di_context *seen = request;
	struct di_capture *capture;

	expect_ok(di_context_enter(request, &error));
	capture = di_flow_capture(&error);
	expect_ok(di_context_leave(request, &error));
	expect_ok(di_flow_run(capture, see, &seen, &error));
	ck_assert_ptr_null(seen);
	di_capture_free(capture);
}
END_TEST

static void *run_elsewhere(void *capture)
{
	struct di_context *seen = NULL;

	return di_flow_run(capture, see, &seen, NULL) == DI_OK ? seen : NULL;
}

START_TEST(another_thread_has_them_while_it_runs)
{
	struct di_capture *capture = take_both();

	ck_assert_ptr_eq(thread_join(thread_start(run_elsewhere, capture, 0)), request);
	di_capture_free(capture);
}
END_TEST

static void close_the_request(void *data)
{
	struct di_error err = { 0 };

	ck_assert_int_eq(di_context_close(request, DI_DONE, &err), DI_EBUSY);
	if (data == NULL)
		return;
	ck_assert_int_eq(di_context_leave(request, &err), DI_OK);
	ck_assert_int_eq(di_context_close(request, DI_DONE, &err), DI_OK);
}

START_TEST(a_context_is_busy_while_a_run_has_entered_it)
{
	struct di_capture *capture = take_both();

	expect_ok(di_flow_run(capture, close_the_request, NULL, &error));
	di_capture_free(capture);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(what_runs_may_leave_a_context_and_close_it)
{
	struct di_capture *capture = take_both();

	app_session_get(request, &error);
	expect_ok(di_flow_run(capture, close_the_request, &error, &error));
	journal_expect("created session", "ended session done");
	ck_assert_ptr_null(di_context_current(&app));
	di_capture_free(capture);
}
END_TEST

static void count(void *data)
{
	++*(int *)data;
}

static void free_it(void *capture)
{
	di_capture_free(capture);
	ck_assert_ptr_eq(di_context_current(NULL), request);
}

START_TEST(a_capture_may_be_freed_in_its_run)
{
	struct di_capture *capture;

	expect_ok(di_context_enter(request, &error));
	capture = di_flow_capture_contexts(&error);
	expect_ok(di_context_leave(request, &error));
	expect_ok(di_flow_run(capture, free_it, capture, &error));
	ck_assert_ptr_null(di_context_current(NULL));
}
END_TEST

START_TEST(a_context_that_is_closed_meanwhile_is_told)
{
	struct di_capture *capture = take_both();
	struct di_context *next;
	int runs = 0;

	app_session_get(request, &error);
	close_as(request, DI_DONE);
	journal_expect("created session", "ended session done");
	next = open_in(root, &di_scope_request);
	ck_assert_ptr_ne(next, request);
	expect_error(di_flow_run(capture, count, &runs, &error), DI_ECLOSED);
	expect_text("a context of scope request that was captured was closed meanwhile");
	ck_assert_int_eq(runs, 0);
	ck_assert_ptr_null(di_context_current(&app));
	expect_ok(di_flow_run_values(capture, count, &runs, &error));
	ck_assert_int_eq(runs, 1);
	di_capture_free(capture);
	close_as(next, DI_DONE);
}
END_TEST

START_TEST(values_alone_are_run_outside_of_contexts)
{
	struct di_capture *capture = take_both();
	struct di_context *seen = request;

	expect_ok(di_flow_run_values(capture, see, &seen, &error));
	ck_assert_ptr_null(seen);
	di_capture_free(capture);
}
END_TEST

static void enter_more(void *data)
{
	(void)data;
	di_context_enter(root, NULL);
	di_context_enter(request, NULL);
}

static enum di_status run_careless(void *data, struct di_error *err)
{
	return di_flow_run(data, enter_more, NULL, err);
}

START_TEST(contexts_that_are_left_entered_are_an_error_and_left)
{
	struct di_capture *capture = take_both();

	misuse_expect(run_careless, capture, DI_EINVAL,
		      "the function has left 2 of what it began open");
	ck_assert_ptr_null(di_context_current(&app));
	di_capture_free(capture);
	close_as(request, DI_DONE);
}
END_TEST

enum {
	DEEP = 40
};

START_TEST(any_number_of_contexts_is_entered_again)
{
	struct di_context *at[DEEP], *seen = NULL;
	struct di_capture *capture;
	int i;

	for (i = 0; i < DEEP; i++) {
		at[i] = open_in(i > 0 ? at[i - 1] : request, &di_scope_request);
		expect_ok(di_context_enter(at[i], &error));
	}
	capture = take();
	for (i = DEEP; i > 0; i--)
		expect_ok(di_context_leave(at[i - 1], &error));
	expect_ok(di_flow_run(capture, see, &seen, &error));
	ck_assert_ptr_eq(seen, at[DEEP - 1]);
	close_as(at[DEEP - 1], DI_DONE);
	expect_error(di_flow_run(capture, see, &seen, &error), DI_ECLOSED);
	ck_assert_ptr_null(di_context_current(&app));
	for (i = DEEP - 1; i > 0; i--)
		close_as(at[i - 1], DI_DONE);
	di_capture_free(capture);
}
END_TEST

START_TEST(a_container_is_not_freed_before_a_capture_of_its_contexts)
{
	struct di_capture *capture = take_both();

	close_as(request, DI_DONE);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text("or captures of its contexts are not freed");
	di_capture_free(capture);
	container_free_expect(DI_OK);
}
END_TEST

static void note(void *data, enum di_status status, const struct di_error *err)
{
	(void)err;
	*(int *)data = (int)status + 1;
}

START_TEST(freeing_asynchronously_waits_for_captures)
{
	struct di_capture *capture = take_both();
	int ended = 0;

	close_as(request, DI_DONE);
	expect_ok(di_container_free_async(container, note, &ended, &error));
	container = NULL;
	ck_assert_int_eq(ended, 0);
	di_capture_free(capture);
	ck_assert_int_eq(ended, DI_OK + 1);
}
END_TEST

static struct di_capture *captured;

static void run_captured(struct part *part)
{
	struct di_context *seen = NULL;

	(void)part;
	expect_error(di_flow_run(captured, see, &seen, &error), DI_ECLOSED);
	expect_text("a context of scope app that was captured was closed meanwhile");
	ck_assert_ptr_null(seen);
	journal_write("refused");
}

/* Nothing of what it was to enter has been closed when its turn comes. */
START_TEST(nothing_runs_once_its_container_is_being_freed)
{
	int ended = 0;

	captured = take_both();
	app_session_get(open_in(request, &di_scope_request), &error);
	parts_on_end("session", run_captured);
	expect_ok(di_container_free_async(container, note, &ended, &error));
	container = NULL;
	journal_expect("created session", "refused", "ended session cancelled");
	di_capture_free(captured);
	ck_assert_int_eq(ended, DI_EOPEN + 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/capture_contexts");
	TCase *tcase = tcase_create("contexts");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, a_run_has_entered_what_was_entered_and_leaves_it);
	tcase_add_test(tcase, what_is_entered_already_stands_behind);
	tcase_add_test(tcase, a_plain_capture_enters_nothing);
	tcase_add_test(tcase, another_thread_has_them_while_it_runs);
	tcase_add_test(tcase, a_context_is_busy_while_a_run_has_entered_it);
	tcase_add_test(tcase, what_runs_may_leave_a_context_and_close_it);
	tcase_add_test(tcase, a_capture_may_be_freed_in_its_run);
	tcase_add_test(tcase, a_context_that_is_closed_meanwhile_is_told);
	tcase_add_test(tcase, values_alone_are_run_outside_of_contexts);
	tcase_add_test(tcase, contexts_that_are_left_entered_are_an_error_and_left);
	tcase_add_test(tcase, any_number_of_contexts_is_entered_again);
	tcase_add_test(tcase, a_container_is_not_freed_before_a_capture_of_its_contexts);
	tcase_add_test(tcase, freeing_asynchronously_waits_for_captures);
	tcase_add_test(tcase, nothing_runs_once_its_container_is_being_freed);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
