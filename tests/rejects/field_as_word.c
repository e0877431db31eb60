/* expect-gcc: error: 'struct di__use_DI_FIELD_for_members' has no member named 'port' */
/* expect-clang: error: no member named 'port' in 'di__use_DI_FIELD_for_members' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_new, notes_config.port), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
