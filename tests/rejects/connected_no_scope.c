/* expect: error: static.assert.*"notes_session names no scope, and notes has no default: #define notes_DEFAULT_SCOPE */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(context_resource, notes_session, struct session, (session_begin, audit_store, audit_clock), session_end)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
