/* expect: error: duplicate member 'notes_clock' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define TIMERS(X) \
	X(singleton, notes_clock, struct clock, (clock_new), clock_free)

#define NOTES(X) \
	STORAGE(X) \
	TIMERS(X)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
