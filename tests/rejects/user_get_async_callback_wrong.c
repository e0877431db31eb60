/* expect-gcc: error: passing argument 2 of .notes_link_get_async. from incompatible pointer type */
/* expect-clang: error: incompatible function pointer types passing 'void .void \*, struct cache \*, const struct di_error \*.' to parameter of type 'notes_link__callback \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(async_singleton, notes_link, struct query, (link_new), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);

void take(void *data, struct cache *cache, const struct di_error *error);
void ask(struct di_context *context);

void ask(struct di_context *context)
{
	notes_link_get_async(context, take, NULL, NULL);
}
