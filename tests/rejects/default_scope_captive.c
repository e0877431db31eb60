/* expect: error: static.assert.*"notes_cache would outlive notes_session, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, struct session *session);

#define notes_DEFAULT_SCOPE DI_SCOPE(request)

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, notes_clock), session_end) \
	X(singleton, notes_cache, struct cache, (cache_of, notes_session), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
