/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(factory,          app_query,   struct part, (query_new, app_session), query_end) \
	X(singleton,        app_slow,    struct part, (slow_new),              slow_end) \
	X(singleton,        app_empty,   struct part, (empty_new),             di_keep) \
	X(state,            app_user,    struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

enum {
	SLOW_NS = 2000000,
	EVENTS = 64
};

PART_FAKE(fake)
PART(pool)
PART_OF_1(session)
PART_OF_1(query)

static uint64_t now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (uint64_t)at.tv_sec * UINT64_C(1000000000) + (uint64_t)at.tv_nsec;
}

/* Busy and not asleep, so that it takes that long whatever else the machine does. */
static void take_time(void)
{
	uint64_t begun = now();

	while (now() - begun <= 2 * SLOW_NS)
		;
}

static int slow_new(struct part **out)
{
	take_time();
	return part_new(out, "slow", (struct part *const[]){ NULL });
}

static int slow_end(struct part *part, enum di_outcome outcome)
{
	take_time();
	return part_end(part, outcome);
}

static int empty_new(struct part **out)
{
	(void)out;
	return 0;
}

DI_CONTAINER_DEFINE(app, APP);

/* What was told, copied; names stay where they are. */
static struct di_event events[EVENTS];
static struct di_error errors[EVENTS];
static int count;

static void keep(void *data, const struct di_event *event)
{
	ck_assert_ptr_eq(data, &count);
	ck_assert_int_lt(count, EVENTS);
	events[count] = *event;
	if (event->error != NULL)
		errors[count] = *event->error;
	events[count].error = event->error != NULL ? &errors[count] : NULL;
	count++;
}

static void write_event(void *data, const struct di_event *event)
{
	(void)data;
	journal_write("%s %s in %s%s%s", di_event_text(event->kind),
		      event->provider == NULL	     ? "context" :
		      event->provider[0] == '\0' ? "deferred" :
						   event->provider,
		      event->scope,
		      event->kind == DI_EVENT_CLOSED || event->kind == DI_EVENT_TORN_DOWN ? " " : "",
		      event->kind == DI_EVENT_CLOSED || event->kind == DI_EVENT_TORN_DOWN ?
			      di_outcome_text(event->outcome) :
			      "");
}

static void begin(di_observe_fn *observe)
{
	struct di_options options = { .abi = DI_ABI,
				      .observer = { observe, &count },
				      .slow_ns = SLOW_NS };

	count = 0;
	container_begin(&app, &options);
}

static void setup_writing(void)
{
	begin(write_event);
}

static void setup_keeping(void)
{
	begin(keep);
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
	const struct di_override_pair pairs[] = { { "app_pool", &fake }, { "app_slow", &fake } };
	struct di_context *request = open_in(root, &di_scope_request);

	journal_clear();
	expect_ok(app_session_override(request, &fake, &error));
	journal_expect("overridden app_session in request");
	expect_ok(di_override_all(request, pairs, 2, &error));
	journal_expect("overridden app_pool in request", "overridden app_slow in request");
	expect_ok(di_override_with(request, &app_pool, &app_slow, &error));
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
	DI_WITH_CONTEXT(block, root, &di_scope_request)
	{
		open_in(block, &di_scope_inject);
		journal_clear();
	}
	journal_expect("failed context in app");
}
END_TEST

/* ---- What an event says ---- */

START_TEST(events_name_container_context_and_thread)
{
	struct di_context *request = open_in(root, &di_scope_request);
	uint64_t self = di_flow_number(di_flow_current());
	int i;

	app_session_get(request, &error);
	ck_assert_int_eq(count, 4);
	for (i = 0; i < count; i++) {
		ck_assert_str_eq(events[i].container, "app");
		ck_assert_uint_eq(events[i].thread, self);
		ck_assert_ptr_null(events[i].error);
	}
	ck_assert_uint_eq(events[0].context, 1);
	ck_assert_uint_eq(events[1].context, di_context_number(request));
	ck_assert_uint_eq(events[2].context, 1);
	ck_assert_uint_eq(events[3].context, di_context_number(request));
	ck_assert_str_eq(events[3].scope, "request");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(names_outlive_the_event)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	parts_fail_end("session", EIO, 1);
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	ck_assert_ptr_eq(events[3].provider, app_session.name);
	ck_assert_ptr_eq(events[4].provider, app_session.name);
	ck_assert_int_eq(events[5].kind, DI_EVENT_FAILED);
	ck_assert_ptr_eq(events[5].provider, app_session.name);
	ck_assert_ptr_eq(events[5].scope, di_scope_request.name);
}
END_TEST

START_TEST(a_failure_comes_with_its_error)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	parts_fail_end("session", EIO, 1);
	close_as(open_in(request, &di_scope_inject), DI_DONE);
	ck_assert_int_eq(di_context_close(request, DI_DONE, NULL), DI_EFINALIZE);
	ck_assert_int_eq(events[count - 2].kind, DI_EVENT_FAILED);
	ck_assert_int_eq(errors[count - 2].status, DI_EFINALIZE);
	ck_assert_int_eq(errors[count - 2].cause, EIO);
	ck_assert_str_eq(errors[count - 2].function, "session_end");
	parts_fail_new("slow", ENOENT, 1);
	ck_assert_ptr_null(app_slow_get(root, NULL));
	ck_assert_int_eq(events[count - 1].kind, DI_EVENT_FAILED);
	ck_assert_int_eq(errors[count - 1].status, DI_ECREATE);
	ck_assert_int_eq(errors[count - 1].cause, ENOENT);
	ck_assert_str_eq(errors[count - 1].provider, "app_slow");
}
END_TEST

START_TEST(times_are_monotonic_and_never_in_the_future)
{
	uint64_t begun = now();
	struct di_context *request = open_in(root, &di_scope_request);
	int i;

	app_session_get(request, &error);
	close_as(request, DI_DONE);
	for (i = 1; i < count; i++) {
		ck_assert_uint_ge(events[i].when_ns, events[i - 1].when_ns);
		ck_assert_uint_ge(events[i].when_ns, begun);
		ck_assert_uint_le(events[i].when_ns, now());
		ck_assert_uint_le(events[i].took_ns, events[i].when_ns - begun);
	}
}
END_TEST

START_TEST(constructors_and_finalizers_slower_than_slow_ns_are_marked)
{
	app_slow_get(root, &error);
	ck_assert_int_eq(events[1].kind, DI_EVENT_CREATED);
	ck_assert_uint_gt(events[1].took_ns, SLOW_NS);
	ck_assert_int_eq(events[1].slow, 1);
	expect_ok(di_reset(root, &app_slow, &error));
	ck_assert_int_eq(events[2].kind, DI_EVENT_TORN_DOWN);
	ck_assert_uint_gt(events[2].took_ns, SLOW_NS);
	ck_assert_int_eq(events[2].slow, 1);
}
END_TEST

START_TEST(a_slow_constructor_that_fails_is_marked_too)
{
	parts_fail_new("slow", EIO, 1);
	expect_null(app_slow_get(root, &error), DI_ECREATE);
	ck_assert_int_eq(events[1].kind, DI_EVENT_FAILED);
	ck_assert_uint_gt(events[1].took_ns, SLOW_NS);
	ck_assert_int_eq(events[1].slow, 1);
}
END_TEST

START_TEST(what_failed_for_a_need_took_no_time)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	expect_ok(di_reset(request, &app_session, &error));
	expect_ok(app_slow_override(request, &fake, &error));
	close_as(request, DI_DONE);
	expect_ok(di_reset(root, &app_pool, &error));
	request = open_in(root, &di_scope_request);
	parts_fail_new("pool", EIO, 1);
	expect_null(app_session_get(request, &error), DI_ECREATE);
	ck_assert_str_eq(events[count - 1].provider, "app_session");
	ck_assert_uint_eq(events[count - 1].took_ns, 0);
	ck_assert_int_eq(events[count - 1].slow, 0);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(without_slow_ns_nothing_is_slow)
{
	struct di_options options = { .abi = DI_ABI, .observer = { keep, &count } };

	container_end();
	count = 0;
	container_begin(&app, &options);
	app_slow_get(root, &error);
	ck_assert_uint_gt(events[1].took_ns, SLOW_NS);
	ck_assert_int_eq(events[1].slow, 0);
	ck_assert_uint_eq(events[0].took_ns, 0);
}
END_TEST

static void *close_elsewhere(void *data)
{
	di_context_close(data, DI_DONE, NULL);
	return di_flow_current() != NULL ? data : NULL;
}

START_TEST(an_event_is_told_on_the_thread_that_causes_it)
{
	struct di_context *request = open_in(root, &di_scope_request);
	uint64_t self = di_flow_number(di_flow_current());
	pthread_t thread;

	app_session_get(request, &error);
	ck_assert_int_eq(pthread_create(&thread, NULL, close_elsewhere, request), 0);
	ck_assert_int_eq(pthread_join(thread, NULL), 0);
	ck_assert_int_eq(events[count - 1].kind, DI_EVENT_CLOSED);
	ck_assert_uint_ne(events[count - 1].thread, self);
	ck_assert_uint_eq(events[count - 2].thread, events[count - 1].thread);
	ck_assert_uint_eq(events[count - 3].thread, self);
}
END_TEST

/* ---- What an observer may do ---- */

static void describe(void *data, const struct di_event *event)
{
	char text[2048];

	(void)data;
	(void)event;
	ck_assert(container == NULL || di_container_describe(container, text, sizeof(text)) > 0);
}

START_TEST(an_observer_may_describe_the_container)
{
	struct di_context *request;
	int bad = EIO;

	begin(describe);
	request = open_in(root, &di_scope_request);
	app_query_get(request, &error);
	expect_ok(app_slow_override(request, &fake, &error));
	expect_ok(di_context_defer(request, do_nothing, &bad, &error));
	parts_fail_new("slow", EIO, 1);
	ck_assert_ptr_null(app_slow_get(root, &error));
	expect_ok(di_reset(request, &app_session, &error));
	expect_error(di_context_close(request, DI_DONE, &error), DI_EFINALIZE);
	container_end();
}
END_TEST

START_TEST(texts_are_there_for_every_event_and_outcome)
{
	ck_assert_str_eq(di_event_text(DI_EVENT_CREATED), "created");
	ck_assert_str_eq(di_event_text(DI_EVENT_TORN_DOWN), "torn down");
	ck_assert_str_eq(di_event_text(DI_EVENT_FAILED), "failed");
	ck_assert_str_eq(di_event_text(DI_EVENT_OPENED), "opened");
	ck_assert_str_eq(di_event_text(DI_EVENT_CLOSED), "closed");
	ck_assert_str_eq(di_event_text(DI_EVENT_OVERRIDDEN), "overridden");
	ck_assert_str_eq(di_event_text((enum di_event_kind)99), "unknown event");
	ck_assert_str_eq(di_outcome_text(DI_DONE), "done");
	ck_assert_str_eq(di_outcome_text(DI_FAILED), "failed");
	ck_assert_str_eq(di_outcome_text(DI_CANCELLED), "cancelled");
	ck_assert_str_eq(di_outcome_text((enum di_outcome)99), "unknown outcome");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/observe");
	TCase *told = tcase_create("told"), *said = tcase_create("said");
	TCase *allowed = tcase_create("allowed");

	tcase_add_checked_fixture(told, setup_writing, container_end);
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

	tcase_add_checked_fixture(said, setup_keeping, container_end);
	tcase_add_test(said, events_name_container_context_and_thread);
	tcase_add_test(said, names_outlive_the_event);
	tcase_add_test(said, a_failure_comes_with_its_error);
	tcase_add_test(said, times_are_monotonic_and_never_in_the_future);
	tcase_add_test(said, constructors_and_finalizers_slower_than_slow_ns_are_marked);
	tcase_add_test(said, a_slow_constructor_that_fails_is_marked_too);
	tcase_add_test(said, what_failed_for_a_need_took_no_time);
	tcase_add_test(said, without_slow_ns_nothing_is_slow);
	tcase_add_test(said, an_event_is_told_on_the_thread_that_causes_it);
	suite_add_tcase(suite, said);

	tcase_add_test(allowed, an_observer_may_describe_the_container);
	tcase_add_test(allowed, texts_are_there_for_every_event_and_outcome);
	suite_add_tcase(suite, allowed);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
