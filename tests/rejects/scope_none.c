/* expect: error: static.assert.*"notes_session: none is a scope of contexts, no row lives in it" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, notes_clock), session_end, none)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
