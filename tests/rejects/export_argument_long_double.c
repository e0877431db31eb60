/* expect: error: static.assert.*"cache_of: long double is no pointer, bool or number that can be filled" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, long double size);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct cache, (cache_of, long double))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
