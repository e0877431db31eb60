/* expect-gcc: error: initialization discards 'const' qualifier */
/* expect-gcc: \| .*X\(singleton, notes_cache, */
/* expect-clang: error: initializing 'notes_cache__type \*' .aka 'struct cache \*'. with an expression of type 'const struct cache \*' discards qualifiers */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const struct cache *cache_shared(void);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, DI_RETURNS(cache_shared), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
