/* expect: error: static.assert.*"notes_cache must be listed after notes_cache, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_copy(struct cache **out, struct cache *other);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_copy, notes_cache), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
