/* expect: error: static.assert.*"notes_timer: a singleton is X\(singleton, name, type, \(function, needs\.\.\.\), destructor\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_timer, struct clock, (clock_new), clock_free, app)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
