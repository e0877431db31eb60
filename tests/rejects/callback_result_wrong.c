/* expect-gcc: error: initialization of 'struct query \*' from 'int' makes pointer from integer without a cast */
/* expect-clang: error: incompatible integer to pointer conversion initializing 'struct query \*' with an expression of type 'int' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_CALLBACK(notes_compare, struct query *, NULL, (const void *, const void *), (compare_notes, notes_clock));
