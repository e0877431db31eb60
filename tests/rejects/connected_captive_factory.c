/* expect: error: static.assert.*"notes_cache would outlive audit_query, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

int cache_of(struct cache **out, struct query *query);

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_cache, struct cache, (cache_of, audit_query), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
