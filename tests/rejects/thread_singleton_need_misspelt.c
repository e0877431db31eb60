/* expect-gcc: error: 'notes_cache__table' .aka 'struct notes__rows'. has no member named 'notes_timr'; did you mean 'notes_timer'\? */
/* expect-clang: error: no member named 'notes_timr' in 'notes__rows' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, struct clock *clock);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(thread_singleton, notes_timer, struct clock, (clock_new), clock_free) \
	X(thread_singleton, notes_cache, struct cache, (cache_of, notes_timr), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
