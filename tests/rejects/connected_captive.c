/* expect: error: static.assert.*"notes_cache would outlive audit_session, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

int cache_of(struct cache **out, struct session *session);

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_cache, struct cache, (cache_of, audit_session), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
