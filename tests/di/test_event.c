/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* What an event says, and what an observer may do. */

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(factory,          app_query,   struct part, (query_new, app_session), query_end) \
	X(singleton,        app_slow,    struct part, (slow_new),              slow_end)
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

static void begin(di_observe_fn *observe)
{
	struct di_options options = { .abi = DI_ABI,
				      .observer = { observe, &count },
				      .slow_ns = SLOW_NS };

	count = 0;
	container_begin(&app, &options);
}

static void setup(void)
{
	begin(keep);
}

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

static int run_badly(void *data, enum di_outcome outcome)
{
	(void)outcome;
	return *(int *)data;
}

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
	expect_ok(di_context_defer(request, run_badly, &bad, &error));
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
	Suite *suite = suite_create("di/event");
	TCase *said = tcase_create("said"), *allowed = tcase_create("allowed");

	tcase_add_checked_fixture(said, setup, container_end);
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
