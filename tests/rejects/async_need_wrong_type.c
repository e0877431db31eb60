/* expect-gcc: error: passing argument 2 of .link_new. from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'notes_clock__type \*' .aka 'struct clock \*'. to parameter of type 'struct cache \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call, struct cache *cache);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_resource, notes_link, struct query, (link_new, notes_clock), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
