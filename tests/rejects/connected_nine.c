/* expect: error: static.assert.*"notes connects more than 8 containers" */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_clock, struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit, other, c, d, e, f, g, h, i);
DI_CONTAINER_DEFINE(notes, NOTES);
