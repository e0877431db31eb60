/* expect-gcc: error: initialization of 'notes_any__type \*' .aka 'struct store \*'. from incompatible pointer type 'notes_clock__type \*' */
/* expect-clang: error: incompatible pointer types initializing 'notes_any__type \*' .aka 'struct store \*'. with an expression of type 'notes_clock__type \*' */
/* expect: notes_clock */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose_store(const struct config *config);
int memory_open(struct store **out);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(selector, notes_any, struct store, (choose_store, notes_config), ("sqlite", notes_store), ("memory", notes_clock))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
