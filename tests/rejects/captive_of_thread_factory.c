/* expect: error: static.assert.*"notes_cache would outlive notes_lap, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int query_of(struct query **out, struct clock *clock);
int hold(struct cache **out, struct query *query);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(thread_singleton, notes_timer, struct clock, (clock_new), clock_free) \
	X(factory, notes_lap, struct query, (query_of, notes_timer), query_free) \
	X(singleton, notes_cache, struct cache, (hold, notes_lap), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
