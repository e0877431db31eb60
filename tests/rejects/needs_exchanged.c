/* expect-gcc: needs_exchanged.c:[0-9]+:[0-9]+: error: passing argument 2 of 'session_begin' from incompatible pointer type */
/* expect-gcc: \| .*X\(context_resource, notes_session, */
/* expect-gcc: expected 'struct store \*' but argument is of type 'notes_clock__type \*' \{aka 'struct clock \*'\} */
/* expect-clang: error: incompatible pointer types passing 'notes_clock__type \*' \(aka 'struct clock \*'\) to parameter of type 'struct store \*' */
/* expect-clang: X\(context_resource, notes_session, */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_clock, notes_store), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
