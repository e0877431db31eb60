/* SPDX-License-Identifier: MIT */
#include "tests/support/due.h"
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <sched.h>
#include <stdlib.h>

/*
 * Threads that ask, reset, drop, capture and close, each in contexts of its own below one that they
 * share, with callbacks on whatever thread: where something completes, or on an executor.
 */
enum {
	ACTORS = 3,
	COMPLETERS = 2,
	GETS = 4,
	DEPTH = 3
};

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_base,    struct value, (base_new),              value_end) \
	X(async_factory,          app_query,   struct value, (query_new, app_base),   value_end_later) \
	X(async_context_resource, app_session, struct value, (session_new, app_base), value_end_later, request) \
	X(thread_singleton,       app_view,    struct value, (view_new, app_base),    value_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

DUE(base, app_base)
DUE_OF_1(query, app_query)
DUE_OF_1(session, app_session)

static int view_new(struct value **out, struct value *base)
{
	value_expect(base);
	*out = value_new();
	return 0;
}

DI_CONTAINER_DEFINE(app, APP);

static atomic_int begun, told;
static struct di_context *shared;

/* ---- An executor, and work for whoever comes by. ---- */

struct job {
	struct job *next;
	struct di_capture *capture;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct di_task *tasks;
static struct job *jobs;
static int over;

static void post(struct di_executor *executor, struct di_task *task)
{
	(void)executor;
	pthread_mutex_lock(&lock);
	task->next = tasks;
	tasks = task;
	pthread_mutex_unlock(&lock);
}

static struct di_executor pool = { post };

static void forget(void *data, void *value, const struct di_error *failure)
{
	due_expect((value != NULL) == (failure == NULL));
	(void)data;
	atomic_fetch_add(&told, 1);
}

/* Whether it is open still, nobody knows; but while it is entered it is not closed. */
static void look_around(void *data)
{
	struct di_context *context = di_context_current(&app);

	(void)data;
	if (di_get_async(context, &app_session, forget, NULL, NULL).number != 0)
		atomic_fetch_add(&begun, 1);
}

static void run_job(struct job *job)
{
	di_flow_run(job->capture, look_around, NULL, NULL);
	di_capture_free(job->capture);
	free(job);
	atomic_fetch_add(&told, 1);
}

static int work(void)
{
	struct di_task *task;
	struct job *job;
	int found;

	pthread_mutex_lock(&lock);
	task = tasks;
	if (task != NULL)
		tasks = task->next;
	job = jobs;
	if (job != NULL)
		jobs = job->next;
	pthread_mutex_unlock(&lock);
	found = task != NULL || job != NULL;
	if (task != NULL)
		task->run(task);
	if (job != NULL)
		run_job(job);
	return found;
}

static void *run_pool(void *data)
{
	int ended = 0;

	while (!ended || work()) {
		if (!work())
			sched_yield();
		pthread_mutex_lock(&lock);
		ended = over;
		pthread_mutex_unlock(&lock);
	}
	return data;
}

/* ---- What an actor does in its innermost context. ---- */

static void take_done(void *data, enum di_status status, const struct di_error *failure)
{
	(void)data;
	due_expect(status == DI_OK && failure == NULL);
	atomic_fetch_add(&told, 1);
}

/* Ends what it was given at once, on whatever thread. */
static void take_query(void *data, void *value, const struct di_error *failure)
{
	due_expect((value != NULL) == (failure == NULL));
	if (value != NULL) {
		value_expect(value);
		due_expect(di_context_drop_async(data, &app_query, value, take_done, NULL, NULL) ==
			   DI_OK);
		atomic_fetch_add(&begun, 1);
	}
	atomic_fetch_add(&told, 1);
}

static void get_one(struct di_context *context, uint64_t *seed)
{
	uint32_t which = random_next(seed) % 4;
	struct di_get get;

	di_flow_set_executor(NULL, random_next(seed) % 2 == 0 ? &pool : NULL);
	get = which == 0   ? di_get_async(shared, &app_query, take_query, shared, NULL)
	      : which == 1 ? di_get_async(context, &app_view, forget, NULL, NULL)
	      : which == 2 ? di_get_async(context, &app_base, forget, NULL, NULL)
			   : di_get_async(context, &app_session, forget, NULL, NULL);
	due_expect(get.number != 0);
	atomic_fetch_add(&begun, 1);
	if (random_next(seed) % 8 == 0 && di_get_detach(get))
		atomic_fetch_add(&told, 1);
	else if (random_next(seed) % 8 == 0)
		di_get_cancel(get);
	di_flow_set_executor(NULL, NULL);
}

static void reset_one(struct di_context *context)
{
	if (di_reset_async(context, &app_session, take_done, NULL, NULL) == DI_OK)
		atomic_fetch_add(&begun, 1);
}

static void capture_one(struct di_context *context)
{
	struct job *job = malloc(sizeof(*job));

	if (job == NULL || di_context_enter(context, NULL) != DI_OK)
		abort();
	job->capture = di_flow_capture_contexts(NULL);
	due_expect(di_context_leave(context, NULL) == DI_OK);
	atomic_fetch_add(&begun, 1);
	pthread_mutex_lock(&lock);
	job->next = jobs;
	jobs = job;
	pthread_mutex_unlock(&lock);
}

/* While others have entered it, or what it holds is being reset, it cannot be closed. */
static void close_at_last(struct di_context *context)
{
	while (di_context_close_async(context, DI_DONE, take_done, NULL, NULL) != DI_OK)
		sched_yield();
	atomic_fetch_add(&begun, 1);
}

static void act_in(struct di_context *context, uint64_t *seed)
{
	int i;

	for (i = 0; i < GETS; i++)
		get_one(context, seed);
	if (random_next(seed) % 4 == 0)
		capture_one(context);
	if (random_next(seed) % 4 == 0)
		reset_one(context);
}

/* One in the other, and then from the innermost out. What is being reset takes none. */
static void act_once(uint64_t *seed)
{
	struct di_context *open[DEPTH + 1] = { shared };
	int depth = 0, most = 1 + (int)(random_next(seed) % DEPTH);

	while (depth < most) {
		struct di_context *context = di_context_open(open[depth], &di_scope_request, NULL);

		if (context == NULL)
			break;
		open[++depth] = context;
		act_in(context, seed);
	}
	for (; depth > 0; depth--)
		close_at_last(open[depth]);
}

static int rounds;

static void act(int number, void *data)
{
	uint64_t seed = (uint64_t)number + 1;
	int round;

	(void)data;
	for (round = 0; round < rounds; round++) {
		act_once(&seed);
		if (random_next(&seed) % 8 == 0)
			di_thread_end(container, NULL);
	}
}

static struct latch freed = LATCH_INIT;

static void take_freed(void *data, enum di_status status, const struct di_error *failure)
{
	(void)data;
	(void)failure;
	due_expect(status == DI_OK);
	latch_open(&freed);
}

START_TEST(all_that_is_begun_ends_whatever_is_done_meanwhile)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	pthread_t runner;

	watchdog(200);
	rounds = di_check_quick() ? 100 : 1000;
	over = 0;
	container = di_container_new(&app, &options, &error);
	shared = open_in(di_container_root(container), &di_scope_request);
	due_begin(COMPLETERS);
	runner = thread_start(run_pool, NULL, 0);
	crowd_run(ACTORS, act, NULL);
	while (atomic_load(&told) < atomic_load(&begun))
		sched_yield();
	close_at_last(shared);
	while (di_container_free_async(container, take_freed, NULL, NULL) == DI_EBUSY)
		sched_yield();
	container = NULL;
	latch_wait(&freed);
	pthread_mutex_lock(&lock);
	over = 1;
	pthread_mutex_unlock(&lock);
	thread_join(runner);
	due_end();
	ck_assert_int_eq(atomic_load(&told), atomic_load(&begun));
	watchdog(0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress_async");
	TCase *tcase = di_check_case(all, "stress", NULL, NULL);

	tcase_set_timeout(tcase, 200);
	tcase_add_test(tcase, all_that_is_begun_ends_whatever_is_done_meanwhile);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
