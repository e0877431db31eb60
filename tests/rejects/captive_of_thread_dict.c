/* expect: error: static.assert.*"notes_cache would outlive notes_all, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_DICT_TYPE(clocks, struct clock);
int hold(struct cache **out, const struct clocks *clocks);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(thread_singleton, notes_timer, struct clock, (clock_new), clock_free) \
	X(dict, notes_all, struct clocks, ("all", notes_clock), ("own", notes_timer)) \
	X(singleton, notes_cache, struct cache, (hold, notes_all), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
