/* SPDX-License-Identifier: MIT */
#include "tests/support/due.h"

#include "tests/support/threads.h"

#include <check.h>
#include <errno.h>
#include <stdlib.h>

enum {
	THREADS_MAX = 8,
	DUE_MAX = 8192,
	ALIVE = 0x600d,
	DEAD = 0xdead
};

struct due {
	struct di_call *call;
	due_complete_fn *complete;
	struct value *value;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t added = PTHREAD_COND_INITIALIZER;
static struct due due[DUE_MAX];
static int due_count, over;
static pthread_t threads[THREADS_MAX];
static int threads_count;
static atomic_int alive, faults;

void due_expect(int holds)
{
	if (!holds)
		atomic_fetch_add(&faults, 1);
}

void value_expect(const struct value *value)
{
	due_expect(atomic_load(&value->state) == ALIVE);
}

struct value *value_new(void)
{
	struct value *value = malloc(sizeof(*value));

	if (value == NULL)
		abort();
	atomic_init(&value->state, ALIVE);
	atomic_fetch_add(&alive, 1);
	return value;
}

int value_end(struct value *value)
{
	due_expect(atomic_exchange(&value->state, DEAD) == ALIVE);
	atomic_fetch_sub(&alive, 1);
	free(value);
	return 0;
}

int value_end_later(struct di_call *call, struct value *value)
{
	return due_add(call, NULL, value);
}

int due_add(struct di_call *call, due_complete_fn *complete, struct value *value)
{
	pthread_mutex_lock(&lock);
	if (due_count == DUE_MAX)
		abort();
	due[due_count++] = (struct due){ call, complete, value };
	pthread_cond_signal(&added);
	pthread_mutex_unlock(&lock);
	return DI_PENDING;
}

static int take(struct due *one, uint64_t *seed)
{
	int there, at;

	pthread_mutex_lock(&lock);
	while (due_count == 0 && !over)
		pthread_cond_wait(&added, &lock);
	there = due_count > 0;
	if (there) {
		at = (int)(random_next(seed) % (uint32_t)due_count);
		*one = due[at];
		due[at] = due[--due_count];
	}
	pthread_mutex_unlock(&lock);
	return there;
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

void due_begin(int count)
{
	over = 0;
	for (threads_count = 0; threads_count < count; threads_count++)
		threads[threads_count] =
			thread_start(complete, (void *)(uintptr_t)(threads_count + 1), 0);
}

void due_end(void)
{
	pthread_mutex_lock(&lock);
	over = 1;
	pthread_cond_broadcast(&added);
	pthread_mutex_unlock(&lock);
	while (threads_count > 0)
		thread_join(threads[--threads_count]);
	ck_assert_int_eq(atomic_load(&faults), 0);
	ck_assert_int_eq(atomic_load(&alive), 0);
}
