/* expect: error: static.assert.*"notes_session must be listed after notes_store, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, audit_clock), session_end, request) \
	X(singleton, notes_store, struct store, (store_open, DI_FIELD(audit_config, db.path)), store_close)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
