/* expect-gcc: error: passing argument 2 of 'compare_notes' makes pointer from integer without a cast */
/* expect-clang: error: incompatible integer to pointer conversion passing 'int' to parameter of type 'const void \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_CALLBACK(notes_compare, int, 0, (const void *, int), (compare_notes, notes_clock));
