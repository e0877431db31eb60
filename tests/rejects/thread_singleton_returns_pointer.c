/* expect: error: static.assert.*"clock_make, which makes notes_timer, must return an int; one that returns a pointer is written DI_RETURNS\(function, needs\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

struct clock *clock_make(void);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(thread_singleton, notes_timer, struct clock, (clock_make), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
