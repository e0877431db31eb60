/* expect: error: conflicting types for 'notes_add' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER_DECLARE(notes_add, int, (int, const struct request *));

DI_HANDLER(notes_add, int, (const struct request *, int), (add_note, notes_session));
