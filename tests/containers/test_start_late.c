/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>

/*
 * Starting for a limited time. A start may be over before its threads have begun anything; what a
 * test waits for is begun by the next one then.
 */

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,  struct part, (pool_new),            pool_end) \
	X(resource,         app_store, struct part, (store_new, app_pool), store_end) \
	X(resource,         app_queue, struct part, (queue_new),           queue_end) \
	X(resource,         app_last,  struct part, (last_new, app_store), last_end) \
	X(thread_singleton, app_watch, struct part, (watch_new),           watch_end)

#define MANY(X) \
	X(resource, many_of_which_each_has_a_rather_long_name_1, struct part, (slow_new), slow_end) \
	X(resource, many_of_which_each_has_a_rather_long_name_2, struct part, (slow_new), slow_end) \
	X(resource, many_of_which_each_has_a_rather_long_name_3, struct part, (slow_new), slow_end) \
	X(resource, many_of_which_each_has_a_rather_long_name_4, struct part, (slow_new), slow_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DECLARE(many, MANY);

PART(pool)
PART_OF_1(store)
PART(queue)
PART_OF_1(last)
PART(watch)
PART(slow)

DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DEFINE(many, MANY);

static const uint64_t soon = UINT64_C(10000000);
static const uint64_t never = UINT64_MAX;
static struct latch held;
static pthread_t starter;
static int on_starter;

static void begin_with(const struct di_table *table, uint32_t threads, uint64_t timeout_ns)
{
	struct di_options options = { .abi = DI_ABI,
				      .start_threads = threads,
				      .start_timeout_ns = timeout_ns };

	container_begin(table, &options);
}

static void begin_anew(const struct di_table *table, uint32_t threads, uint64_t timeout_ns)
{
	container_free_expect(DI_OK);
	begin_with(table, threads, timeout_ns);
}

static void setup(void)
{
	watchdog(120);
	latch_init(&held);
	starter = pthread_self();
	on_starter = 0;
	begin_with(&app, 2, soon);
}

static void free_when_over(void)
{
	while (di_container_free(container, NULL) == DI_EBUSY)
		sched_yield();
	container = NULL;
}

static void teardown(void)
{
	latch_open(&held);
	if (container != NULL)
		free_when_over();
	container_end();
	watchdog(0);
}

static void hold(struct part *part)
{
	(void)part;
	latch_wait(&held);
}

static void note_starter(struct part *part)
{
	(void)part;
	on_starter += pthread_equal(pthread_self(), starter) != 0;
}

/* Starts until the text has both. */
static void start_until(const char *part, const char *other)
{
	do
		expect_error(di_container_start(container, &error), DI_ETIMEDOUT);
	while (strstr(error_text(), part) == NULL || strstr(error_text(), other) == NULL);
}

static void start_until_done(void)
{
	enum di_status status;

	do
		status = di_container_start(container, &error);
	while (status == DI_ETIMEDOUT);
	ck_assert_msg(status == DI_OK, "%s", error_text());
}

START_TEST(a_start_in_time_is_as_any_other)
{
	begin_anew(&app, 1, never);
	parts_on_new("store", note_starter);
	expect_ok(di_container_start(container, &error));
	journal_expect("created pool", "created store from pool", "created queue",
		       "created last from store");
	ck_assert_int_eq(on_starter, 0);
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
	container_free_expect(DI_OK);
	journal_expect("ended last done", "ended queue done", "ended store done",
		       "ended pool done");
}
END_TEST

START_TEST(no_thread_in_the_options_is_one)
{
	begin_anew(&app, 0, never);
	expect_ok(di_container_start(container, &error));
	journal_expect("created pool", "created store from pool", "created queue",
		       "created last from store");
}
END_TEST

START_TEST(after_an_error_nothing_further_is_begun)
{
	begin_anew(&app, 1, never);
	parts_fail_new("pool", EIO, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	journal_expect("failed pool");
	ck_assert_str_eq(error.path, "app_pool <- app_store");
}
END_TEST

START_TEST(what_is_late_is_named_with_its_path_and_how_long_it_takes)
{
	unsigned long timeout_ms, ms;
	unsigned timeout_us, us;

	parts_on_new("pool", hold);
	start_until("app_pool", "app_pool");
	ck_assert_str_eq(error.provider, "app_pool");
	ck_assert_str_eq(error.path, "app_pool <- app_store");
	expect_text("app_pool: it was not done in time: after 10.000 ms these are being made: "
		    "app_pool for ");
	ck_assert_int_eq(sscanf(error.detail,
				"after %lu.%u ms these are being made: app_pool for %lu.%u ms",
				&timeout_ms, &timeout_us, &ms, &us),
			 4);
	ck_assert_uint_eq(timeout_ms, 10);
	ck_assert_uint_lt(us, 1000);
}
END_TEST

START_TEST(all_that_is_late_is_named_in_the_order_of_the_table)
{
	parts_on_new("pool", hold);
	parts_on_new("queue", hold);
	start_until("app_pool for", ", app_queue for");
	ck_assert_str_eq(error.provider, "app_pool");
}
END_TEST

START_TEST(what_there_is_no_room_for_is_counted)
{
	begin_anew(&many, 4, soon);
	parts_on_new("slow", hold);
	start_until("many_of_which_each_has_a_rather_long_name_1 for", " and 2 more");
	ck_assert_uint_lt(strlen(error.detail), DI_DETAIL_SIZE - 1);
}
END_TEST

START_TEST(a_late_start_needs_no_error)
{
	parts_on_new("pool", hold);
	ck_assert_int_eq(di_container_start(container, NULL), DI_ETIMEDOUT);
}
END_TEST

START_TEST(what_fails_before_the_time_is_over_is_counted)
{
	begin_anew(&app, 2, soon);
	parts_on_new("pool", hold);
	parts_fail_new("queue", EIO, 1000);
	start_until("app_pool", "and 1 more error");
	ck_assert_int_eq(parts_alive("queue"), 0);
}
END_TEST

START_TEST(a_container_whose_start_is_late_is_freed_when_that_is_over)
{
	parts_on_new("store", hold);
	start_until("app_store for", "app_store");
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text("a start that has timed out is not over yet");
	ck_assert_int_eq(parts_alive("pool"), 1);
	latch_open(&held);
	free_when_over();
	ck_assert_int_eq(parts_alive("pool") + parts_alive("store"), 0);
}
END_TEST

START_TEST(what_is_made_too_late_belongs_to_the_container)
{
	begin_anew(&app, 1, soon);
	parts_on_new("store", hold);
	start_until("app_store for", "app_store");
	latch_open(&held);
	ck_assert_ptr_nonnull(app_store_get(root, &error));
	journal_expect("created pool", "created store from pool");
	free_when_over();
	ck_assert_int_eq(parts_alive("pool") + parts_alive("store"), 0);
	journal_expect("ended store done", "ended pool done");
}
END_TEST

START_TEST(the_next_start_waits_for_what_is_being_made)
{
	begin_anew(&app, 1, soon);
	parts_on_new("store", hold);
	start_until("app_store for", "app_store");
	start_until("app_store for", "app_store");
	latch_open(&held);
	start_until_done();
	journal_expect("created pool", "created store from pool", "created queue",
		       "created last from store");
}
END_TEST

START_TEST(what_fails_too_late_fails_for_nobody)
{
	parts_on_new("store", hold);
	parts_fail_new("store", EIO, 1);
	start_until("app_store for", "app_store");
	latch_open(&held);
	free_when_over();
	ck_assert_int_eq(parts_alive("pool") + parts_alive("queue"), 0);
}
END_TEST

/* A value of the root cannot be built from one of a thread; its constructor may use one. */
static void use_a_watch(struct part *part)
{
	struct di_context *request =
		di_context_open(di_context_current(&app), &di_scope_request, NULL);

	(void)part;
	di_resolve(request, NULL, &app_watch);
	di_context_close(request, DI_DONE, NULL);
}

START_TEST(values_of_the_threads_end_before_start_returns)
{
	begin_anew(&app, 1, never);
	parts_on_new("queue", use_a_watch);
	parts_on_new("watch", note_starter);
	parts_on_end("watch", note_starter);
	expect_ok(di_container_start(container, &error));
	journal_expect("created pool", "created store from pool", "created watch", "created queue",
		       "created last from store", "ended watch done");
	ck_assert_int_eq(on_starter, 0);
}
END_TEST

START_TEST(threads_that_end_slowly_are_late_too)
{
	parts_on_new("last", use_a_watch);
	parts_on_end("watch", hold);
	start_until("the threads of the start have not ended",
		    "the threads of the start have not ended");
	while (parts_alive("last") == 0)
		di_container_start(container, NULL);
	expect_error(di_container_free(container, &error), DI_EBUSY);
}
END_TEST

static void enter_root(struct part *part)
{
	(void)part;
	di_context_enter(di_context_current(&app), NULL);
}

START_TEST(what_a_constructor_has_entered_is_left)
{
	begin_anew(&app, 2, never);
	parts_on_new("queue", enter_root);
	expect_ok(di_container_start(container, &error));
	container_free_expect(DI_OK);
}
END_TEST

START_TEST(a_late_start_without_memory_makes_nothing)
{
	failing_allocator_fail(&memory, 1);
	expect_error(di_container_start(container, &error), DI_ENOMEM);
	journal_expect_nothing();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/start_late");
	TCase *tcase = tcase_create("a limited time");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_start_in_time_is_as_any_other);
	tcase_add_test(tcase, no_thread_in_the_options_is_one);
	tcase_add_test(tcase, after_an_error_nothing_further_is_begun);
	tcase_add_test(tcase, what_is_late_is_named_with_its_path_and_how_long_it_takes);
	tcase_add_test(tcase, all_that_is_late_is_named_in_the_order_of_the_table);
	tcase_add_test(tcase, what_there_is_no_room_for_is_counted);
	tcase_add_test(tcase, a_late_start_needs_no_error);
	tcase_add_test(tcase, what_fails_before_the_time_is_over_is_counted);
	tcase_add_test(tcase, a_container_whose_start_is_late_is_freed_when_that_is_over);
	tcase_add_test(tcase, what_is_made_too_late_belongs_to_the_container);
	tcase_add_test(tcase, the_next_start_waits_for_what_is_being_made);
	tcase_add_test(tcase, what_fails_too_late_fails_for_nobody);
	tcase_add_test(tcase, values_of_the_threads_end_before_start_returns);
	tcase_add_test(tcase, threads_that_end_slowly_are_late_too);
	tcase_add_test(tcase, what_a_constructor_has_entered_is_left);
	tcase_add_test(tcase, a_late_start_without_memory_makes_nothing);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
