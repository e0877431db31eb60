/* expect: error: static.assert.*"notes_any has more than 16 options" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose_store(const struct config *config);
int memory_open(struct store **out);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(singleton, notes_memory, struct store, (memory_open), store_close) \
	X(selector, notes_any, struct store, (choose_store, notes_config), ("0", notes_store), ("1", notes_store), ("2", notes_store), ("3", notes_store), ("4", notes_store), ("5", notes_store), ("6", notes_store), ("7", notes_store), ("8", notes_store), ("9", notes_store), ("10", notes_store), ("11", notes_store), ("12", notes_store), ("13", notes_store), ("14", notes_store), ("15", notes_store), ("16", notes_store))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
