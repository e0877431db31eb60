/* expect-gcc: error: passing argument 3 of 'notes_add' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct clock \*' to parameter of type 'const struct request \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

DI_HANDLER(notes_add, int, (const struct request *, int), (add_note, notes_session));

enum di_status call(struct di_context *context, struct clock *clock, int *result);

enum di_status call(struct di_context *context, struct clock *clock, int *result)
{
	return notes_add(context, result, clock, 1, NULL);
}
