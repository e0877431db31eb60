/* expect-gcc: error: expected .* before 'struct' */
/* expect-clang: error: expected ';' at end of declaration list */
/* expect-clang: X\(singleton, notes_timer struct clock, */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_timer struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
