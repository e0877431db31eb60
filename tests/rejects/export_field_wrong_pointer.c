/* expect-gcc: error: (assignment to|initialization of) 'const struct clock \*' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types (assigning to|initializing) 'const struct clock \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(field, struct config, db.path, const struct clock *)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
