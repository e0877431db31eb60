/* expect: error: static.assert.*"notes_user: the default scope has changed since DI_CONTAINER_DECLARE" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

#define notes_DEFAULT_SCOPE DI_SCOPE(request)

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(state, notes_user, const struct user)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
#undef notes_DEFAULT_SCOPE
#define notes_DEFAULT_SCOPE DI_SCOPE(inject)
DI_CONTAINER_DEFINE(notes, NOTES);
