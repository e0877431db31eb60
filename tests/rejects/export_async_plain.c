/* expect: error: static.assert.*"link_new, which is exported as a constructor, is given a struct di_call: it is written DI_ASYNC\(function, parameter types\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call, const char *name);
DI_COMPLETE_DECLARE(link_new, struct query);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct query, (link_new, const char *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
