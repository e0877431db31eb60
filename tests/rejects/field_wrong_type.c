/* expect-gcc: error: passing argument 2 of 'cache_new' makes integer from pointer without a cast */
/* expect-clang: error: incompatible pointer to integer conversion passing 'const char \*const' to parameter of type 'int' */
/* expect-clang: X\(singleton, notes_cache, */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_new, DI_FIELD(notes_config, db.path)), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
