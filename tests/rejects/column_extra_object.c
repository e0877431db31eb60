/* expect: error: static.assert.*"notes_limits: an object is X\(object, name, type, address\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(object, notes_limits, const struct config, &default_config, di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
