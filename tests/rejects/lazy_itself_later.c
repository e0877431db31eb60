/* expect: error: static.assert.*"notes_cache must be listed after notes_later, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later_store, struct store);
DI_LAZY_TYPE(later_session, struct session);
int hold(struct cache **out, const struct later_store *store);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(singleton, notes_cache, struct cache, (hold, notes_later), cache_free) \
	X(lazy, notes_later, struct later_store, notes_store, app)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
