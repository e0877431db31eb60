/* expect: error: static.assert.*"an exported destructor is written X\(destructor, type, function\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(destructor, struct store, store_close, request)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
