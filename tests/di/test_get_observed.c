/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>
#include <pthread.h>

/* What an observer is told of asynchronous creations and ends. */

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_kept,    struct part, (kept_new),              di_keep) \
	X(async_singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_pool), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

static int kept_new(struct di_call *call)
{
	return later_new(call, app_kept_complete, "kept", (struct part *const[]){ NULL });
}

LATER(pool, app_pool)
LATER_OF_1(session, app_session)

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;
static struct di_context *request;

/* Frees the container from another thread while an observer is told of a creation. */
static int frees;

static void *free_elsewhere(void *data)
{
	(void)data;
	expect_ok(di_container_free_async(container, answer_done, &other, NULL));
	return NULL;
}

static void free_and_look(void)
{
	pthread_t thread;

	frees = 0;
	ck_assert_int_eq(pthread_create(&thread, NULL, free_elsewhere, NULL), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(other.times, 0);
}

static void observe(void *data, const struct di_event *event)
{
	(void)data;
	journal_write("%s %s in %s", di_event_text(event->kind),
		      event->provider != NULL ? event->provider : "context", event->scope);
	if (event->kind == DI_EVENT_CREATED || event->kind == DI_EVENT_TORN_DOWN)
		ck_assert_uint_gt(event->took_ns, 0);
	if (event->kind == DI_EVENT_CREATED && frees)
		free_and_look();
	if (event->kind == DI_EVENT_FAILED)
		ck_assert_ptr_nonnull(event->error);
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .observer = { observe, NULL } };

	later_clear();
	container_begin(&app, &options);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
	request = open_in(root, &di_scope_request);
	journal_clear();
}

START_TEST(creations_and_ends_are_told_when_they_are_complete)
{
	app_session_get_async(request, answer_take, &answer, &error);
	later_run();
	journal_expect("began pool", "created pool", "created app_pool in app", "began session",
		       "created session from pool", "created app_session in request");
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	later_run();
	journal_expect("ending session", "ended session done", "torn down app_session in request",
		       "closed context in request");
}
END_TEST

START_TEST(failures_are_told)
{
	parts_fail_new("pool", EIO, 1);
	app_session_get_async(request, answer_take, &answer, &error);
	later_run();
	journal_expect("began pool", "failed pool", "failed app_pool in app",
		       "failed app_session in request");
	app_session_get_async(request, answer_take, &answer, &error);
	later_run();
	journal_clear();
	parts_fail_end("session", EIO, 1);
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	later_run();
	journal_expect("ending session", "ended badly session", "torn down app_session in request",
		       "failed app_session in request", "closed context in request");
}
END_TEST

START_TEST(a_container_is_not_freed_before_a_creation_is_told)
{
	struct di_get get;

	expect_ok(di_context_close(request, DI_DONE, &error));
	get = app_kept_get_async(root, answer_take, &answer, &error);
	ck_assert_int_eq(di_get_detach(get), 1);
	frees = 1;
	later_run();
	answer_expect(&other, DI_OK);
	container = NULL;
	parts_clear();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_observed");
	TCase *tcase = tcase_create("observed");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, creations_and_ends_are_told_when_they_are_complete);
	tcase_add_test(tcase, failures_are_told);
	tcase_add_test(tcase, a_container_is_not_freed_before_a_creation_is_told);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
