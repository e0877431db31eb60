/* expect-gcc: error: passing argument 2 of 'notes_user_put' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct clock \*' to parameter of type 'notes_user__type \*' .aka 'const struct user \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(state, notes_user, const struct user, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);

enum di_status put(struct di_context *context, struct clock *clock);

enum di_status put(struct di_context *context, struct clock *clock)
{
	return notes_user_put(context, clock, NULL);
}
