/* expect: error: static.assert.*"notes_pool would outlive notes_link, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call, struct session *session);
int pool_new(struct cache **out, struct query *link);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_factory, notes_link, struct query, (link_new, notes_session), query_free) \
	X(singleton, notes_pool, struct cache, (pool_new, notes_link), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
