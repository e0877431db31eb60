/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_UV_POOL_H
#define DI_TESTS_UV_POOL_H

/**
 * Occupies libuv's pool, so that work which is submitted then does not begin. For one source file
 * of a program, after uv_fixture.h.
 */

enum {
	POOL_THREADS = 4 /* libuv's number */
};

static int pool_count;
static struct stop pool_stops[POOL_THREADS];
static uv_work_t pool_works[POOL_THREADS];

static inline void pool_stand(uv_work_t *work)
{
	stop_here(work->data);
}

static inline void pool_stood(uv_work_t *work, int status)
{
	(void)work;
	(void)status;
}

/** Keeps all threads of the pool waiting, but for some that are occupied already. */
static inline void pool_fill(int occupied)
{
	int i;

	pool_count = POOL_THREADS - occupied;
	for (i = 0; i < pool_count; i++) {
		stop_init(&pool_stops[i], 1);
		pool_works[i].data = &pool_stops[i];
		uv_queue_work(&loop, &pool_works[i], pool_stand, pool_stood);
	}
	for (i = 0; i < pool_count; i++)
		stop_wait(&pool_stops[i]);
}

/** Lets them go on. */
static inline void pool_drain(void)
{
	int i;

	for (i = 0; i < pool_count; i++)
		stop_let_go(&pool_stops[i]);
}

#endif
