/* expect-gcc: error: passing argument 2 of 'cache_edit' discards 'const' qualifier */
/* expect-clang: error: passing 'notes_config__type \*' .aka 'const struct config \*'. to parameter of type 'struct config \*' discards qualifiers */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_edit(struct cache **out, struct config *config);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_edit, notes_config), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
