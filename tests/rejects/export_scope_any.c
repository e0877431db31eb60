/* expect: error: static.assert.*"any is no scope of the program.?'s own" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(scope, any)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
