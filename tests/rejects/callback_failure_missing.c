/* expect-gcc: error: macro "DI_CALLBACK" requires 5 arguments, but only 4 given */
/* expect-clang: error: too few arguments provided to function-like macro invocation */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_CALLBACK(notes_compare, int, (const void *, const void *), (compare_notes, notes_clock));
