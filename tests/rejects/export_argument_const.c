/* expect-gcc: error: passing argument 2 of 'session_begin' discards 'const' qualifier */
/* expect-clang: error: passing 'const struct store \*' to parameter of type 'struct store \*' discards qualifiers */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct session, (session_begin, const struct store *, struct clock *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
