/* expect: error: static.assert.*"notes_later would outlive notes_timer, which it leads to" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later_clock, struct clock);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(thread_singleton, notes_timer, struct clock, (clock_new), clock_free) \
	X(lazy, notes_later, struct later_clock, notes_timer, app)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
