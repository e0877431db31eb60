/* expect: error: (use of undeclared identifier 'link_new_complete'|.link_new_complete. undeclared) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call, const char *name);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct query, DI_ASYNC(link_new, const char *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
