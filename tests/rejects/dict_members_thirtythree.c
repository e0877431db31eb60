/* expect: error: static.assert.*"notes_all has more than 32 members" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_DICT_TYPE(stores, struct store);
DI_DICT_TYPE(sessions, struct session);
int cache_of(struct cache **out, const struct stores *stores);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(dict, notes_all, struct stores, ("0", notes_store), ("1", notes_store), ("2", notes_store), ("3", notes_store), ("4", notes_store), ("5", notes_store), ("6", notes_store), ("7", notes_store), ("8", notes_store), ("9", notes_store), ("10", notes_store), ("11", notes_store), ("12", notes_store), ("13", notes_store), ("14", notes_store), ("15", notes_store), ("16", notes_store), ("17", notes_store), ("18", notes_store), ("19", notes_store), ("20", notes_store), ("21", notes_store), ("22", notes_store), ("23", notes_store), ("24", notes_store), ("25", notes_store), ("26", notes_store), ("27", notes_store), ("28", notes_store), ("29", notes_store), ("30", notes_store), ("31", notes_store), ("32", notes_store))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
