/* expect-gcc: error: expected identifier or '\(' before '&' token */
/* expect-clang: handler_need_as_address.c:[0-9]+:70: error: expected member name */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, int, (const struct request *, int), (add_note, &notes_session));
