/* expect: error: static.assert.*"the passed parameters of notes_add are written \(types\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

int count_notes(const struct request *request, struct session *session);

DI_HANDLER(notes_add, int, const struct request *, (count_notes, notes_session));
