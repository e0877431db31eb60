/* expect: error: (passing argument 2 of 'change' discards|passing 'notes_all__type \*' .aka 'const struct stores \*'. to parameter of type 'struct stores \*' discards) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LIST_TYPE(stores, struct store);
DI_LIST_TYPE(sessions, struct session);
int cache_of(struct cache **out, const struct stores *stores);
int change(struct cache **out, struct stores *stores);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(list, notes_all, struct stores, notes_store) \
	X(singleton, notes_cache, struct cache, (change, notes_all), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
