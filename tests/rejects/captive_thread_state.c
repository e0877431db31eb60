/* expect: error: static.assert.*"notes_cache would outlive notes_user, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, const struct user *user);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(state, notes_user, const struct user, any) \
	X(thread_singleton, notes_cache, struct cache, (cache_of, notes_user), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
