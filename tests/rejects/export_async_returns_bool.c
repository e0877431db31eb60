/* expect: error: static.assert.*"link_new, which is exported as a constructor, must return an int: DI_PENDING or an errno" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

_Bool link_new(struct di_call *call);
DI_COMPLETE_DECLARE(link_new, struct query);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct query, DI_ASYNC(link_new))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
