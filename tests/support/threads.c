/* SPDX-License-Identifier: MIT */
#include "tests/support/threads.h"

#include <check.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	CROWD_MAX = 64
};

struct crowd {
	pthread_barrier_t begin;
	crowd_fn *function;
	void *data;
};

struct member {
	struct crowd *crowd;
	int number;
};

void latch_init(struct latch *latch)
{
	pthread_mutex_lock(&latch->mutex);
	latch->is_open = 0;
	pthread_mutex_unlock(&latch->mutex);
}

void latch_open(struct latch *latch)
{
	pthread_mutex_lock(&latch->mutex);
	latch->is_open = 1;
	pthread_cond_broadcast(&latch->opened);
	pthread_mutex_unlock(&latch->mutex);
}

void latch_wait(struct latch *latch)
{
	pthread_mutex_lock(&latch->mutex);
	while (!latch->is_open)
		pthread_cond_wait(&latch->opened, &latch->mutex);
	pthread_mutex_unlock(&latch->mutex);
}

void stop_init(struct stop *stop, int wanted)
{
	stop->wanted = wanted;
	latch_init(&stop->reached);
	latch_init(&stop->go_on);
}

void stop_here(struct stop *stop)
{
	if (!stop->wanted)
		return;
	latch_open(&stop->reached);
	latch_wait(&stop->go_on);
}

void stop_wait(struct stop *stop)
{
	latch_wait(&stop->reached);
}

void stop_let_go(struct stop *stop)
{
	latch_open(&stop->go_on);
}

pthread_t thread_start(thread_fn *function, void *data, size_t stack_size)
{
	pthread_attr_t attributes;
	pthread_t thread;

	pthread_attr_init(&attributes);
	if (stack_size > 0)
		ck_assert_int_eq(pthread_attr_setstacksize(&attributes, stack_size), 0);
	ck_assert_int_eq(pthread_create(&thread, &attributes, function, data), 0);
	pthread_attr_destroy(&attributes);
	return thread;
}

void *thread_join(pthread_t thread)
{
	void *result;

	ck_assert_int_eq(pthread_join(thread, &result), 0);
	return result;
}

static void *be_one(void *data)
{
	struct member *member = data;
	struct crowd *crowd = member->crowd;

	pthread_barrier_wait(&crowd->begin);
	crowd->function(member->number, crowd->data);
	return NULL;
}

void crowd_run(int threads, crowd_fn *function, void *data)
{
	struct crowd crowd = { .function = function, .data = data };
	struct member members[CROWD_MAX];
	pthread_t ids[CROWD_MAX];
	int i;

	ck_assert_int_le(threads, CROWD_MAX);
	pthread_barrier_init(&crowd.begin, NULL, (unsigned)threads);
	for (i = 0; i < threads; i++) {
		members[i] = (struct member){ &crowd, i };
		ids[i] = thread_start(be_one, &members[i], 0);
	}
	for (i = 0; i < threads; i++)
		thread_join(ids[i]);
	pthread_barrier_destroy(&crowd.begin);
}

uint64_t thread_cpu_ns(void)
{
	struct timespec spent;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent);
	return (uint64_t)spent.tv_sec * UINT64_C(1000000000) + (uint64_t)spent.tv_nsec;
}

void thread_burn(uint64_t ns)
{
	uint64_t begun = thread_cpu_ns();

	while (thread_cpu_ns() - begun < ns)
		continue;
}

void watchdog(unsigned seconds)
{
	alarm(seconds);
}

static void *allocate(size_t size, void *data)
{
	(void)data;
	return malloc(size);
}

static void release(void *memory, size_t size, void *data)
{
	(void)size;
	(void)data;
	free(memory);
}

const struct di_allocator threads_allocator = { allocate, release, NULL };

struct stop stop_in_allocator = STOP_INIT;

static void *allocate_with_a_stop(size_t size, void *data)
{
	/* Once: others may go on asking for memory. */
	if (stop_in_allocator.wanted) {
		stop_in_allocator.wanted = 0;
		latch_open(&stop_in_allocator.reached);
		latch_wait(&stop_in_allocator.go_on);
	}
	return allocate(size, data);
}

const struct di_allocator stopping_allocator = { allocate_with_a_stop, release, NULL };

/* xorshift64*, Vigna, "An experimental exploration of Marsaglia's xorshift generators" (2016). */
uint32_t random_next(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return (uint32_t)((*seed * UINT64_C(2685821657736338717)) >> 32);
}
