/* expect-gcc: error: passing argument 2 of .link_new. from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing .struct session \*. to parameter of type .const char \*. */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

int link_new(struct di_call *call, const char *name);
DI_COMPLETE_DECLARE(link_new, struct query);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct query, DI_ASYNC(link_new, struct session *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
