/* expect: error: static.assert.*"notes_cache would outlive notes_any, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose_session(void);
int cache_of(struct cache **out, struct session *session);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(selector, notes_any, struct session, (choose_session), ("request", notes_session)) \
	X(singleton, notes_cache, struct cache, (cache_of, notes_any), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
