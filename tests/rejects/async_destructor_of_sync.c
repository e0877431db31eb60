/* expect: error: static.assert.*"the destructor of notes_link is void f\(T \*\) or int f\(T \*\), either with a second parameter enum di_outcome; or di_keep" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_end(struct di_call *call, struct clock *clock);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(singleton, notes_link, struct clock, (clock_new), link_end)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
