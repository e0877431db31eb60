/* expect-gcc: error: passing argument 1 of 'lock_init' discards 'const' qualifier */
/* expect-clang: error: passing 'notes_lock__type \*' .aka 'const struct lock \*'. to parameter of type 'struct lock \*' discards qualifiers */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_lock, const struct lock, DI_INIT(lock_init), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
