/* expect-gcc: error: returning 'notes_store__type \*' .aka 'struct store \*'. from a function with incompatible return type 'struct clock \*' */
/* expect-clang: error: incompatible pointer types returning 'notes_store__type \*' .aka 'struct store \*'. from a function with result type 'struct clock \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

struct clock *find(struct di_context *context);

struct clock *find(struct di_context *context)
{
	return notes_store_get(context, NULL);
}
