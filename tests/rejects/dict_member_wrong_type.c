/* expect-gcc: error: (initialization of 'notes_all__item' .aka 'struct store \* const'. from incompatible pointer type 'notes_clock__type \*'|initialization of 'struct store \*' from incompatible pointer type 'notes_clock__type \*') */
/* expect-clang: error: incompatible pointer types initializing ('notes_all__item' .aka 'struct store \*const'.|'struct store \*') with an expression of type 'notes_clock__type \*' */
/* expect: notes_clock */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_DICT_TYPE(stores, struct store);
DI_DICT_TYPE(sessions, struct session);
int cache_of(struct cache **out, const struct stores *stores);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(dict, notes_all, struct stores, ("a", notes_store), ("b", notes_clock))
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
