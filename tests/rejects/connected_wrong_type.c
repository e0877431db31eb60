/* expect-gcc: error: passing argument 2 of 'session_begin' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'audit_clock__type \*' */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(context_resource, notes_session, struct session, (session_begin, audit_clock, audit_store), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
