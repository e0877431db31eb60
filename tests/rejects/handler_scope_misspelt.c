/* expect-gcc: error: 'di_scope_reqest__rank' undeclared.*; did you mean 'di_scope_request__rank'\? */
/* expect-clang: error: use of undeclared identifier 'di_scope_reqest'; did you mean 'di_scope_request'\? */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER_IN(reqest, notes_add, int, (const struct request *, int), (add_note, notes_session));
