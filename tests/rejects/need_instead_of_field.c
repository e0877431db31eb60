/* expect-gcc: error: passing argument 2 of 'cache_new' makes integer from pointer without a cast */
/* expect-clang: error: incompatible pointer to integer conversion passing 'notes_config__type \*' .aka 'const struct config \*'. to parameter of type 'int' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_new, notes_config), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
