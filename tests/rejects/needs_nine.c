/* expect: error: static.assert.*"notes_cache has more than 8 needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_mix(struct cache **out, struct clock *a, struct clock *b, struct clock *c, struct clock *d,
	      struct clock *e, struct clock *f, struct clock *g, struct clock *h, struct clock *i);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_mix, notes_clock, notes_clock, notes_clock, notes_clock, notes_clock, notes_clock, notes_clock, notes_clock, notes_clock), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
