/* expect-gcc: error: initialization of 'notes_later__target' .aka 'struct store \*'. from incompatible pointer type 'notes_clock__type \*' */
/* expect-clang: error: incompatible pointer types initializing 'notes_later__target' .aka 'struct store \*'. with an expression of type 'notes_clock__type \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later_store, struct store);
DI_LAZY_TYPE(later_session, struct session);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(lazy, notes_later, struct later_store, notes_clock, app)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
