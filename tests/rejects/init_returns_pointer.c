/* expect: error: static.assert.*"lock_setup, which makes notes_lock, must return an int" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

struct lock *lock_setup(struct lock *self);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_lock, struct lock, DI_INIT(lock_setup), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
