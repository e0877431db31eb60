/* expect: error: static.assert.*"the destructor of link_end is int f\(struct di_call \*, T \*\), void f\(T \*\) or int f\(T \*\), each with a last parameter enum di_outcome or not; or di_keep" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_end(struct di_call *call, struct session *session);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(destructor, struct query, link_end)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
