/* SPDX-License-Identifier: MIT */
#include "bench/support/parts.h"

#include <stdlib.h>
#include <talloc.h>

/*
 * Contexts against talloc's: what is allocated below another allocation ends with it, and a
 * destructor is called for each.
 */

#define POOLS "talloc"
#define POOLS_AGAINST "talloc"
#define pool_type void

static int destroy(struct part *part)
{
	part_end(part);
	return 0;
}

static void *pool_open(void *parent)
{
	return talloc_new(parent);
}

static void pool_close(void *pool)
{
	talloc_free(pool);
}

static struct part *pool_make(void *pool, struct part *needs)
{
	struct part *part = talloc(pool, struct part);

	if (part == NULL || part_init_for(part, needs) != 0)
		abort();
	talloc_set_destructor(part, destroy);
	return part;
}

#include "bench/support/pools.h"

int main(int argc, char **argv)
{
	return pools_main(argc, argv, pool_open(NULL));
}
