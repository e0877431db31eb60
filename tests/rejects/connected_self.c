/* expect: error: static.assert.*"notes connects itself" */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_clock, struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, notes);
DI_CONTAINER_DEFINE(notes, NOTES);
