/* expect-gcc: error: 'notes_session__table' .aka 'struct notes__rows'. has no member named 'notes_stor'; did you mean 'notes_store'\? */
/* expect-clang: error: no member named 'notes_stor' in 'notes__rows' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_stor, notes_clock), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
