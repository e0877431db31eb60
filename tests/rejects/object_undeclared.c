/* expect-gcc: error: 'defaults' undeclared */
/* expect-clang: error: use of undeclared identifier 'defaults' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(object, notes_limits, const struct config, &defaults)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
