/* expect-gcc: error: too few arguments to function 'add_note' */
/* expect-clang: error: too few arguments to function call, expected 3, have 2 */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, int, (const struct request *), (add_note, notes_session));
