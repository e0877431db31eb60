/* expect: error: static.assert.*"notes_cache would outlive notes_all, which it needs" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_DICT_TYPE(stores, struct store);
DI_DICT_TYPE(sessions, struct session);
int cache_of(struct cache **out, const struct stores *stores);
int hold(struct cache **out, const struct sessions *sessions);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(dict, notes_all, struct sessions, ("a", notes_session)) \
	X(singleton, notes_cache, struct cache, (hold, notes_all), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
