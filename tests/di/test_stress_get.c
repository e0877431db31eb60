/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Threads that ask, let go and close, and threads that complete what was begun, in any order.
 */
enum {
	ASKERS = 3,
	COMPLETERS = 2,
	GETS = 4,
	DUE_MAX = 8192,
	ALIVE = 0x600d,
	DEAD = 0xdead
};

struct value {
	atomic_int state;
};

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_base,    struct value, (base_new),              value_end_later) \
	X(async_resource,         app_store,   struct value, (store_new, app_base),   value_end_later) \
	X(singleton,              app_index,   struct value, (index_new, app_store),  value_end) \
	X(async_context_resource, app_session, struct value, (session_new, app_store, app_index), value_end_later, request) \
	X(async_factory,          app_query,   struct value, (query_new, app_session), value_end) \
	X(context_resource,       app_page,    struct value, (page_new, app_query, app_session), value_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

/* ---- What is due: completed by any thread. ---- */

typedef enum di_status complete_fn(struct di_call *call, int status, struct value *value);

struct due {
	struct di_call *call;
	complete_fn *complete; /* NULL: it ends */
	struct value *value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct due due[DUE_MAX];
static int due_count, over;
static atomic_int alive, faults, asked, called, let_go, closed, opened;

static void expect(int holds)
{
	if (!holds)
		atomic_fetch_add(&faults, 1);
}

static int add(struct di_call *call, complete_fn *complete, struct value *value)
{
	pthread_mutex_lock(&lock);
	if (due_count == DUE_MAX)
		abort();
	due[due_count++] = (struct due){ call, complete, value };
	pthread_cond_signal(&changed);
	pthread_mutex_unlock(&lock);
	return DI_PENDING;
}

static int take(struct due *one, uint64_t *seed)
{
	int there, at;

	pthread_mutex_lock(&lock);
	while (due_count == 0 && !over)
		pthread_cond_wait(&changed, &lock);
	there = due_count > 0;
	if (there) {
		at = (int)(random_next(seed) % (uint32_t)due_count);
		*one = due[at];
		due[at] = due[--due_count];
	}
	pthread_mutex_unlock(&lock);
	return there;
}

static struct value *value_new(void)
{
	struct value *value = malloc(sizeof(*value));

	atomic_init(&value->state, ALIVE);
	atomic_fetch_add(&alive, 1);
	return value;
}

static int value_end(struct value *value)
{
	expect(atomic_exchange(&value->state, DEAD) == ALIVE);
	atomic_fetch_sub(&alive, 1);
	free(value);
	return 0;
}

static int value_end_later(struct di_call *call, struct value *value)
{
	return add(call, NULL, value);
}

static void *complete(void *data)
{
	uint64_t seed = (uint64_t)(uintptr_t)data;
	struct due one;

	while (take(&one, &seed)) {
		if (one.complete == NULL)
			di_call_end(one.call, value_end(one.value));
		else if (random_next(&seed) % 16 == 0)
			one.complete(one.call, EIO, NULL);
		else
			one.complete(one.call, 0, value_new());
	}
	return NULL;
}

static void need(const struct value *value)
{
	expect(atomic_load(&value->state) == ALIVE);
}

static int base_new(struct di_call *call)
{
	return add(call, app_base_complete, NULL);
}

static int store_new(struct di_call *call, struct value *base)
{
	need(base);
	return add(call, app_store_complete, NULL);
}

static int index_new(struct value **out, struct value *store)
{
	need(store);
	*out = value_new();
	return 0;
}

static int session_new(struct di_call *call, struct value *store, struct value *index)
{
	need(store);
	need(index);
	if (((uintptr_t)call >> 5) % 3 != 0)
		return add(call, app_session_complete, NULL);
	app_session_complete(call, 0, value_new());
	return DI_PENDING;
}

static int query_new(struct di_call *call, struct value *session)
{
	need(session);
	if (((uintptr_t)call >> 5) % 2 != 0)
		return add(call, app_query_complete, NULL);
	app_query_complete(call, 0, value_new());
	return DI_PENDING;
}

static int page_new(struct value **out, struct value *query, struct value *session)
{
	need(query);
	need(session);
	*out = value_new();
	return 0;
}

DI_CONTAINER_DEFINE(app, APP);

/* ---- Asking. ---- */

static void note(void)
{
	pthread_mutex_lock(&lock);
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
}

static void take_answer(void *data, void *value, const struct di_error *failure)
{
	expect((value != NULL) == (failure == NULL));
	expect(atomic_fetch_add((atomic_int *)data, 1) == 0);
	atomic_fetch_add(&called, 1);
	note();
}

static void take_closed(void *data, enum di_status status, const struct di_error *failure)
{
	(void)data;
	expect(status == DI_OK && failure == NULL);
	atomic_fetch_add(&closed, 1);
	note();
}

static void let_one_go(struct di_get get, atomic_int *times, uint32_t how)
{
	if (how == 0 && di_get_detach(get)) {
		atomic_fetch_add(&let_go, 1);
		expect(atomic_fetch_add(times, 1) == 0);
	} else if (how == 1) {
		di_get_expire(get);
	} else if (how == 2) {
		di_get_cancel(get);
	}
}

static atomic_int *all_times;
static int rounds;

static void ask(int number, void *data)
{
	static const struct di_provider *const rows[] = { &app_base,    &app_store, &app_index,
							  &app_session, &app_query, &app_page };
	uint64_t seed = (uint64_t)number + 1;
	int round, i;

	(void)data;
	for (round = 0; round < rounds; round++) {
		struct di_context *request = di_context_open(root, &di_scope_request, NULL);
		struct di_get gets[GETS];
		atomic_int *times = &all_times[(number * rounds + round) * GETS];

		atomic_fetch_add(&opened, 1);
		for (i = 0; i < GETS; i++) {
			gets[i] = di_get_async(request, rows[random_next(&seed) % 6], take_answer,
					       &times[i], NULL);
			atomic_fetch_add(&asked, gets[i].number != 0);
		}
		for (i = 0; i < GETS; i++)
			let_one_go(gets[i], &times[i], random_next(&seed) % 8);
		if (app_session_get(request, NULL) == NULL)
			app_page_get(request, NULL);
		expect(di_context_close_async(request, DI_DONE, take_closed, NULL, NULL) == DI_OK);
	}
}

static void wait_for_all(void)
{
	pthread_mutex_lock(&lock);
	while (atomic_load(&called) + atomic_load(&let_go) < atomic_load(&asked) ||
	       atomic_load(&closed) < atomic_load(&opened))
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
}

static struct latch freed = LATCH_INIT;

static void take_freed(void *data, enum di_status status, const struct di_error *failure)
{
	(void)data;
	(void)failure;
	expect(status == DI_OK);
	latch_open(&freed);
}

START_TEST(every_get_calls_back_once_or_is_let_go_and_everything_ends)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	pthread_t threads[COMPLETERS];
	struct di_container *own = di_container_new(&app, &options, &error);
	int i;

	watchdog(200);
	rounds = di_check_quick() ? 200 : 2000;
	all_times = calloc((size_t)(ASKERS * rounds * GETS), sizeof(*all_times));
	root = di_container_root(own);
	for (i = 0; i < COMPLETERS; i++)
		threads[i] = thread_start(complete, (void *)(uintptr_t)(i + 1), 0);
	crowd_run(ASKERS, ask, NULL);
	expect_ok(di_container_free_async(own, take_freed, NULL, &error) == DI_EBUSY
			  ? (wait_for_all(), di_container_free_async(own, take_freed, NULL, &error))
			  : DI_OK);
	latch_wait(&freed);
	wait_for_all();
	pthread_mutex_lock(&lock);
	over = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	for (i = 0; i < COMPLETERS; i++)
		thread_join(threads[i]);
	free(all_times);
	ck_assert_int_eq(atomic_load(&faults), 0);
	ck_assert_int_eq(atomic_load(&alive), 0);
	ck_assert_int_gt(atomic_load(&let_go), 0);
	root = NULL;
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/stress_get");
	TCase *tcase = tcase_create("stress");

	tcase_set_timeout(tcase, 200);
	tcase_add_test(tcase, every_get_calls_back_once_or_is_let_go_and_everything_ends);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
