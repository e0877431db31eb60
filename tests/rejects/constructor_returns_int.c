/* expect: error: static.assert.*"clock_new, which makes notes_timer, must return a pointer; one that returns an int is written \(function, needs\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_timer, struct clock, DI_RETURNS(clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
