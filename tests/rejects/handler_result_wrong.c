/* expect-gcc: error: initialization of 'struct query \*' from 'int' makes pointer from integer without a cast */
/* expect-clang: error: incompatible integer to pointer conversion initializing 'struct query \*' with an expression of type 'int' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, struct query *, (const struct request *, int), (add_note, notes_session));
