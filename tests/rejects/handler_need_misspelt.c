/* expect-gcc: error: 'notes_sesion' undeclared.*; did you mean 'notes_session'\? */
/* expect-clang: error: use of undeclared identifier 'notes_sesion'; did you mean 'notes_session'\? */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, int, (const struct request *, int), (add_note, notes_sesion));
