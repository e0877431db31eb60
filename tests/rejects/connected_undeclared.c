/* expect-gcc: error: 'audits' undeclared */
/* expect-clang: error: use of undeclared identifier 'audits' */
/* SPDX-License-Identifier: MIT */
#include "audit.h"

/* clang-format off */
#define NOTES(X) \
	X(singleton, notes_clock, struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES, audits);
DI_CONTAINER_DEFINE(notes, NOTES);
