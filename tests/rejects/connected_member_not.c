/* expect: error: static.assert.*"notes_clocks needs other_clock of a container that notes does not connect" */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

DI_LIST_TYPE(clocks, struct clock);

/* clang-format off */
#define NOTES(X) \
	X(list, notes_clocks, struct clocks, audit_clock, other_clock)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit);
DI_CONTAINER_DEFINE(notes, NOTES);
