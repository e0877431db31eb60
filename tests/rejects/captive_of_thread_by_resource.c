/* expect: error: static.assert.*"notes_cache would outlive notes_timer, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, struct clock *clock);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(thread_singleton, notes_timer, struct clock, (clock_new), clock_free) \
	X(resource, notes_cache, struct cache, (cache_of, notes_timer), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
