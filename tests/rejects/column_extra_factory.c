/* expect: error: static.assert.*"notes_timer: a factory is X\(factory, name, type, \(function, needs\.\.\.\), destructor\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(factory, notes_timer, struct clock, (clock_new), clock_free, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
