/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>

/*
 * Flows that are no threads. Here they are swapped by hand, with no stacks of their own; fibers
 * that have them are in tests/integrations/fiber.
 */

PART(clock)
PART(scratch)
PART_OF_1(session)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,   struct part, (clock_new),              clock_end) \
	X(thread_singleton, app_scratch, struct part, (scratch_new),            scratch_end) \
	X(context_resource, app_session, struct part, (session_new, app_clock), session_end, request)
#define LOCALS(X) X(local_word, const char, di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);
DI_LOCAL_DECLARE(locals, LOCALS);
DI_LOCAL_DEFINE(locals, LOCALS);

static struct di_context *request;
static struct di_flow *first, *second;
static const struct di_flow_options plain = { .abi = DI_ABI };

static struct di_flow *flow_new(const struct di_flow_options *options)
{
	struct di_flow *flow = di_flow_new(options, &error);

	ck_assert_ptr_nonnull(flow);
	return flow;
}

static void swap(struct di_flow *flow)
{
	ck_assert_ptr_nonnull(di_flow_swap(flow));
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	first = flow_new(&plain);
	second = flow_new(&plain);
}

static void teardown(void)
{
	swap(NULL);
	di_flow_free(first, NULL);
	di_flow_free(second, NULL);
	container_end();
	watchdog(0);
}

/* ---- Swapping ---- */

START_TEST(swapping_returns_the_former_flow)
{
	struct di_flow *thread = di_flow_current();

	ck_assert_ptr_eq(di_flow_swap(first), thread);
	ck_assert_ptr_eq(di_flow_current(), first);
	ck_assert_ptr_eq(di_flow_swap(second), first);
	ck_assert_ptr_eq(di_flow_swap(NULL), second);
	ck_assert_ptr_eq(di_flow_current(), thread);
}
END_TEST

START_TEST(each_flow_has_a_number_of_its_own)
{
	uint64_t number = di_flow_number(first);

	ck_assert_uint_ne(number, di_flow_number(second));
	ck_assert_uint_ne(number, di_flow_number(di_flow_current()));
	expect_ok(di_flow_free(first, &error));
	first = flow_new(&plain);
	ck_assert_uint_ne(di_flow_number(first), number);
}
END_TEST

START_TEST(each_flow_has_entered_its_own_contexts)
{
	swap(first);
	expect_ok(di_context_enter(request, &error));
	ck_assert_ptr_eq(di_context_current(&app), request);
	swap(second);
	ck_assert_ptr_null(di_context_current(&app));
	expect_ok(di_context_enter(root, &error));
	swap(first);
	ck_assert_ptr_eq(di_context_current(&app), request);
	swap(NULL);
	ck_assert_ptr_null(di_context_current(&app));
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text("another flow has entered");
}
END_TEST

START_TEST(a_flow_that_ends_leaves_what_it_has_entered)
{
	swap(first);
	expect_ok(di_context_enter(request, &error));
	expect_ok(di_context_enter(request, &error));
	swap(NULL);
	expect_ok(di_flow_free(first, &error));
	first = NULL;
	close_as(request, DI_DONE);
}
END_TEST

static uint64_t seen;

static void observe(void *data, const struct di_event *event)
{
	(void)data;
	if (event->kind == DI_EVENT_CREATED)
		seen = event->thread;
}

START_TEST(events_say_which_flow_has_caused_them)
{
	struct di_options options = { .abi = DI_ABI, .observer = { .observe = observe } };
	struct di_container *observed = di_container_new(&app, &options, &error);

	swap(first);
	ck_assert_ptr_nonnull(app_clock_get(di_container_root(observed), &error));
	ck_assert_uint_eq(seen, di_flow_number(first));
	expect_ok(di_container_free(observed, &error));
}
END_TEST

/* ---- Values ---- */

START_TEST(a_flow_begins_with_a_copy_of_the_values_of_who_makes_it)
{
	const struct di_flow_options empty = { .abi = DI_ABI, .empty = 1 };
	struct di_flow *third;

	swap(first);
	expect_ok(local_word_set("first", &error));
	third = flow_new(&plain);
	expect_ok(local_word_set("again", &error));
	swap(third);
	ck_assert_str_eq(local_word_get(), "first");
	swap(first);
	expect_ok(di_flow_free(third, &error));
	third = flow_new(&empty);
	swap(third);
	ck_assert_ptr_null(local_word_get());
	swap(NULL);
	expect_ok(di_flow_free(third, &error));
	ck_assert_ptr_null(local_word_get());
}
END_TEST

START_TEST(a_flow_may_begin_with_what_was_captured)
{
	struct di_flow_options options = { .abi = DI_ABI };
	struct di_capture *capture;
	struct di_flow *third;

	swap(first);
	expect_ok(local_word_set("captured", &error));
	capture = di_flow_capture(&error);
	options.capture = capture;
	swap(NULL);
	third = flow_new(&options);
	di_capture_free(capture);
	swap(third);
	ck_assert_str_eq(local_word_get(), "captured");
	swap(NULL);
	expect_ok(di_flow_free(third, &error));
}
END_TEST

/* ---- One thread's flows and its values ---- */

START_TEST(the_values_of_a_thread_are_those_of_all_its_flows)
{
	struct part *scratch = app_scratch_get(root, &error);

	swap(first);
	ck_assert_ptr_eq(app_scratch_get(root, &error), scratch);
	swap(second);
	expect_ok(di_thread_end(container, &error));
	ck_assert_int_eq(parts_alive("scratch"), 0);
}
END_TEST

static void *use_and_end(void *data)
{
	struct di_flow *own = di_flow_new(&plain, NULL), *kept = di_flow_new(&plain, NULL);

	di_flow_swap(own);
	di_context_enter(data, NULL);
	app_scratch_get(root, NULL);
	local_word_set("there", NULL);
	di_flow_swap(kept);
	di_context_enter(data, NULL);
	di_flow_swap(NULL);
	di_flow_free(own, NULL);
	return kept;
}

START_TEST(what_its_flows_have_ends_with_the_thread)
{
	struct di_flow *kept = thread_join(thread_start(use_and_end, request, 0));

	ck_assert_int_eq(parts_alive("scratch"), 0);
	close_as(request, DI_DONE);
	/* Whoever has it. */
	expect_ok(di_flow_free(kept, &error));
}
END_TEST

struct elsewhere {
	struct di_flow *swapped;
	enum di_status status;
	struct di_error err;
};

static void *use_elsewhere(void *data)
{
	struct elsewhere *it = data;

	it->swapped = di_flow_swap(first);
	it->status = di_flow_free(first, &it->err);
	return NULL;
}

START_TEST(a_flow_belongs_to_the_thread_that_made_it)
{
	struct elsewhere it = { .swapped = first };

	thread_join(thread_start(use_elsewhere, &it, 0));
	ck_assert_ptr_null(it.swapped);
	ck_assert_int_eq(it.status, DI_ETHREAD);
	ck_assert_ptr_nonnull(strstr(it.err.detail, "the flow is of thread"));
}
END_TEST

/* ---- Hooks ---- */

static struct stop making = STOP_INIT;

static void stop_in_clock(struct part *part)
{
	(void)part;
	stop_here(&making);
}

static void *make_clock(void *data)
{
	return app_clock_get(data, NULL);
}

static struct latch unparked = LATCH_INIT;
static int parks, unparks;

static void park(void *data)
{
	ck_assert_ptr_eq(data, &parks);
	parks++;
	stop_let_go(&making);
	latch_wait(&unparked);
}

static void *mark(void *data)
{
	return di_context_mark(data, DI_DONE, NULL) == DI_OK ? data : NULL;
}

/* A lock that was held here would keep the other thread waiting for ever. */
static void unpark(void *data)
{
	ck_assert_ptr_eq(data, &parks);
	ck_assert_ptr_nonnull(thread_join(thread_start(mark, root, 0)));
	unparks++;
	latch_open(&unparked);
}

START_TEST(waiting_parks_the_flow_and_waking_unparks_it_with_no_lock_held)
{
	const struct di_flow_options hooked = {
		.abi = DI_ABI, .park = park, .unpark = unpark, .data = &parks
	};
	struct di_flow *third = flow_new(&hooked);
	pthread_t thread;
	int fails;

	parts_on_new("clock", stop_in_clock);
	for (fails = 0; fails < 2; fails++) {
		latch_init(&unparked);
		stop_init(&making, 1);
		parks = unparks = 0;
		parts_fail_new("clock", EIO, fails);
		thread = thread_start(make_clock, root, 0);
		stop_wait(&making);
		swap(third);
		if (fails > 0)
			expect_null(app_clock_get(root, &error), DI_ECREATE);
		else
			ck_assert_ptr_nonnull(app_session_get(request, &error));
		swap(NULL);
		thread_join(thread);
		ck_assert_int_eq(parks, 1);
		ck_assert_int_eq(unparks, 1);
		close_as(request, DI_DONE);
		if (fails == 0)
			expect_ok(di_reset(root, &app_clock, &error));
		request = open_in(root, &di_scope_request);
	}
	expect_ok(di_flow_free(third, &error));
}
END_TEST

/* ---- Errors ---- */

static struct di_error refused;

static void free_running(struct part *part)
{
	(void)part;
	swap(second);
	ck_assert_int_eq(di_flow_free(first, &refused), DI_EBUSY);
	swap(first);
}

START_TEST(a_flow_that_runs_or_makes_something_is_not_freed)
{
	swap(first);
	expect_error(di_flow_free(first, &error), DI_EBUSY);
	expect_text("the flow is running");
	parts_on_new("clock", free_running);
	ck_assert_ptr_nonnull(app_clock_get(root, &error));
	ck_assert_str_eq(refused.detail, "a constructor or finalizer runs on the flow");
}
END_TEST

static enum di_status new_with(void *data, struct di_error *err)
{
	struct di_error own = { 0 };

	if (err == NULL)
		err = &own;
	ck_assert_ptr_null(di_flow_new(data, err));
	return err->status;
}

static enum di_status free_own(void *data, struct di_error *err)
{
	(void)data;
	return di_flow_free(di_flow_current(), err);
}

static enum di_status join(void *data, struct di_error *err)
{
	return di_flow_join(data, err);
}

/* ---- Joins. ---- */

static struct di_flow *new_flow(void)
{
	const struct di_flow_options options = { .abi = DI_ABI };
	struct di_flow *flow = di_flow_new(&options, &error);

	ck_assert_ptr_nonnull(flow);
	return flow;
}

START_TEST(a_flow_is_in_one_join_at_a_time)
{
	struct di_flow *one = new_flow(), *two = new_flow(), *three = new_flow();

	expect_ok(di_flow_join(one, &error));
	expect_error(di_flow_join(two, &error), DI_EBUSY);
	di_flow_swap(two);
	expect_error(di_flow_join(one, &error), DI_EBUSY);
	expect_text("one of the two is in a join already");
	expect_ok(di_flow_join(three, &error));
	di_flow_swap(NULL);
	di_flow_joined();
	expect_ok(di_flow_join(two, &error));
	di_flow_swap(three);
	expect_ok(di_flow_join(one, &error));
	di_flow_joined();
	di_flow_swap(NULL);
	di_flow_joined();
	expect_ok(di_flow_free(two, &error));
	expect_ok(di_flow_join(three, &error));
	di_flow_joined();
	expect_ok(di_flow_free(three, &error));
	expect_ok(di_flow_free(one, &error));
}
END_TEST

static struct di_flow *later, *other;
static enum di_status statuses[3];

/* It waits for a flow that takes up other work afterwards. */
static void join_later(struct part *part)
{
	(void)part;
	statuses[0] = di_flow_join(later, &error);
	di_flow_joined();
	statuses[1] = di_flow_join(later, &error);
	expect_ok(di_flow_free(later, &error));
	di_flow_joined();
	statuses[2] = di_flow_join(other, &error);
	di_flow_joined();
}

START_TEST(who_has_joined_a_flow_or_sees_it_freed_waits_no_more)
{
	later = new_flow();
	other = new_flow();
	parts_on_new("clock", join_later);
	ck_assert_ptr_nonnull(app_clock_get(root, &error));
	ck_assert_int_eq(statuses[0], DI_OK);
	ck_assert_int_eq(statuses[1], DI_OK);
	ck_assert_int_eq(statuses[2], DI_OK);
	expect_ok(di_flow_free(other, &error));
}
END_TEST

START_TEST(a_flow_that_is_freed_in_a_join_is_in_none)
{
	struct di_flow *thread = di_flow_current(), *one = new_flow(), *two = new_flow();

	di_flow_swap(one);
	expect_ok(di_flow_join(thread, &error));
	di_flow_swap(two);
	expect_error(di_flow_join(thread, &error), DI_EBUSY);
	expect_ok(di_flow_free(one, &error));
	expect_ok(di_flow_join(thread, &error));
	di_flow_joined();
	di_flow_swap(NULL);
	expect_ok(di_flow_free(two, &error));
}
END_TEST

START_TEST(mistakes_are_errors)
{
	struct di_flow_options options = { .abi = DI_ABI, .park = park };
	const struct di_flow_options old = { .abi = DI_ABI + 1 };

	misuse_expect(new_with, NULL, DI_EINVAL, "there are no options");
	misuse_expect(new_with, &options, DI_EINVAL, "park and unpark go together");
	misuse_expect(free_own, NULL, DI_EINVAL, "the flow of a thread ends with it");
	misuse_expect(join, NULL, DI_EINVAL, "there is no flow to wait for");
	misuse_expect(join, di_flow_current(), DI_EINVAL, "a flow cannot wait for itself");
	expect_null(di_flow_new(&old, &error), DI_EABI);
	expect_text("the options of a flow");
	expect_ok(di_flow_free(NULL, &error));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/flow_new");
	TCase *swapping = tcase_create("swapping"), *values = tcase_create("values");
	TCase *threads = tcase_create("threads"), *hooks = tcase_create("hooks");
	TCase *joins = tcase_create("joins"), *errors = tcase_create("errors");

	tcase_add_checked_fixture(swapping, setup, teardown);
	tcase_add_test(swapping, swapping_returns_the_former_flow);
	tcase_add_test(swapping, each_flow_has_a_number_of_its_own);
	tcase_add_test(swapping, each_flow_has_entered_its_own_contexts);
	tcase_add_test(swapping, a_flow_that_ends_leaves_what_it_has_entered);
	tcase_add_test(swapping, events_say_which_flow_has_caused_them);
	suite_add_tcase(all, swapping);
	tcase_add_checked_fixture(values, setup, teardown);
	tcase_add_test(values, a_flow_begins_with_a_copy_of_the_values_of_who_makes_it);
	tcase_add_test(values, a_flow_may_begin_with_what_was_captured);
	suite_add_tcase(all, values);
	tcase_add_checked_fixture(threads, setup, teardown);
	tcase_add_test(threads, the_values_of_a_thread_are_those_of_all_its_flows);
	tcase_add_test(threads, what_its_flows_have_ends_with_the_thread);
	tcase_add_test(threads, a_flow_belongs_to_the_thread_that_made_it);
	suite_add_tcase(all, threads);
	tcase_add_checked_fixture(hooks, setup, teardown);
	tcase_add_test(hooks, waiting_parks_the_flow_and_waking_unparks_it_with_no_lock_held);
	suite_add_tcase(all, hooks);
	tcase_add_checked_fixture(joins, setup, teardown);
	tcase_add_test(joins, a_flow_is_in_one_join_at_a_time);
	tcase_add_test(joins, who_has_joined_a_flow_or_sees_it_freed_waits_no_more);
	tcase_add_test(joins, a_flow_that_is_freed_in_a_join_is_in_none);
	suite_add_tcase(all, joins);
	tcase_add_checked_fixture(errors, setup, teardown);
	tcase_add_test(errors, a_flow_that_runs_or_makes_something_is_not_freed);
	tcase_add_test(errors, mistakes_are_errors);
	suite_add_tcase(all, errors);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
