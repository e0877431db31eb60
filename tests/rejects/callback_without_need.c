/* expect: error: static.assert.*"notes_order has no need to find its context by" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

int order(const void *a, const void *b);

DI_CALLBACK(notes_order, int, 0, (const void *, const void *), (order));
