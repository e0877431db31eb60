/* expect: error: static.assert.*"cache_new, which is exported as a constructor, must return a pointer; one that returns an int is written \(function, parameter types\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct cache, DI_RETURNS(cache_new, int))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
