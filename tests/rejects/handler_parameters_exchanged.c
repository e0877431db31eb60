/* expect-gcc: error: passing argument 1 of 'add_note' makes pointer from integer without a cast */
/* expect-clang: error: incompatible integer to pointer conversion passing 'int' to parameter of type 'const struct request \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, int, (int, const struct request *), (add_note, notes_session));
