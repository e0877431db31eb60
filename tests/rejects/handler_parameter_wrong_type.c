/* expect-gcc: error: passing argument 1 of 'add_note' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'const struct session \*' to parameter of type 'const struct request \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, int, (const struct session *, int), (add_note, notes_session));
