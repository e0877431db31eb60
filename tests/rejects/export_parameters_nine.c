/* expect: error: static.assert.*"cache_of has more than 8 parameters" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int cache_of(struct cache **out, int a, int b, int c, int d, int e, int f, int g, int h, int i);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct cache, (cache_of, int, int, int, int, int, int, int, int, int))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
