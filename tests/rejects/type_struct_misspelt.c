/* expect-gcc: error: passing argument 1 of 'clock_new' from incompatible pointer type */
/* expect-gcc: expected 'struct clock \*\*' but argument is of type 'notes_timer__type \*\*' .aka 'struct clok \*\*'. */
/* expect-clang: error: incompatible pointer types passing 'notes_timer__type \*\*' .aka 'struct clok \*\*'. to parameter of type 'struct clock \*\*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_timer, struct clok, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
