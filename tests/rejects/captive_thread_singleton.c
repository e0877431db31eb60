/* expect: error: static.assert.*"notes_cache would outlive notes_session, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, struct session *session);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(thread_singleton, notes_cache, struct cache, (cache_of, notes_session), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
