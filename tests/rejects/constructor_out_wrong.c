/* expect-gcc: error: passing argument 1 of 'store_open' from incompatible pointer type */
/* expect-gcc: expected 'struct store \*\*' but argument is of type 'notes_timer__type \*\*' .aka 'struct clock \*\*'. */
/* expect-clang: error: incompatible pointer types passing 'notes_timer__type \*\*' .aka 'struct clock \*\*'. to parameter of type 'struct store \*\*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_timer, struct clock, (store_open, DI_FIELD(notes_config, db.path)), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
