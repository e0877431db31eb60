/* expect: error: static.assert.*"notes_user names no scope, and notes has no default: #define notes_DEFAULT_SCOPE DI_SCOPE\(request\) above DI_CONTAINER_DECLARE" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(state, notes_user, const struct user)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
