/* expect: error: static.assert.*"the destructor of notes_link is int f\(struct di_call \*, T \*\), void f\(T \*\) or int f\(T \*\), each with a last parameter enum di_outcome or not; or di_keep" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call);
void link_end(struct di_call *call, struct query *query);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_resource, notes_link, struct query, (link_new), link_end)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
