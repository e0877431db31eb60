/* expect: error: static.assert.*"the scope of notes_session is a word or DI_STRICT\(word\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, notes_clock), session_end, (request))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
