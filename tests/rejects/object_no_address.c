/* expect-gcc: error: incompatible types when initializing type 'const notes_limits__type \* const' .aka 'const struct config \* const'. using type 'struct config' */
/* expect-clang: error: initializing 'notes_limits__type \*const' .aka 'const struct config \*const'. with an expression of incompatible type 'const struct config'; take the address with & */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(object, notes_limits, const struct config, default_config)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
