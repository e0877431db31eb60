/* expect-gcc: error: called object 'timer' is not a function */
/* expect-clang: error: called object type 'struct clock \*' is not a function */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

extern struct clock *timer;

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_timer, struct clock, (timer), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
