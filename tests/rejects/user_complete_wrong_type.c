/* expect-gcc: error: passing argument 3 of .notes_link_complete. from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct cache \*' to parameter of type 'notes_link__type \*' .aka 'struct query \*'. */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_singleton, notes_link, struct query, (link_new), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);

void finish(struct di_call *call, struct cache *cache);

void finish(struct di_call *call, struct cache *cache)
{
	notes_link_complete(call, 0, cache);
}
