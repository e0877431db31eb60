/* expect: error: static.assert.*"notes_later: only a context_resource is strict; a lazy is X\(lazy, name, type, provider, scope\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later_session, struct session);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(lazy, notes_later, struct later_session, notes_session, DI_STRICT(request))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
