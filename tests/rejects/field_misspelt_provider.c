/* expect-gcc: error: 'notes_cache__table' .aka 'struct notes__rows'. has no member named 'notes_confg'; did you mean 'notes_config'\? */
/* expect-clang: error: no member named 'notes_confg' in 'notes__rows' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_new, DI_FIELD(notes_confg, port)), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
