/* expect-gcc: error: 'notes_session__table' .aka 'struct notes__rows'. has no member named 'audit_clock' */
/* expect-clang: error: no member named 'audit_clock' in 'notes__rows' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define AUDIT(X) \
	X(singleton, audit_clock, struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(audit, AUDIT);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, audit_clock), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
