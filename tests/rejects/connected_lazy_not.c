/* expect: error: static.assert.*"notes_later needs other_clock of a container that notes does not connect" */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

DI_LAZY_TYPE(later_clock, struct clock);

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_clock, struct clock,       (clock_new), clock_free) \
	X(lazy,      notes_later, struct later_clock, other_clock, app)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
