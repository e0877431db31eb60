/* expect: error: static.assert.*"notes_cache would outlive notes_limits, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int config_new(struct config **out);
void config_free(struct config *config);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(thread_singleton, notes_limits, struct config, (config_new), config_free) \
	X(singleton, notes_cache, struct cache, (cache_new, DI_FIELD(notes_limits, port)), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
