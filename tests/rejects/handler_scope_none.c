/* expect: error: static.assert.*"notes_add: a call has a context of one scope, not of none" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER_IN(none, notes_add, int, (const struct request *, int), (add_note, notes_session));
