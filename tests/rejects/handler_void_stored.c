/* expect-gcc: error: void value not ignored as it ought to be */
/* expect-clang: error: initializing 'int' with an expression of incompatible type 'void' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

void clear_notes(struct session *session);

DI_HANDLER(notes_clear, int, (), (clear_notes, notes_session));
