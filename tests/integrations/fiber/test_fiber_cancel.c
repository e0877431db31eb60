/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"
#include "tests/support/later.h"

#include <di/di.h>
#include <errno.h>

/* Cancelling what a fiber awaits, and closing contexts in fibers. */

static int call_new(struct di_call *call);

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(async_context_resource, app_call,    struct part, (call_new),              di_keep, request) \
	X(async_context_resource, app_unused,  struct part, (unused_new),            unused_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(pool, app_pool)
LATER_OF_1(session, app_session)
LATER(unused, app_unused)

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;
static int asked_to_cancel;

static void cancel_call(void *data, struct di_call *call)
{
	(void)data;
	asked_to_cancel++;
	app_call_complete(call, ECANCELED, NULL);
}

/* Completes when it is cancelled, and not before. */
static int call_new(struct di_call *call)
{
	di_call_on_cancel(call, cancel_call, NULL);
	return DI_PENDING;
}

static void setup(void)
{
	fibers_begin();
	later_clear();
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	asked_to_cancel = 0;
}

static void teardown(void)
{
	later_container_end();
	fibers_end();
}

/* ---- Awaiting. ---- */

struct awaiting {
	const struct di_provider *provider;
	void *value, *second;
	struct di_error err;
	int resumed;
};

static void *await(void *data)
{
	struct awaiting *awaiting = data;

	awaiting->value = di_await(request, awaiting->provider, &awaiting->err);
	return NULL;
}

static void *await_twice(void *data)
{
	struct awaiting *awaiting = data;

	await(awaiting);
	awaiting->second = di_await(request, awaiting->provider, &awaiting->err);
	return NULL;
}

static void *await_and_suspend(void *data)
{
	struct awaiting *awaiting = data;

	await(awaiting);
	awaiting->resumed = di_fiber_suspend(&awaiting->err) == DI_OK;
	return NULL;
}

/* Completes what is due, and runs fibers, until nothing is left to do. */
static void go_on(void)
{
	do
		while (di_fiber_run_ready(fibers))
			continue;
	while (later_step() > 0);
	di_fiber_run_ready(fibers);
}

START_TEST(cancelling_ends_what_a_fiber_awaits_and_the_creation_goes_on)
{
	struct awaiting awaiting = { .provider = &app_pool };
	struct di_fiber *fiber = spawn(await, &awaiting);

	di_fiber_run_ready(fibers);
	di_fiber_cancel(fiber);
	join(fiber);
	ck_assert_ptr_null(awaiting.value);
	ck_assert_int_eq(awaiting.err.status, DI_ECANCELLED);
	go_on();
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
}
END_TEST

START_TEST(a_creation_that_nobody_awaits_any_more_is_asked_to_cancel_itself)
{
	struct awaiting awaiting = { .provider = &app_call };
	struct di_fiber *fiber = spawn(await, &awaiting);

	di_fiber_run_ready(fibers);
	di_fiber_cancel(fiber);
	join(fiber);
	ck_assert_int_eq(awaiting.err.status, DI_ECANCELLED);
	ck_assert_int_eq(asked_to_cancel, 1);
}
END_TEST

START_TEST(who_else_awaits_it_gets_the_value)
{
	struct awaiting first = { .provider = &app_session }, second = first;
	struct di_fiber *cancelled = spawn(await, &first), *other = spawn(await, &second);

	di_fiber_run_ready(fibers);
	di_fiber_cancel(cancelled);
	go_on();
	join(cancelled);
	join(other);
	ck_assert_int_eq(first.err.status, DI_ECANCELLED);
	ck_assert_msg(second.value != NULL, "%s", second.err.detail);
}
END_TEST

START_TEST(one_that_has_not_begun_is_cancelled_where_it_first_waits)
{
	struct awaiting awaiting = { .provider = &app_session };
	struct di_fiber *fiber = spawn(await, &awaiting);

	di_fiber_cancel(fiber);
	di_fiber_run_ready(fibers);
	go_on();
	join(fiber);
	ck_assert_int_eq(awaiting.err.status, DI_ECANCELLED);
}
END_TEST

START_TEST(what_is_there_already_is_not_cancelled)
{
	struct awaiting awaiting = { .provider = &app_session };
	struct di_fiber *fiber = spawn(await, &awaiting);

	go_on();
	join(fiber);
	awaiting.value = NULL;
	fiber = spawn(await, &awaiting);
	di_fiber_cancel(fiber);
	join(fiber);
	ck_assert_ptr_nonnull(awaiting.value);
}
END_TEST

START_TEST(one_cancellation_ends_one_await)
{
	struct awaiting awaiting = { .provider = &app_session };
	struct di_fiber *fiber = spawn(await_twice, &awaiting);

	di_fiber_run_ready(fibers);
	di_fiber_cancel(fiber);
	go_on();
	join(fiber);
	ck_assert_ptr_null(awaiting.value);
	ck_assert_ptr_nonnull(awaiting.second);
}
END_TEST

START_TEST(a_cancelled_await_resumes_nobody_later)
{
	struct awaiting awaiting = { .provider = &app_session };
	struct di_fiber *fiber = spawn(await_and_suspend, &awaiting);

	di_fiber_cancel(fiber);
	go_on();
	ck_assert_int_eq(awaiting.err.status, DI_ECANCELLED);
	ck_assert_uint_eq(di_fiber_count(fibers), 1);
	di_fiber_resume(fiber);
	join(fiber);
	ck_assert_int_eq(awaiting.resumed, 1);
}
END_TEST

START_TEST(an_await_that_need_not_wait_leaves_the_cancellation_to_the_next)
{
	struct awaiting awaiting = { .provider = &app_pool };
	struct di_fiber *fiber = spawn(await_and_suspend, &awaiting);

	later_at_once("pool");
	di_fiber_cancel(fiber);
	join(fiber);
	ck_assert_ptr_nonnull(awaiting.value);
	ck_assert_int_eq(awaiting.err.status, DI_ECANCELLED);
	ck_assert_int_eq(awaiting.resumed, 0);
}
END_TEST

static void *return_at_once(void *data)
{
	return data;
}

START_TEST(one_that_has_ended_can_be_cancelled_without_effect)
{
	struct di_fiber *fiber = spawn(return_at_once, &error);

	di_fiber_run_ready(fibers);
	di_fiber_cancel(fiber);
	ck_assert_ptr_eq(join(fiber), &error);
}
END_TEST

/* ---- From other threads. ---- */

static void *cancel(void *fiber)
{
	di_fiber_cancel(fiber);
	return NULL;
}

START_TEST(a_thread_may_cancel_while_another_completes)
{
	int round, rounds = di_check_quick() ? 50 : 1000, values = 0, cancelled = 0;

	for (round = 0; round < rounds; round++) {
		struct awaiting awaiting = { .provider = &app_session };
		struct di_fiber *fiber;
		struct answer answer = { 0 };
		pthread_t thread;

		expect_ok(di_context_close_async(request, DI_DONE, answer_done, &answer, &error));
		later_run();
		request = open_in(root, &di_scope_request);
		fiber = spawn(await, &awaiting);
		di_fiber_run_ready(fibers);
		pthread_create(&thread, NULL, cancel, fiber);
		go_on();
		pthread_join(thread, NULL);
		join(fiber);
		values += awaiting.value != NULL;
		cancelled += awaiting.err.status == DI_ECANCELLED;
	}
	ck_assert_int_eq(values + cancelled, rounds);
}
END_TEST

/* ---- Closing. ---- */

struct closing {
	enum di_status status;
	struct di_error err;
};

static void *close_request(void *data)
{
	struct closing *closing = data;

	closing->status = di_await_close(request, DI_DONE, &closing->err);
	return NULL;
}

static void *use_and_close(void *data)
{
	ck_assert_ptr_nonnull(di_await(request, &app_session, NULL));
	return close_request(data);
}

START_TEST(a_fiber_waits_until_a_context_is_closed)
{
	struct closing closing = { .status = DI_EAGAIN };
	struct di_fiber *fiber = spawn(use_and_close, &closing);

	di_fiber_run_ready(fibers);
	later_step();
	di_fiber_run_ready(fibers);
	later_step();
	di_fiber_run_ready(fibers);
	ck_assert_int_eq(closing.status, DI_EAGAIN);
	go_on();
	join(fiber);
	ck_assert_int_eq(closing.status, DI_OK);
	journal_expect("began pool", "created pool", "began session", "created session from pool",
		       "ending session", "ended session done");
}
END_TEST

START_TEST(a_finalizer_that_fails_later_is_told)
{
	struct closing closing = { .status = DI_EAGAIN };
	struct di_fiber *fiber = spawn(use_and_close, &closing);

	parts_fail_end("session", EIO, 1);
	go_on();
	join(fiber);
	ck_assert_int_eq(closing.status, DI_EFINALIZE);
	ck_assert_int_eq(closing.err.cause, EIO);
}
END_TEST

START_TEST(what_cannot_be_closed_is_told_at_once)
{
	struct di_context *inner = open_in(request, &di_scope_inject);
	struct closing closing = { .status = DI_OK };
	struct di_fiber *fiber = spawn(close_request, &closing);

	join(fiber);
	ck_assert_int_eq(closing.status, DI_EBUSY);
	expect_ok(di_context_close(inner, DI_DONE, &error));
}
END_TEST

START_TEST(a_threads_own_flow_does_not_wait_for_finalizers)
{
	struct closing closing = { .status = DI_OK };
	struct awaiting awaiting = { .provider = &app_session };
	struct di_fiber *fiber = spawn(await, &awaiting);

	go_on();
	join(fiber);
	close_request(&closing);
	ck_assert_int_eq(closing.status, DI_EAGAIN);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/cancel");
	TCase *awaiting = tcase_create("awaiting"), *closing = tcase_create("closing");

	tcase_add_checked_fixture(awaiting, setup, teardown);
	tcase_add_checked_fixture(closing, setup, teardown);
	tcase_set_timeout(awaiting, 120);
	tcase_add_test(awaiting, cancelling_ends_what_a_fiber_awaits_and_the_creation_goes_on);
	tcase_add_test(awaiting, a_creation_that_nobody_awaits_any_more_is_asked_to_cancel_itself);
	tcase_add_test(awaiting, who_else_awaits_it_gets_the_value);
	tcase_add_test(awaiting, one_that_has_not_begun_is_cancelled_where_it_first_waits);
	tcase_add_test(awaiting, what_is_there_already_is_not_cancelled);
	tcase_add_test(awaiting, one_cancellation_ends_one_await);
	tcase_add_test(awaiting, a_cancelled_await_resumes_nobody_later);
	tcase_add_test(awaiting, an_await_that_need_not_wait_leaves_the_cancellation_to_the_next);
	tcase_add_test(awaiting, one_that_has_ended_can_be_cancelled_without_effect);
	tcase_add_test(awaiting, a_thread_may_cancel_while_another_completes);
	tcase_add_test(closing, a_fiber_waits_until_a_context_is_closed);
	tcase_add_test(closing, a_finalizer_that_fails_later_is_told);
	tcase_add_test(closing, what_cannot_be_closed_is_told_at_once);
	tcase_add_test(closing, a_threads_own_flow_does_not_wait_for_finalizers);
	suite_add_tcase(all, awaiting);
	suite_add_tcase(all, closing);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
