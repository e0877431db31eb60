/* SPDX-License-Identifier: MIT */
#include "bench/support/parts.h"

#include <apr_general.h>
#include <apr_pools.h>
#include <stdlib.h>

/*
 * Contexts against APR's pools: what is allocated from a pool ends with it, and what is registered
 * for that is called.
 */

#define POOLS "APR"
#define POOLS_AGAINST "APR pools"
#define pool_type apr_pool_t

static apr_status_t destroy(void *part)
{
	part_end(part);
	return APR_SUCCESS;
}

static apr_pool_t *pool_open(apr_pool_t *parent)
{
	apr_pool_t *pool;

	if (apr_pool_create(&pool, parent) != APR_SUCCESS)
		abort();
	return pool;
}

static void pool_close(apr_pool_t *pool)
{
	apr_pool_destroy(pool);
}

static struct part *pool_make(apr_pool_t *pool, struct part *needs)
{
	struct part *part = apr_palloc(pool, sizeof(*part));

	if (part == NULL || part_init_for(part, needs) != 0)
		abort();
	apr_pool_cleanup_register(pool, part, destroy, apr_pool_cleanup_null);
	return part;
}

#include "bench/support/pools.h"

int main(int argc, char **argv)
{
	int status;

	bench_must(apr_initialize() == APR_SUCCESS, "APR cannot be used");
	status = pools_main(argc, argv, pool_open(NULL));
	apr_terminate();
	return status;
}
