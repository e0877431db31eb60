/* expect: error: static.assert.*"notes_cache would outlive notes_query, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, struct query *query);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(factory, notes_query, struct query, DI_RETURNS(query_make, notes_session), query_free) \
	X(thread_singleton, notes_cache, struct cache, (cache_of, notes_query), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
