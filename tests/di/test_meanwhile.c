/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

/* What goes on while a thread is in the middle of something: were a lock held, these would hang. */

PART_FAKE(fake)
PART(clock)
PART_OF_1(store)
PART_OF_1(cursor)
PART_OF_1(session)

/* Where the constructor and the finalizer of the slow values stop, if the test wants it. */
static struct stop at_creation = STOP_INIT, at_end = STOP_INIT;

static int slow_new(struct part **out)
{
	stop_here(&at_creation);
	return part_new(out, "slow", (struct part *const[]){ NULL });
}

static int slow_end(struct part *part, enum di_outcome outcome)
{
	stop_here(&at_end);
	return part_end(part, outcome);
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,   struct part, (clock_new),              clock_end) \
	X(singleton,        app_store,   struct part, (store_new, app_clock),   store_end) \
	X(factory,          app_cursor,  struct part, (cursor_new, app_store),  cursor_end) \
	X(context_resource, app_session, struct part, (session_new, app_store), session_end, request) \
	X(singleton,        app_slow,    struct part, (slow_new),               slow_end) \
	X(context_resource, app_slowly,  struct part, (slow_new),               slow_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void begin_with(const struct di_allocator *allocator)
{
	struct di_options options = { .abi = DI_ABI, .allocator = allocator };

	watchdog(120);
	stop_init(&at_creation, 0);
	stop_init(&at_end, 0);
	stop_init(&stop_in_allocator, 0);
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

/* ---- What goes on while user code runs ---- */

static void use_container(struct di_context *context)
{
	struct di_context *inner;
	char text[512];

	ck_assert_ptr_nonnull(app_store_get(context, &error));
	ck_assert_ptr_nonnull(app_store_get(context, &error));
	ck_assert_ptr_nonnull(app_cursor_get(context, &error));
	ck_assert_uint_gt(di_container_describe(container, text, sizeof(text)), 0);
	expect_ok(di_context_mark(context, DI_DONE, &error));
	inner = open_in(context, &di_scope_request);
	ck_assert_ptr_nonnull(app_session_get(inner, &error));
	close_as(inner, DI_DONE);
}

static void *make_slow(void *data)
{
	return app_slow_get(data, NULL);
}

static void *make_slowly(void *data)
{
	return app_slowly_get(data, NULL);
}

START_TEST(a_context_is_usable_while_a_constructor_runs_in_it)
{
	pthread_t maker;

	begin_with(&threads_allocator);
	stop_init(&at_creation, 1);
	maker = thread_start(make_slow, root, 0);
	stop_wait(&at_creation);
	use_container(root);
	stop_let_go(&at_creation);
	thread_join(maker);
	stop_init(&at_creation, 1);
	maker = thread_start(make_slowly, request, 0);
	stop_wait(&at_creation);
	use_container(request);
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	expect_error(app_store_override(request, &fake, &error), DI_EBUSY);
	stop_let_go(&at_creation);
	thread_join(maker);
}
END_TEST

/*
 * What is being made is not ended, nor is its end forgotten: whoever asks for it is told to come
 * again.
 */
START_TEST(a_creation_cannot_be_ended_and_its_value_can_be)
{
	pthread_t maker;

	begin_with(&threads_allocator);
	close_as(request, DI_DONE);
	stop_init(&at_creation, 1);
	maker = thread_start(make_slow, root, 0);
	stop_wait(&at_creation);
	expect_error(di_reset(root, &app_slow, &error), DI_EBUSY);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	stop_let_go(&at_creation);
	ck_assert_ptr_nonnull(thread_join(maker));
	ck_assert_int_eq(parts_alive("slow"), 1);
	expect_ok(di_reset(root, &app_slow, &error));
	ck_assert_int_eq(parts_alive("slow"), 0);
	container_free_expect(DI_OK);
	journal_expect("created slow", "ended slow done");
}
END_TEST

static void *close_request(void *data)
{
	(void)data;
	di_context_close(request, DI_DONE, NULL);
	return NULL;
}

START_TEST(the_container_is_usable_while_a_finalizer_runs)
{
	struct part *slow;
	pthread_t closer;

	begin_with(&threads_allocator);
	slow = app_slowly_get(request, &error);
	ck_assert_ptr_nonnull(slow);
	stop_init(&at_end, 1);
	closer = thread_start(close_request, NULL, 0);
	stop_wait(&at_end);
	use_container(root);
	expect_null(app_session_get(request, &error), DI_ECLOSED);
	stop_let_go(&at_end);
	thread_join(closer);
	ck_assert(!slow->alive);
}
END_TEST

/* ---- Values that exist are had without a lock ---- */

static int do_nothing(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	return 0;
}

/* Its allocator is stopped, and then it holds the lock of the root. */
static void *defer_until_memory_is_needed(void *data)
{
	(void)data;
	while (stop_in_allocator.wanted)
		di_context_defer(root, do_nothing, NULL, NULL);
	return NULL;
}

START_TEST(a_value_that_exists_is_had_while_another_thread_holds_the_lock)
{
	struct part *store;
	pthread_t thread;

	begin_with(&stopping_allocator);
	store = app_store_get(root, &error);
	stop_init(&stop_in_allocator, 1);
	thread = thread_start(defer_until_memory_is_needed, NULL, 0);
	stop_wait(&stop_in_allocator);
	ck_assert_ptr_eq(app_store_get(root, &error), store);
	ck_assert_ptr_eq(di_resolve(root, &error, &app_store), store);
	stop_let_go(&stop_in_allocator);
	thread_join(thread);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/resolve/meanwhile");
	TCase *tcase = tcase_create("meanwhile");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, a_context_is_usable_while_a_constructor_runs_in_it);
	tcase_add_test(tcase, a_creation_cannot_be_ended_and_its_value_can_be);
	tcase_add_test(tcase, the_container_is_usable_while_a_finalizer_runs);
	tcase_add_test(tcase, a_value_that_exists_is_had_while_another_thread_holds_the_lock);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
