/* expect-gcc: error: 'audit_stor' undeclared */
/* expect-clang: error: use of undeclared identifier 'audit_stor' */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(context_resource, notes_session, struct session, (session_begin, audit_stor, audit_clock), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
