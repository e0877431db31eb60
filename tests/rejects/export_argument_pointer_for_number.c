/* expect-gcc: error: passing argument 2 of 'cache_new' makes integer from pointer without a cast */
/* expect-clang: error: incompatible pointer to integer conversion passing 'const char \*' to parameter of type 'int' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct cache, (cache_new, const char *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
