/* expect-gcc: error: passing argument 2 of 'use' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'notes_all__type \*' .aka 'const struct stores \*'. to parameter of type 'struct store \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_DICT_TYPE(stores, struct store);
DI_DICT_TYPE(sessions, struct session);
int cache_of(struct cache **out, const struct stores *stores);
int use(struct cache **out, struct store *store);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(dict, notes_all, struct stores, ("a", notes_store)) \
	X(singleton, notes_cache, struct cache, (use, notes_all), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
