/* expect: error: static.assert.*"notes_cache must be listed after notes_pages, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_open(struct cache **out, struct clock *clock);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_open, notes_pages), cache_free) \
	X(singleton, notes_pages, struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
