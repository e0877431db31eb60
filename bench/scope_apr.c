/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "bench/support/scopes.h"

#include <apr_general.h>
#include <apr_pools.h>
#include <stdlib.h>

/*
 * Contexts against APR's pools: what is allocated from a pool ends with it, and what is registered
 * for that is called.
 */

struct fixture {
	struct di_context *root; /* first: see scopes.h */
	apr_pool_t *pool;
	struct part *a;
};

static apr_status_t destroy(void *part)
{
	part_end(part);
	return APR_SUCCESS;
}

static apr_pool_t *open_below(const struct fixture *fixture)
{
	apr_pool_t *pool;

	if (apr_pool_create(&pool, fixture->pool) != APR_SUCCESS)
		abort();
	return pool;
}

static struct part *make_in(apr_pool_t *pool, struct part *needs)
{
	struct part *part = apr_palloc(pool, sizeof(*part));

	if (part == NULL || part_init_for(part, needs) != 0)
		abort();
	apr_pool_cleanup_register(pool, part, destroy, apr_pool_cleanup_null);
	return part;
}

static void apr_empty(size_t count, void *data)
{
	while (count-- > 0)
		apr_pool_destroy(open_below(data));
}

static void apr_of_three(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		apr_pool_t *pool = open_below(fixture);

		bench_keep(make_in(pool, make_in(pool, make_in(pool, fixture->a))));
		apr_pool_destroy(pool);
	}
}

static void apr_of_many(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		apr_pool_t *pool = open_below(fixture);
		int i;

		for (i = 0; i < SCOPE_MANY; i++)
			bench_keep(make_in(pool, fixture->a));
		apr_pool_destroy(pool);
	}
}

int main(int argc, char **argv)
{
	static struct fixture fixture;
	const struct bench benches[] = {
		{ .name = "context open and close, APR",
		  .ours = scope_empty,
		  .baseline = apr_empty,
		  .against = "APR pools",
		  .data = &fixture },
		{ .name = "context of 3 parts, APR",
		  .ours = scope_of_three,
		  .baseline = apr_of_three,
		  .against = "APR pools",
		  .data = &fixture },
		{ .name = "part in a context of 100, APR",
		  .ours = scope_of_many,
		  .baseline = apr_of_many,
		  .against = "APR pools",
		  .each = SCOPE_MANY,
		  .data = &fixture },
	};
	struct di_container *container = di_container_new(&bench, NULL, NULL);
	int status;

	fixture.root = di_container_root(container);
	fixture.a = bench_a_get(fixture.root, NULL);
	bench_must(fixture.a != NULL && apr_initialize() == APR_SUCCESS &&
			   apr_pool_create(&fixture.pool, NULL) == APR_SUCCESS,
		   "nothing could be set up");
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	apr_pool_destroy(fixture.pool);
	apr_terminate();
	di_container_free(container, NULL);
	return status;
}
