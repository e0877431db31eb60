/* expect-gcc: error: too few arguments to function 'session_begin' */
/* expect-gcc: \| .*X\(context_resource, notes_session, */
/* expect-clang: error: too few arguments to function call, expected 3, have 2 */
/* expect-clang: X\(context_resource, notes_session, */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
