/* expect: error: static.assert.*"notes_user: only a context_resource is strict; a state is X\(state, name, type, scope\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(state, notes_user, const struct user, DI_STRICT(request))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
