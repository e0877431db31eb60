/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_POOLS_H
#define BENCH_SUPPORT_POOLS_H

/**
 * Contexts against another library's pools, which own what is allocated from them and call
 * something at its end. A program for one library defines these first, which are inlined:
 *
 *     #define POOLS         "talloc", for the names
 *     #define POOLS_AGAINST "talloc", what the baseline is
 *     static pool_type *pool_open(pool_type *parent);
 *     static void pool_close(pool_type *pool);
 *     static struct part *pool_make(pool_type *pool, struct part *needs);
 *
 * with `#define pool_type void` or whatever a pool is.
 */

#include "bench/support/scopes.h"

struct pools {
	struct di_context *root; /* first: see scopes.h */
	pool_type *pool;
	struct part *a;
};

static void pools_empty(size_t count, void *data)
{
	const struct pools *pools = data;

	while (count-- > 0)
		pool_close(pool_open(pools->pool));
}

static void pools_of_three(size_t count, void *data)
{
	const struct pools *pools = data;

	while (count-- > 0) {
		pool_type *pool = pool_open(pools->pool);

		bench_keep(pool_make(pool, pool_make(pool, pool_make(pool, pools->a))));
		pool_close(pool);
	}
}

static void pools_of_many(size_t count, void *data)
{
	const struct pools *pools = data;

	while (count-- > 0) {
		pool_type *pool = pool_open(pools->pool);
		int i;

		for (i = 0; i < SCOPE_MANY; i++)
			bench_keep(pool_make(pool, pools->a));
		pool_close(pool);
	}
}

/* Runs them below a pool, which is given back then. */
static int pools_main(int argc, char **argv, pool_type *pool)
{
	struct di_container *container = di_container_new(&bench, NULL, NULL);
	struct pools pools = { di_container_root(container), pool,
			       bench_a_get(di_container_root(container), NULL) };
	const struct bench benches[] = {
		{ .name = "context open and close, " POOLS,
		  .ours = scope_empty,
		  .baseline = pools_empty,
		  .against = POOLS_AGAINST,
		  .data = &pools },
		{ .name = "context of 3 parts, " POOLS,
		  .ours = scope_of_three,
		  .baseline = pools_of_three,
		  .against = POOLS_AGAINST,
		  .data = &pools },
		{ .name = "part in a context of 100, " POOLS,
		  .ours = scope_of_many,
		  .baseline = pools_of_many,
		  .against = POOLS_AGAINST,
		  .each = SCOPE_MANY,
		  .data = &pools },
	};
	int status;

	bench_must(pools.a != NULL && pool != NULL, "nothing could be set up");
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	pool_close(pool);
	di_container_free(container, NULL);
	return status;
}

#endif
