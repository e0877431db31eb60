/* expect: error: static.assert.*"query_make, which is exported as a constructor, must return an int; one that returns a pointer is written DI_RETURNS\(function, parameter types\.\.\.\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct query, (query_make, struct session *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
