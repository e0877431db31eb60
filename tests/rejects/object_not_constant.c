/* expect-gcc: error: initializer element is not constant */
/* expect-gcc: \| .*X\(object, notes_limits, */
/* expect-clang: error: initializer element is not a compile-time constant */
/* expect-clang: X\(object, notes_limits, */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const struct config *config_find(void);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(object, notes_limits, const struct config, config_find())
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
