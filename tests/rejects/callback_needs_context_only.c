/* expect: error: static.assert.*"notes_tick has no need to find its context by" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

void tick(struct di_context *context);

DI_CALLBACK(notes_tick, void, , (), (tick, DI_CONTEXT));
