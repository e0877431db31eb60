/* expect: error: static.assert.*"notes_session: any is whatever context is innermost, strict can be only one scope" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, notes_clock), session_end, DI_STRICT(any))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
