/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>
#include <pthread.h>

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(context_resource, app_local,   struct part, (local_new),             local_end,   any)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(pool)
PART_OF_1(session)
PART(local)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

/* ---- The end ---- */

START_TEST(no_container_is_freed_without_a_word)
{
	expect_ok(di_container_free(NULL, &error));
	expect_ok(di_container_free(NULL, NULL));
}
END_TEST

START_TEST(the_root_ends_as_done)
{
	app_local_get(root, &error);
	app_pool_get(root, &error);
	journal_clear();
	container_free_expect(DI_OK);
	journal_expect("ended pool done", "ended local done");
}
END_TEST

START_TEST(the_root_ends_with_its_mark_if_that_is_worse)
{
	app_pool_get(root, &error);
	expect_ok(di_context_mark(root, DI_FAILED, &error));
	journal_clear();
	container_free_expect(DI_OK);
	journal_expect("ended pool failed");
}
END_TEST

START_TEST(what_is_still_open_is_closed_first_as_cancelled_innermost_first)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *inject = open_in(request, &di_scope_inject);

	app_local_get(inject, &error);
	app_session_get(inject, &error);
	journal_clear();
	container_free_expect(DI_EOPEN);
	journal_expect("ended local cancelled", "ended session cancelled", "ended pool done");
	expect_text("2 of them, the innermost in: inject, request, app");
}
END_TEST

START_TEST(every_branch_of_open_contexts_is_closed_before_its_parent)
{
	struct di_context *a = open_in(root, &di_scope_request);
	struct di_context *b = open_in(root, &di_scope_request);
	struct di_context *below_a = open_in(a, &di_scope_inject);

	app_session_get(a, &error);
	app_session_get(b, &error);
	app_local_get(below_a, &error);
	app_local_get(open_in(a, &di_scope_inject), &error);
	container_free_expect(DI_EOPEN);
	ck_assert_int_eq(parts_alive("session") + parts_alive("local") + parts_alive("pool"), 0);
	expect_text("4 of them");
}
END_TEST

START_TEST(closed_contexts_are_not_open)
{
	close_as(open_in(open_in(root, &di_scope_request), &di_scope_inject), DI_DONE);
	container_free_expect(DI_EOPEN);
	expect_text("1 of them, the innermost in: request, app");
}
END_TEST

START_TEST(failing_finalizers_are_counted_and_everything_goes_all_the_same)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	app_local_get(root, &error);
	close_as(request, DI_DONE);
	parts_fail_end("local", EIO, 1);
	parts_fail_end("pool", EPERM, 1);
	container_free_expect(DI_EFINALIZE);
	ck_assert_str_eq(error.provider, "app_local");
	ck_assert_int_eq(error.cause, EIO);
	ck_assert_uint_eq(error.more, 1);
	ck_assert_int_eq(parts_alive("local") + parts_alive("pool"), 0);
}
END_TEST

START_TEST(open_contexts_are_said_first_and_failures_counted)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	app_local_get(request, &error);
	parts_fail_end("session", EIO, 1);
	parts_fail_end("local", EIO, 1);
	parts_fail_end("pool", EIO, 1);
	container_free_expect(DI_EOPEN);
	ck_assert_uint_eq(error.more, 3);
}
END_TEST

START_TEST(what_the_calling_flow_had_entered_is_left)
{
	struct di_context *request = open_in(root, &di_scope_request);

	expect_ok(di_context_enter(root, &error));
	expect_ok(di_context_enter(request, &error));
	container_free_expect(DI_EOPEN);
	ck_assert_ptr_null(di_context_current(&app));
}
END_TEST

/* ---- When it is busy ---- */

static struct di_container *busy;

static void free_while_making(struct part *part)
{
	(void)part;
	expect_error(di_container_free(busy, &error), DI_EBUSY);
	expect_text("something is being made or dropped in the context of scope request");
}

START_TEST(a_creation_in_flight_is_busy_and_nothing_changes)
{
	struct di_context *request = open_in(root, &di_scope_request);

	busy = container;
	parts_on_new("pool", free_while_making);
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	ck_assert_int_eq(parts_alive("session"), 1);
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
}
END_TEST

/* ---- From inside ---- */

static const char *why_busy;

static void free_inside(struct part *part)
{
	struct di_error own = { 0 };

	(void)part;
	ck_assert_int_eq(di_container_free(busy, &own), DI_EBUSY);
	ck_assert_str_eq(own.detail, why_busy);
	journal_write("busy");
}

static void busy_because(const char *text)
{
	busy = container;
	why_busy = text;
	journal_clear();
}

START_TEST(a_finalizer_of_a_closing_context_cannot_free_the_container)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	parts_on_end("session", free_inside);
	busy_because("the context of scope request is being closed, reset or overridden");
	close_as(request, DI_DONE);
	journal_expect("busy", "ended session done");
	container_free_expect(DI_OK);
	journal_expect("ended pool done");
}
END_TEST

START_TEST(a_finalizer_of_a_value_that_is_reset_cannot_free_the_container)
{
	app_pool_get(root, &error);
	parts_on_end("pool", free_inside);
	busy_because("the context of scope app is being closed, reset or overridden");
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("busy", "ended pool done");
	container_free_expect(DI_OK);
	journal_expect_nothing();
}
END_TEST

START_TEST(what_ends_with_the_container_cannot_free_it_again)
{
	app_pool_get(root, &error);
	parts_on_end("pool", free_inside);
	busy_because("the context of scope app is being closed, reset or overridden");
	container_free_expect(DI_OK);
	journal_expect("busy", "ended pool done");
}
END_TEST

START_TEST(what_is_cancelled_with_the_container_cannot_free_it_again)
{
	app_session_get(open_in(root, &di_scope_request), &error);
	parts_on_end("session", free_inside);
	busy_because("the context of scope request is being closed, reset or overridden");
	container_free_expect(DI_EOPEN);
	journal_expect("busy", "ended session cancelled", "ended pool done");
}
END_TEST

static void free_quietly(struct part *part)
{
	(void)part;
	ck_assert_int_eq(di_container_free(busy, NULL), DI_EBUSY);
	journal_write("busy");
}

START_TEST(errors_may_go_unread)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_container *freed = container;

	app_session_get(request, &error);
	parts_on_end("session", free_quietly);
	busy_because(NULL);
	parts_fail_end("pool", EIO, 1);
	container = NULL;
	ck_assert_int_eq(di_container_free(freed, NULL), DI_EOPEN);
	journal_expect("busy", "ended session cancelled", "ended badly pool");
}
END_TEST

/* ---- Other flows ---- */

static pthread_barrier_t met;

static void *enter_and_leave(void *data)
{
	enum di_status status = di_context_enter(data, NULL);

	pthread_barrier_wait(&met);
	pthread_barrier_wait(&met);
	if (status == DI_OK)
		status = di_context_leave(data, NULL);
	return status == DI_OK ? data : NULL;
}

START_TEST(a_context_that_another_flow_has_entered_is_busy_and_nothing_changes)
{
	struct di_context *request = open_in(root, &di_scope_request);
	pthread_t thread;
	void *value = NULL;

	app_session_get(request, &error);
	pthread_barrier_init(&met, NULL, 2);
	ck_assert_int_eq(pthread_create(&thread, NULL, enter_and_leave, request), 0);
	pthread_barrier_wait(&met);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text("another flow has entered the context of scope request");
	pthread_barrier_wait(&met);
	ck_assert_int_eq(pthread_join(thread, &value), 0);
	pthread_barrier_destroy(&met);
	ck_assert_ptr_nonnull(value);
	ck_assert(app_session_get(request, &error)->alive);
	container_free_expect(DI_EOPEN);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/free");
	TCase *end = tcase_create("end"), *refused = tcase_create("busy");

	tcase_add_checked_fixture(end, setup, container_end);
	tcase_add_test(end, no_container_is_freed_without_a_word);
	tcase_add_test(end, the_root_ends_as_done);
	tcase_add_test(end, the_root_ends_with_its_mark_if_that_is_worse);
	tcase_add_test(end, what_is_still_open_is_closed_first_as_cancelled_innermost_first);
	tcase_add_test(end, every_branch_of_open_contexts_is_closed_before_its_parent);
	tcase_add_test(end, closed_contexts_are_not_open);
	tcase_add_test(end, failing_finalizers_are_counted_and_everything_goes_all_the_same);
	tcase_add_test(end, open_contexts_are_said_first_and_failures_counted);
	tcase_add_test(end, what_the_calling_flow_had_entered_is_left);
	suite_add_tcase(suite, end);

	tcase_add_checked_fixture(refused, setup, container_end);
	tcase_add_test(refused, a_creation_in_flight_is_busy_and_nothing_changes);
	tcase_add_test(refused,
		       a_context_that_another_flow_has_entered_is_busy_and_nothing_changes);
	tcase_add_test(refused, a_finalizer_of_a_closing_context_cannot_free_the_container);
	tcase_add_test(refused, a_finalizer_of_a_value_that_is_reset_cannot_free_the_container);
	tcase_add_test(refused, what_ends_with_the_container_cannot_free_it_again);
	tcase_add_test(refused, what_is_cancelled_with_the_container_cannot_free_it_again);
	tcase_add_test(refused, errors_may_go_unread);
	suite_add_tcase(suite, refused);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
