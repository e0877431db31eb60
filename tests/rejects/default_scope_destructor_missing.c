/* expect: error: static.assert.*"notes_session: a context_resource is X\(context_resource, name, type, \(function, needs\.\.\.\), destructor, scope\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define notes_DEFAULT_SCOPE DI_SCOPE(request)

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, notes_clock))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
