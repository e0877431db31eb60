/* expect: error: static.assert.*"constuctor is not a kind of export" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constuctor, struct cache, (cache_new, int))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
