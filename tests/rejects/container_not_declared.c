/* expect: error: .*'notes__needs_DI_CONTAINER_DECLARE' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X)
/* clang-format on */

DI_CONTAINER_DEFINE(notes, NOTES);
