/* expect-gcc: error: passing argument 2 of 'use' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'notes_later__type \*' .aka 'const struct later_store \*'. to parameter of type 'struct store \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later_store, struct store);
DI_LAZY_TYPE(later_session, struct session);
int use(struct cache **out, struct store *store);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(lazy, notes_later, struct later_store, notes_store, app) \
	X(singleton, notes_cache, struct cache, (use, notes_later), cache_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
