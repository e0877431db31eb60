/* expect-gcc: error: passing argument 1 of 'count_notes' from incompatible pointer type */
/* expect-gcc: expected 'struct session \*' but argument is of type 'notes_clock__type \*' .aka 'struct clock \*'. */
/* expect-clang: error: incompatible pointer types passing 'notes_clock__type \*' .aka 'struct clock \*'. to parameter of type 'struct session \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

int count_notes(struct session *session, struct clock *clock);

DI_HANDLER(notes_count, int, (), (count_notes, notes_clock, notes_session));
