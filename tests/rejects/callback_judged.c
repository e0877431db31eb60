/* expect: error: static.assert.*"the result of the callback notes_compare is a type: DI_FAILS_IF is for handlers" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_CALLBACK(notes_compare, DI_FAILS_IF(int, < 0), 0, (const void *, const void *), (compare_notes, notes_clock));
