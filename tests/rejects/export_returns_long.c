/* expect: error: static.assert.*"link_new, which is exported as a constructor, must return an int" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

long link_new(struct query **out);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct query, (link_new))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
