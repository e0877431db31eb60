/* expect-gcc: error: 'notes_config__type' .aka 'const struct config'. has no member named 'prot'; did you mean 'port'\? */
/* expect-clang: error: no member named 'prot' in 'struct config' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_new, DI_FIELD(notes_config, prot)), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
