/* expect: error: static.assert.*"notes_later: none is a scope of contexts, no row lives in it" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later_session, struct session);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(lazy, notes_later, struct later_session, notes_session, none)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
