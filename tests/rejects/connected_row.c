/* expect-gcc: error: .*incompatible pointer type */
/* expect-clang: error: incompatible pointer types */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_clock, struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audit_clock);
DI_CONTAINER_DEFINE(notes, NOTES);
