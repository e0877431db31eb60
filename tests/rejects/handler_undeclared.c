/* expect-gcc: error: implicit declaration of function 'add_notes'; did you mean 'add_note'\? */
/* expect-clang: error: implicit declaration of function 'add_notes' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, int, (const struct request *, int), (add_notes, notes_session));
