/* expect-gcc: error: passing argument 2 of 'session_begin' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct clock \*' to parameter of type 'struct store \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct session, (session_begin, struct clock *, struct store *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
