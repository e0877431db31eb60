/* expect-gcc: error: passing argument 1 of 'store_open' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'store_open__type \*\*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct session, (store_open, const char *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
