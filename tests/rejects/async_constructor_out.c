/* expect-gcc: error: passing argument 1 of .link_new. from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct di_call \*' to parameter of type 'struct query \*\*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct query **out);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_singleton, notes_link, struct query, (link_new), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
