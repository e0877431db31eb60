/* expect-gcc: error: 'timer_new' undeclared */
/* expect-clang: error: use of undeclared identifier 'timer_new' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_timer, struct clock, (timer_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
