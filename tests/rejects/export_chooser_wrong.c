/* expect: error: static.assert.*"cache_new, which is exported as a chooser, must return a const char \*, a key" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(chooser, (cache_new, int))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
