/* expect: error: static.assert.*"notes_cache would outlive pool_timer, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, struct clock *clock);

/* clang-format off */
#define POOL(X) X(thread_singleton, pool_timer, struct clock, (clock_new), clock_free)
/* clang-format on */
DI_CONTAINER_DECLARE(pool, POOL);

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_cache, struct cache, (cache_of, pool_timer), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, pool);
DI_CONTAINER_DEFINE(notes, NOTES);
