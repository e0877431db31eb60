/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Containers that are freed as soon as that is not refused, while other threads complete what was
 * begun in them: each lives for one round.
 */
enum {
	COMPLETERS = 2,
	DUE_MAX = 256,
	GETS = 4,
	CALLS = 3,
	ALIVE = 0x600d,
	DEAD = 0xdead
};

struct value {
	atomic_int state;
};

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_base,    struct value, (base_new),            value_end) \
	X(async_factory,          app_query,   struct value, (query_new, app_base), value_end) \
	X(async_context_resource, app_session, struct value, (session_new, app_base), value_end, request) \
	X(async_context_resource, app_stream,  struct value, (stream_new, app_base), value_end_later, request)
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
static atomic_int alive, faults, asked, told;

static void expect(int holds)
{
	if (!holds)
		atomic_fetch_add(&faults, 1);
}

static int add_due(struct di_call *call, complete_fn *complete, struct value *value)
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
	return add_due(call, NULL, value);
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

static int base_new(struct di_call *call)
{
	return add_due(call, app_base_complete, NULL);
}

static int query_new(struct di_call *call, struct value *base)
{
	expect(atomic_load(&base->state) == ALIVE);
	return add_due(call, app_query_complete, NULL);
}

static int session_new(struct di_call *call, struct value *base)
{
	expect(atomic_load(&base->state) == ALIVE);
	return add_due(call, app_session_complete, NULL);
}

static int stream_new(struct di_call *call, struct value *base)
{
	expect(atomic_load(&base->state) == ALIVE);
	return add_due(call, app_stream_complete, NULL);
}

DI_CONTAINER_DEFINE(app, APP);

/* ---- Handlers, whose needs are theirs until they return. ---- */

static void look(struct value *first, struct value *second)
{
	int i;

	for (i = 0; i < 3; i++) {
		expect(atomic_load(&first->state) == ALIVE);
		expect(atomic_load(&second->state) == ALIVE);
		sched_yield();
	}
}

static void look_again(struct value *base)
{
	look(base, base);
}

DI_HANDLER_ASYNC(looked, void, (), (look_again, app_base));
DI_HANDLER_ASYNC_IN(request, served, void, (), (look, app_session, app_base));
DI_HANDLER_ASYNC_IN(request, streamed, void, (), (look, app_stream, app_base));

/* ---- Rounds. ---- */

static void tell(void *data)
{
	expect(atomic_fetch_add((atomic_int *)data, 1) == 0);
	atomic_fetch_add(&told, 1);
}

static void take_answer(void *data, void *value, const struct di_error *failure)
{
	expect((value != NULL) == (failure == NULL));
	tell(data);
}

static void take_done(void *data, enum di_status status, const struct di_error *failure)
{
	expect((status == DI_OK) == (failure == NULL));
	tell(data);
}

struct round {
	struct di_container *container;
	struct di_context *root;
	uint64_t seed;
	atomic_int times[GETS + 2 * CALLS];
};

/* Some are let go, and whether they were is not known to who frees. */
static void get_some(struct round *round)
{
	static const struct di_provider *const rows[] = { &app_base, &app_query };
	int i;

	for (i = 0; i < GETS; i++) {
		struct di_get get = di_get_async(round->root, rows[random_next(&round->seed) % 2],
						 take_answer, &round->times[i], NULL);

		expect(get.number != 0);
		if (random_next(&round->seed) % 2 == 0 && di_get_detach(get))
			expect(atomic_fetch_add(&round->times[i], 1) == 0);
		else
			atomic_fetch_add(&asked, 1);
	}
}

static void call_some(struct round *round)
{
	atomic_int *times = &round->times[GETS];
	int i;

	for (i = 0; i < CALLS; i++) {
		uint32_t which = random_next(&round->seed) % 3;

		expect((which == 0   ? looked(round->root, take_done, &times[i], NULL)
			: which == 1 ? served(round->root, take_done, &times[i], NULL)
				     : streamed(round->root, take_done, &times[i], NULL)) == DI_OK);
		atomic_fetch_add(&asked, 1);
	}
}

static void forget(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	(void)value;
	(void)failure;
}

static void close_some(struct round *round)
{
	atomic_int *times = &round->times[GETS + CALLS];
	int i;

	for (i = 0; i < CALLS; i++) {
		struct di_context *request = di_context_open(round->root, &di_scope_request, NULL);

		di_get_detach(di_get_async(request, &app_stream, forget, NULL, NULL));
		expect(di_context_close_async(request, DI_DONE, take_done, &times[i], NULL) ==
		       DI_OK);
		atomic_fetch_add(&asked, 1);
	}
}

static void free_at_last(struct di_container *own)
{
	while (di_container_free(own, NULL) == DI_EBUSY)
		sched_yield();
}

static struct latch freed;

static void take_freed(void *data, enum di_status status, const struct di_error *failure)
{
	(void)data;
	(void)failure;
	expect(status == DI_OK || status == DI_EOPEN);
	latch_open(&freed);
}

static void free_async_at_last(struct di_container *own)
{
	latch_init(&freed);
	while (di_container_free_async(own, take_freed, NULL, NULL) == DI_EBUSY)
		sched_yield();
	latch_wait(&freed);
}

typedef void begin_fn(struct round *round);
typedef void free_fn(struct di_container *own);

static void run_round(int number, begin_fn *begin, free_fn *end)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct round round = { .seed = (uint64_t)number + 1 };

	round.container = di_container_new(&app, &options, NULL);
	round.root = di_container_root(round.container);
	atomic_store(&asked, 0);
	atomic_store(&told, 0);
	begin(&round);
	end(round.container);
	while (atomic_load(&told) < atomic_load(&asked))
		sched_yield();
}

static void run_rounds(int count, begin_fn *begin, free_fn *end)
{
	pthread_t threads[COMPLETERS];
	int i;

	watchdog(200);
	over = 0;
	for (i = 0; i < COMPLETERS; i++)
		threads[i] = thread_start(complete, (void *)(uintptr_t)(i + 1), 0);
	for (i = 0; i < count; i++)
		run_round(i, begin, end);
	pthread_mutex_lock(&lock);
	over = 1;
	pthread_cond_broadcast(&changed);
	pthread_mutex_unlock(&lock);
	for (i = 0; i < COMPLETERS; i++)
		thread_join(threads[i]);
	ck_assert_int_eq(atomic_load(&faults), 0);
	ck_assert_int_eq(atomic_load(&alive), 0);
}

static int rounds(void)
{
	return di_check_quick() ? 200 : 2000;
}

START_TEST(a_container_is_freed_once_its_gets_are_over)
{
	run_rounds(rounds(), get_some, free_at_last);
}
END_TEST

START_TEST(a_container_is_freed_whatever_of_its_gets_is_under_way)
{
	run_rounds(rounds(), get_some, free_async_at_last);
}
END_TEST

START_TEST(a_container_is_freed_whatever_its_handlers_are_at)
{
	run_rounds(rounds(), call_some, free_async_at_last);
}
END_TEST

START_TEST(a_container_is_freed_once_its_closes_are_over)
{
	run_rounds(rounds(), close_some, free_async_at_last);
}
END_TEST

static void add(Suite *all, const char *name, const TTest *test)
{
	TCase *tcase = tcase_create(name);

	tcase_set_timeout(tcase, 200);
	tcase_add_test(tcase, test);
	suite_add_tcase(all, tcase);
}

static Suite *suite(void)
{
	Suite *all = suite_create("di/stress_free");

	add(all, "gets", a_container_is_freed_once_its_gets_are_over);
	add(all, "gets under way", a_container_is_freed_whatever_of_its_gets_is_under_way);
	add(all, "handlers", a_container_is_freed_whatever_its_handlers_are_at);
	add(all, "closes", a_container_is_freed_once_its_closes_are_over);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
