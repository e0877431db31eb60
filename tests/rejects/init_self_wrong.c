/* expect-gcc: error: passing argument 1 of 'lock_init' from incompatible pointer type */
/* expect-gcc: expected 'struct lock \*' but argument is of type 'notes_lock__type \*' .aka 'struct config \*'. */
/* expect-clang: error: incompatible pointer types passing 'notes_lock__type \*' .aka 'struct config \*'. to parameter of type 'struct lock \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_lock, struct config, DI_INIT(lock_init), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
