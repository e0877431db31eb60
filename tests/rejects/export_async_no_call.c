/* expect: error: static.assert.*"store_open, which is exported as a constructor, is given no struct di_call: it is written \(function, parameter types\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_COMPLETE_DECLARE(store_open, struct store);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct store, DI_ASYNC(store_open, const char *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
