/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"

#include <sched.h>
#include <stdint.h>

/* Threads with fibers, which share contexts, values that are being made, and each other's wakes. */

enum {
	THREADS = 4,
	FIBERS = 12,
	ROUNDS = 40
};

struct number {
	int made;
};

static int made, ended;

static int number_new(struct number **out)
{
	static struct number number;

	__atomic_fetch_add(&made, 1, __ATOMIC_RELAXED);
	/* Outside of fibers it does nothing. */
	di_fiber_yield();
	*out = &number;
	return 0;
}

static int of_request_new(struct number **out, struct number *number)
{
	di_fiber_yield();
	*out = number;
	return 0;
}

static void number_end(struct number *number)
{
	(void)number;
	__atomic_fetch_add(&ended, 1, __ATOMIC_RELAXED);
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_number,  struct number, (number_new),                 number_end) \
	X(thread_singleton, app_own,     struct number, (number_new),                 number_end) \
	X(context_resource, app_session, struct number, (of_request_new, app_number), number_end, request) \
	X(factory,          app_product, struct number, (of_request_new, app_session), number_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *shared[ROUNDS];
static int failures;

static void count_failure(int fails)
{
	if (fails)
		__atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED);
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(300);
	made = ended = failures = 0;
	container_begin(&app, &options);
}

static void teardown(void)
{
	container_end();
	ck_assert_int_eq(failures, 0);
	watchdog(0);
}

static int rounds(void)
{
	return di_check_quick() ? 5 : ROUNDS;
}

/* ---- One context for all fibers of all threads ---- */

static void *use_all(void *data)
{
	int i;

	for (i = 0; i < rounds(); i++) {
		struct number *product;
		struct di_context *own;

		count_failure(app_session_get(shared[i], NULL) == NULL);
		product = app_product_get(shared[i], NULL);
		count_failure(product == NULL ||
			      app_product_drop(shared[i], product, NULL) != DI_OK);
		count_failure(app_own_get(root, NULL) == NULL);
		own = di_context_open(root, &di_scope_request, NULL);
		count_failure(di_context_enter(own, NULL) != DI_OK);
		count_failure(app_session_get(own, NULL) == NULL);
		di_fiber_yield();
		count_failure(di_context_current(&app) != own);
		count_failure(di_context_leave(own, NULL) != DI_OK);
		count_failure(di_context_close(own, DI_DONE, NULL) != DI_OK);
	}
	return data;
}

static void run_fibers(int number, void *data)
{
	struct di_fiber_scheduler *own = di_fiber_scheduler_new(NULL, NULL);
	struct di_fiber *mine[FIBERS];
	int i;

	(void)number;
	(void)data;
	for (i = 0; i < FIBERS; i++)
		mine[i] = di_fiber_spawn(own, use_all, NULL, NULL, NULL);
	count_failure(di_fiber_run(own, NULL) != DI_OK);
	for (i = 0; i < FIBERS; i++)
		count_failure(di_fiber_join(mine[i], NULL, NULL) != DI_OK);
	count_failure(di_fiber_scheduler_free(own, NULL) != DI_OK);
}

START_TEST(fibers_of_many_threads_share_contexts)
{
	int i;

	for (i = 0; i < rounds(); i++)
		shared[i] = open_in(root, &di_scope_request);
	crowd_run(THREADS, run_fibers, NULL);
	/* One for all, and one for each thread. */
	ck_assert_int_eq(made, 1 + THREADS);
	ck_assert_uint_eq(di_thread_count(container), 0);
	for (i = 0; i < rounds(); i++)
		close_as(shared[i], DI_DONE);
}
END_TEST

/* ---- Waking across threads ---- */

/* One fiber of each thread; each waits for its turn, and gives it to the next thread's. */
struct relay {
	pthread_barrier_t begun;
	struct di_fiber *runners[THREADS];
	int turns;
};

struct runner {
	struct relay *relay;
	int number;
};

static void *run_in_turn(void *data)
{
	const struct runner *self = data;
	struct relay *relay = self->relay;
	int i;

	for (i = 0; i < rounds(); i++) {
		count_failure(di_fiber_suspend(NULL) != DI_OK);
		/* Nobody else has the turn: this is no atomic. */
		count_failure(relay->turns++ % THREADS != self->number);
		if (self->number < THREADS - 1 || i < rounds() - 1)
			di_fiber_resume(relay->runners[(self->number + 1) % THREADS]);
	}
	return NULL;
}

static void run_one(int number, void *data)
{
	struct relay *relay = data;
	struct di_fiber_scheduler *own = di_fiber_scheduler_new(NULL, NULL);
	struct runner runner = { relay, number };

	relay->runners[number] = di_fiber_spawn(own, run_in_turn, &runner, NULL, NULL);
	pthread_barrier_wait(&relay->begun);
	if (number == 0)
		di_fiber_resume(relay->runners[0]);
	count_failure(di_fiber_run(own, NULL) != DI_OK);
	/* Handles are used until all have ended. */
	pthread_barrier_wait(&relay->begun);
	count_failure(di_fiber_join(relay->runners[number], NULL, NULL) != DI_OK);
	count_failure(di_fiber_scheduler_free(own, NULL) != DI_OK);
}

START_TEST(fibers_wake_each_other_across_threads)
{
	struct relay relay = { .turns = 0 };

	pthread_barrier_init(&relay.begun, NULL, THREADS);
	crowd_run(THREADS, run_one, &relay);
	ck_assert_int_eq(relay.turns, THREADS * rounds());
	pthread_barrier_destroy(&relay.begun);
}
END_TEST

/* ---- A scheduler that ends while it is being woken ---- */

static void *suspend_once(void *data)
{
	di_fiber_suspend(NULL);
	return data;
}

static void *resume_it(void *data)
{
	di_fiber_resume(data);
	return NULL;
}

START_TEST(a_scheduler_may_be_freed_as_soon_as_its_last_fiber_has_ended)
{
	int i;

	for (i = 0; i < 5 * rounds(); i++) {
		struct di_fiber_scheduler *own = di_fiber_scheduler_new(NULL, &error);
		struct di_fiber *fiber = di_fiber_spawn(own, suspend_once, NULL, NULL, &error);
		pthread_t thread = thread_start(resume_it, fiber, 0);

		expect_ok(di_fiber_run(own, &error));
		expect_ok(di_fiber_join(fiber, NULL, &error));
		expect_ok(di_fiber_scheduler_free(own, &error));
		thread_join(thread);
	}
}
END_TEST

/* ---- What was done before a resume ---- */

static struct {
	struct di_fiber *fiber;
	int word; /* whose only order is that of the resumes */
	int done;
} letter;

static void *write_letter(void *data)
{
	di_fiber_resume(letter.fiber);
	letter.word = 42;
	di_fiber_resume(letter.fiber);
	__atomic_store_n(&letter.done, 1, __ATOMIC_RELAXED);
	return data;
}

static void *read_letter(void *data)
{
	(void)data;
	expect_ok(di_fiber_suspend(&error));
	ck_assert_int_eq(letter.word, 42);
	return NULL;
}

/* ThreadSanitizer tells if it is not. */
START_TEST(what_came_before_a_resume_that_found_another_one_kept_is_seen)
{
	pthread_t thread;

	fibers = di_fiber_scheduler_new(NULL, &error);
	letter.fiber = spawn(read_letter, NULL);
	thread = thread_start(write_letter, NULL, 0);
	while (!__atomic_load_n(&letter.done, __ATOMIC_RELAXED))
		sched_yield();
	join(letter.fiber);
	thread_join(thread);
	expect_ok(di_fiber_scheduler_free(fibers, &error));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/threads");
	TCase *threads = tcase_create("threads");

	tcase_set_timeout(threads, 300);
	tcase_add_checked_fixture(threads, setup, teardown);
	tcase_add_test(threads, fibers_of_many_threads_share_contexts);
	tcase_add_test(threads, fibers_wake_each_other_across_threads);
	tcase_add_test(threads, a_scheduler_may_be_freed_as_soon_as_its_last_fiber_has_ended);
	tcase_add_test(threads, what_came_before_a_resume_that_found_another_one_kept_is_seen);
	suite_add_tcase(all, threads);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
