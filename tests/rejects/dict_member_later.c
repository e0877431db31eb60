/* expect: error: static.assert.*"notes_all must be listed after notes_memory, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_DICT_TYPE(stores, struct store);
DI_DICT_TYPE(sessions, struct session);
int cache_of(struct cache **out, const struct stores *stores);
int memory_open(struct store **out);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(dict, notes_all, struct stores, ("a", notes_store), ("b", notes_memory)) \
	X(singleton, notes_memory, struct store, (memory_open), store_close)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
