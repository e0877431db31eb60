/* expect: error: static.assert.*"notes_session needs other_clock of a container that notes does not connect" */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define BETWEEN(X) \
	X(singleton, between_clock, struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(between, BETWEEN, other, audit);

/* clang-format off */
#define NOTES(X) \
	X(context_resource, notes_session, struct session, (session_begin, audit_store, other_clock), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, between);
DI_CONTAINER_DEFINE(notes, NOTES);
