/* expect-gcc: error: invalid use of incomplete typedef 'notes_clock__type' .aka 'struct clock'. */
/* expect-clang: error: incomplete definition of type 'struct clock' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(singleton, notes_cache, struct cache, (cache_new, DI_FIELD(notes_clock, limit)), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
