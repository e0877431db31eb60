/* expect: error: static.assert.*"notes_cache would outlive notes_all, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LIST_TYPE(queries, struct query);
int hold(struct cache **out, const struct queries *queries);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(factory, notes_query, struct query, DI_RETURNS(query_make, notes_session), query_free) \
	X(list, notes_all, struct queries, notes_query) \
	X(singleton, notes_cache, struct cache, (hold, notes_all), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
