/* expect-gcc: error: assignment of member 'count' in read-only object */
/* expect-gcc: error: assignment of member 'scope' in read-only object */
/* expect-clang: error: cannot assign to variable 'notes' with const-qualified type */
/* expect-clang: error: cannot assign to variable 'notes_session' with const-qualified type */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);
DI_CONTAINER_DEFINE(notes, SESSIONS);

void change(void);

void change(void)
{
	notes.count = 0;
	notes_session.scope = &di_scope_app;
}
