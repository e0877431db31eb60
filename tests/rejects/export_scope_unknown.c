/* expect: (error: use of undeclared identifier 'di_scope_jbo__rank'|error: 'di_scope_jbo__rank' undeclared) */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_SCOPE_DECLARE(job, 150);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(scope, jbo)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
