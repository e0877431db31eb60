/* expect: error: static.assert.*"notes_compare: a call has a context of one scope, not of any" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_CALLBACK_IN(any, notes_compare, int, 0, (const void *, const void *), (compare_notes, notes_clock));
