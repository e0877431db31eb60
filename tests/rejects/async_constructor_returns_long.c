/* expect: error: static.assert.*"link_new, which makes notes_link, must return an int: DI_PENDING or an errno" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

long link_new(struct di_call *call);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_singleton, notes_link, struct query, (link_new), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
