/* expect: error: static.assert.*"what notes_count calls is written \(function, needs\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

int count_notes(void);

DI_HANDLER(notes_count, int, (), count_notes);
