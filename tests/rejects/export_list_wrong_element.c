/* expect: error: static.assert.*"struct stores is no DI_LIST_TYPE\(stores, struct clock\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_LIST_TYPE(stores, struct store);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(list, stores, struct clock)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
