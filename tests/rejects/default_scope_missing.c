/* expect: error: static.assert.*"notes_session names no scope, and notes has no default: #define notes_DEFAULT_SCOPE DI_SCOPE\(request\) above DI_CONTAINER_DECLARE" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, notes_clock), session_end)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
