/* expect: error: static.assert.*"struct stores is no DI_DICT_TYPE\(stores, const struct store\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_DICT_TYPE(stores, struct store);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(dict, stores, const struct store)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
