/* expect-gcc: error: initialization of 'const notes_limits__type \* const' .aka 'const struct lock \* const'. from incompatible pointer type 'const struct config \*' */
/* expect-clang: error: incompatible pointer types initializing 'notes_limits__type \*const' .aka 'const struct lock \*const'. with an expression of type 'const struct config \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(object, notes_limits, const struct lock, &default_config)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
