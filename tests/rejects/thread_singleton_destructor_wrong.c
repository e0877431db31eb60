/* expect: error: static.assert.*"the destructor of notes_timer is void f\(T \*\) or int f\(T \*\), either with a second parameter enum di_outcome; or di_keep" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(thread_singleton, notes_timer, struct clock, (clock_new), store_close)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
