/* expect-gcc: error: invalid application of 'sizeof' to incomplete type 'notes_guard__type' .aka 'struct guard'. */
/* expect-clang: error: invalid application of 'sizeof' to an incomplete type 'notes_guard__type' .aka 'struct guard'. */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

struct guard;
int guard_init(struct guard *self);
void guard_release(struct guard *self);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_guard, struct guard, DI_INIT(guard_init), guard_release)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
