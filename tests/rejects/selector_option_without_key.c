/* expect: error: static.assert.*"notes_any: each option is written \(.*key.*, provider\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose_store(const struct config *config);
int memory_open(struct store **out);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(singleton, notes_memory, struct store, (memory_open), store_close) \
	X(selector, notes_any, struct store, (choose_store, notes_config), ("sqlite", notes_store), (notes_memory))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
