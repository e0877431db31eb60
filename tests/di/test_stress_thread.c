/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Many threads make and end what is theirs, in contexts of their own and in shared ones, while
 * others come and go, reset and override the root, and free the container behind threads that end.
 * Whatever happens, each value is ended once, after what was built from it, and by its own thread
 * unless the container is freed.
 */

enum {
	THREADS = 8,
	STEPS = 400,
	ROUNDS = 10
};

struct node {
	atomic_int users; /* alive, and built from it */
	struct node *need;
	pthread_t thread;
};

static atomic_int alive, faults, freeing, made, refused, resets;

static int node_new(struct node **out, struct node *need)
{
	if (rand() % 16 == 0)
		return EAGAIN;
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return ENOMEM;
	(*out)->need = need;
	(*out)->thread = pthread_self();
	atomic_fetch_add(&alive, 1);
	atomic_fetch_add(&made, 1);
	if (need != NULL)
		atomic_fetch_add(&need->users, 1);
	sched_yield();
	return 0;
}

static int pool_new(struct node **out)
{
	return node_new(out, NULL);
}

static void node_end(struct node *node)
{
	atomic_fetch_add(&faults, atomic_load(&node->users) != 0);
	if (node->need != NULL)
		atomic_fetch_sub(&node->need->users, 1);
	atomic_fetch_sub(&alive, 1);
	free(node);
}

static void own_end(struct node *node)
{
	atomic_fetch_add(&faults,
			 !atomic_load(&freeing) && !pthread_equal(node->thread, pthread_self()));
	node_end(node);
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct node, (pool_new),              node_end) \
	X(singleton,        app_aside,   struct node, (pool_new),              node_end) \
	X(thread_singleton, app_buffer,  struct node, (node_new, app_pool),    own_end) \
	X(thread_singleton, app_cache,   struct node, (node_new, app_buffer),  own_end) \
	X(context_resource, app_session, struct node, (node_new, app_cache),   own_end, request) \
	X(context_resource, app_plain,   struct node, (node_new, app_pool),    node_end, request) \
	X(factory,          app_query,   struct node, (node_new, app_session), own_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static struct di_context *shared;

static void expect_own(const struct node *node)
{
	if (node != NULL && !pthread_equal(node->thread, pthread_self()))
		atomic_fetch_add(&faults, 1);
}

static void work_in_own_context(void)
{
	struct di_context *context = di_context_open(root, &di_scope_request, NULL);

	if (context == NULL)
		return;
	expect_own(app_session_get(context, NULL));
	app_plain_get(context, NULL);
	expect_own(app_query_get(context, NULL));
	if (rand() % 2)
		di_reset(context, &app_session, NULL);
	expect_own(app_session_get(context, NULL));
	if (di_context_close(context, DI_DONE, NULL) != DI_OK)
		atomic_fetch_add(&faults, 1);
}

static void step(void)
{
	struct di_error err = { 0 };

	switch (rand() % 9) {
	case 0:
		expect_own(app_buffer_get(root, NULL));
		break;
	case 1:
		expect_own(app_cache_get(shared, NULL));
		break;
	case 2:
		expect_own(app_session_get(shared, &err));
		atomic_fetch_add(&refused, err.status == DI_ETHREAD);
		break;
	case 3:
		di_thread_end(container, NULL);
		break;
	case 4:
		atomic_fetch_add(&resets, di_reset(root, rand() % 2 ? &app_buffer : &app_pool,
						   NULL) == DI_OK);
		break;
	case 5:
		di_reset(shared, &app_session, NULL);
		break;
	case 6:
		app_aside_get(root, NULL);
		atomic_fetch_add(&resets, di_reset(root, &app_aside, NULL) == DI_OK);
		break;
	default:
		work_in_own_context();
		break;
	}
}

static void run_steps(int number, void *data)
{
	int i;

	(void)number;
	(void)data;
	for (i = 0; i < STEPS; i++)
		step();
}

static void begin(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(300);
	atomic_store(&alive, 0);
	atomic_store(&faults, 0);
	atomic_store(&freeing, 0);
	container_begin(&app, &options);
	shared = open_in(root, &di_scope_request);
}

static void end(void)
{
	container_end();
	watchdog(0);
}

START_TEST(whatever_threads_do_all_is_made_and_ended_by_its_own)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		crowd_run(THREADS, run_steps, NULL);
	ck_assert_int_gt(atomic_load(&made), 1000);
	ck_assert_int_gt(atomic_load(&resets), 0);
	ck_assert_int_gt(atomic_load(&refused), 0);
	ck_assert_uint_eq(di_thread_count(container), 0);
	ck_assert_int_eq(atomic_load(&faults), 0);
	/* No thread that held something in it is there any more. */
	close_as(shared, DI_DONE);
	atomic_store(&freeing, 1);
	container_free_expect(DI_OK);
	ck_assert_int_eq(atomic_load(&faults), 0);
	ck_assert_int_eq(atomic_load(&alive), 0);
}
END_TEST

struct leaver {
	atomic_int left;
	pthread_t threads[THREADS];
};

static void *get_and_leave(void *data)
{
	struct leaver *leaver = data;

	while (app_cache_get(root, NULL) == NULL)
		;
	app_session_get(shared, NULL);
	atomic_fetch_add(&leaver->left, 1);
	return NULL;
}

/* Who frees knows that they need it no more, not that they have ended. */
START_TEST(threads_may_end_while_the_container_is_freed)
{
	struct leaver leaver;
	struct di_container *freed;
	int i;

	for (i = 0; i < 20; i++) {
		enum di_status status;
		int k;

		if (i > 0)
			begin();
		freed = container;
		atomic_store(&leaver.left, 0);
		for (k = 0; k < THREADS; k++)
			leaver.threads[k] = thread_start(get_and_leave, &leaver, 0);
		while (atomic_load(&leaver.left) < THREADS)
			sched_yield();
		atomic_store(&freeing, 1);
		while ((status = di_container_free(freed, NULL)) == DI_EBUSY)
			sched_yield();
		container = NULL;
		ck_assert_int_eq(status, DI_EOPEN);
		ck_assert_int_eq(atomic_load(&alive), 0);
		for (k = 0; k < THREADS; k++)
			thread_join(leaver.threads[k]);
		ck_assert_int_eq(atomic_load(&faults), 0);
		ck_assert_int_eq(atomic_load(&alive), 0);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress_thread");
	TCase *tcase = tcase_create("stress");

	tcase_set_timeout(tcase, 300);
	tcase_add_checked_fixture(tcase, begin, end);
	tcase_add_test(tcase, whatever_threads_do_all_is_made_and_ended_by_its_own);
	tcase_add_test(tcase, threads_may_end_while_the_container_is_freed);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
