/* expect: error: static.assert.*"struct later is no DI_LAZY_TYPE\(later, struct clock\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LAZY_TYPE(later, struct store);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(lazy, later, struct clock)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
