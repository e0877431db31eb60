/* expect-gcc: error: initialization of 'notes_query__type \*' .aka 'struct query \*'. from incompatible pointer type 'struct clock \*' */
/* expect-clang: error: incompatible pointer types initializing 'notes_query__type \*' .aka 'struct query \*'. with an expression of type 'struct clock \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

struct clock *clock_make(void);

/* clang-format off */
#define NOTES(X) \
	STORAGE(X) \
	X(factory, notes_query, struct query, DI_RETURNS(clock_make), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);
