/* expect: error: static.assert.*"link_new is exported with another type than it completes: what makes it complete is DI_COMPLETE_DECLARE\(function, type\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call, const char *name);
DI_COMPLETE_DECLARE(link_new, const struct query);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct query, DI_ASYNC(link_new, const char *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
