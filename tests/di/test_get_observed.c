/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* What an observer is told of asynchronous creations and ends. */

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_pool), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(pool, app_pool)
LATER_OF_1(session, app_session)

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;
static struct di_context *request;

static void observe(void *data, const struct di_event *event)
{
	(void)data;
	journal_write("%s %s in %s", di_event_text(event->kind),
		      event->provider != NULL ? event->provider : "context", event->scope);
	if (event->kind == DI_EVENT_CREATED || event->kind == DI_EVENT_TORN_DOWN)
		ck_assert_uint_gt(event->took_ns, 0);
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

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_observed");
	TCase *tcase = tcase_create("observed");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, creations_and_ends_are_told_when_they_are_complete);
	tcase_add_test(tcase, failures_are_told);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
