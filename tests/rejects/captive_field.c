/* expect: error: static.assert.*"notes_cache would outlive notes_limits, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(state, notes_limits, const struct config, request) \
	X(singleton, notes_cache, struct cache, (cache_new, DI_FIELD(notes_limits, port)), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
