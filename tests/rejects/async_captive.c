/* expect: error: static.assert.*"notes_link would outlive notes_session, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call, struct session *session);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_singleton, notes_link, struct query, (link_new, notes_session), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
