/* expect: error: static.assert.*"pick, which chooses for notes_any, must return a const char \*, a key" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose_store(const struct config *config);
int memory_open(struct store **out);
int pick(const struct config *config);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(singleton, notes_memory, struct store, (memory_open), store_close) \
	X(selector, notes_any, struct store, (pick, notes_config), ("sqlite", notes_store), ("memory", notes_memory))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
