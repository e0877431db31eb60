/* expect-gcc: error: initialization discards 'const' qualifier */
/* expect-gcc: \| .*X\(object, notes_limits, */
/* expect-clang: error: initializing 'notes_limits__type \*const' .aka 'struct config \*const'. with an expression of type 'const struct config \*' discards qualifiers */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(object, notes_limits, struct config, &default_config)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
