/* expect: error: static.assert.*"the constructor of notes_timer is written \(function, needs\.\.\.\), DI_RETURNS\(function, needs\.\.\.\) or DI_INIT\(function, needs\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_timer, struct clock, clock_new, clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
