/* expect: error: .*di_scope_reqest__rank */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_context_resource, notes_link, struct query, (link_new), query_free, reqest)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
