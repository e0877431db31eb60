/* expect: error: static.assert.*"notes_add: a call has a context of one scope, not of any" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER_IN(any, notes_add, int, (const struct request *, int), (add_note, notes_session));
