/* expect: error: static.assert.*"notes_all: a list is X\(list, name, type, provider, provider, \.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LIST_TYPE(stores, struct store);
DI_LIST_TYPE(sessions, struct session);
int cache_of(struct cache **out, const struct stores *stores);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(list, notes_all, struct stores, ("a", notes_store))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
