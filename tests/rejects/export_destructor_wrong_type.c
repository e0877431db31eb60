/* expect: error: static.assert.*"the destructor of store_close is int f\(struct di_call \*, T \*\), void f\(T \*\) or int f\(T \*\) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(destructor, struct session, store_close)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
