/* expect-gcc: error: passing argument 2 of 'notes_store_override' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct clock \*' to parameter of type 'notes_store__type \*' .aka 'struct store \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_CONTAINER_DECLARE(notes, SESSIONS);

enum di_status fake(struct di_context *context, struct clock *fake_clock);

enum di_status fake(struct di_context *context, struct clock *fake_clock)
{
	return notes_store_override(context, fake_clock, NULL);
}
