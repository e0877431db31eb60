/* expect-gcc: error: initialization of 'int' from '(const )?char \*' makes integer from pointer without a cast */
/* expect-clang: error: incompatible pointer to integer conversion initializing 'int' with an expression of type '(const )?char\[5\]' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_CALLBACK(notes_compare, int, "less", (const void *, const void *), (compare_notes, notes_clock));
