/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* Of what an observer is told, and in which order. */

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(factory,          app_query,   struct part, (query_new, app_session), query_end) \
	X(singleton,        app_other,    struct part, (other_new),              other_end) \
	X(singleton,        app_empty,   struct part, (empty_new),             di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(pool)
PART_OF_1(session)
PART_OF_1(query)
PART(other)

static int empty_new(struct part **out)
{
	(void)out;
	return 0;
}

DI_CONTAINER_DEFINE(app, APP);

static void write_event(void *data, const struct di_event *event)
{
	(void)data;
	journal_write("%s %s in %s%s%s", di_event_text(event->kind),
		      event->provider == NULL      ? "context"
		      : event->provider[0] == '\0' ? "deferred"
						   : event->provider,
		      event->scope,
		      event->kind == DI_EVENT_CLOSED || event->kind == DI_EVENT_TORN_DOWN ? " "
											  : "",
		      event->kind == DI_EVENT_CLOSED || event->kind == DI_EVENT_TORN_DOWN
			      ? di_outcome_text(event->outcome)
			      : "");
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .observer = { write_event, NULL } };

	container_begin(&app, &options);
}

/* ---- What is told, and when ---- */

START_TEST(everything_that_happens_is_told_in_order)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	app_session_get(request, &error);
	close_as(request, DI_FAILED);
	container_free_expect(DI_OK);
	journal_expect("opened context in app", "opened context in request", "created pool",
		       "created app_pool in app", "created session from pool",
		       "created app_session in request", "ended session failed",
		       "torn down app_session in request failed",
		       "closed context in request failed", "ended pool done",
		       "torn down app_pool in app done", "closed context in app done");
}
END_TEST

START_TEST(a_failing_constructor_is_told_of_everyone_who_asked)
{
	struct di_context *request = open_in(root, &di_scope_request);

	parts_fail_new("pool", EIO, 1);
	journal_clear();
	expect_null(app_session_get(request, &error), DI_ECREATE);
	journal_expect("failed pool", "failed app_pool in app", "failed app_session in request");
	expect_null(app_empty_get(request, &error), DI_ENULL);
	journal_expect("failed app_empty in app");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(each_failing_finalizer_is_told)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_query_get(request, &error);
	parts_fail_end("query", EIO, 1);
	parts_fail_end("session", EPERM, 1);
	journal_clear();
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	journal_expect("ended badly query", "torn down app_query in request done",
		       "failed app_query in request", "ended badly session",
		       "torn down app_session in request done", "failed app_session in request",
		       "closed context in request done");
}
END_TEST

START_TEST(overrides_are_told)
{
	const struct di_override_pair pairs[] = { { "app_pool", &fake }, { "app_other", &fake } };
	struct di_context *request = open_in(root, &di_scope_request);

	journal_clear();
	expect_ok(app_session_override(request, &fake, &error));
	journal_expect("overridden app_session in request");
	expect_ok(di_override_all(request, pairs, 2, &error));
	journal_expect("overridden app_pool in request", "overridden app_other in request");
	expect_ok(di_override_with(request, &app_pool, &app_other, &error));
	journal_expect("overridden app_pool in request");
	close_as(request, DI_DONE);
}
END_TEST

static int do_nothing(void *data, enum di_outcome outcome)
{
	(void)outcome;
	return *(int *)data;
}

START_TEST(deferred_calls_are_told_without_a_name)
{
	struct di_context *request = open_in(root, &di_scope_request);
	int good = 0, bad = EIO;

	expect_ok(di_context_defer(request, do_nothing, &bad, &error));
	expect_ok(di_context_defer(request, do_nothing, &good, &error));
	journal_clear();
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	journal_expect("torn down deferred in request done", "torn down deferred in request done",
		       "failed deferred in request", "closed context in request done");
}
END_TEST

START_TEST(reset_and_drop_are_told)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *query = app_query_get(request, &error);

	journal_clear();
	expect_ok(app_query_drop(request, query, &error));
	journal_expect("ended query done", "torn down app_query in request done");
	expect_ok(di_reset(request, &app_session, &error));
	journal_expect("ended session done", "torn down app_session in request done");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(contexts_closed_by_free_are_told_as_cancelled)
{
	open_in(open_in(root, &di_scope_request), &di_scope_inject);
	journal_clear();
	container_free_expect(DI_EOPEN);
	journal_expect("closed context in inject cancelled", "closed context in request cancelled",
		       "closed context in app done");
}
END_TEST

START_TEST(what_is_refused_is_not_told)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	journal_clear();
	expect_error(app_pool_override(root, &fake, &error), DI_EBUSY);
	expect_error(di_reset(root, &app_pool, &error), DI_EBUSY);
	expect_error(di_context_close(open_in(request, &di_scope_inject) == NULL ? NULL : request,
				      DI_DONE, &error),
		     DI_EBUSY);
	journal_expect("opened context in inject");
}
END_TEST

START_TEST(a_block_that_could_not_be_closed_is_told)
{
	DI_WITH_CONTEXT (block, root, &di_scope_request) {
		open_in(block, &di_scope_inject);
		journal_clear();
	}
	journal_expect("failed context in app");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/observe");
	TCase *told = tcase_create("told");

	tcase_add_checked_fixture(told, setup, container_end);
	tcase_add_test(told, everything_that_happens_is_told_in_order);
	tcase_add_test(told, a_failing_constructor_is_told_of_everyone_who_asked);
	tcase_add_test(told, each_failing_finalizer_is_told);
	tcase_add_test(told, overrides_are_told);
	tcase_add_test(told, deferred_calls_are_told_without_a_name);
	tcase_add_test(told, reset_and_drop_are_told);
	tcase_add_test(told, contexts_closed_by_free_are_told_as_cancelled);
	tcase_add_test(told, what_is_refused_is_not_told);
	tcase_add_test(told, a_block_that_could_not_be_closed_is_told);
	suite_add_tcase(suite, told);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
