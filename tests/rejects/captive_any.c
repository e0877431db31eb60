/* expect: error: static.assert.*"notes_query would outlive notes_cache, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int query_of(struct query **out, struct cache *cache);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_cache, struct cache, (cache_new, DI_FIELD(notes_config, port)), cache_free, any) \
	X(singleton, notes_query, struct query, (query_of, notes_cache), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
