/* expect: error: ('clock_nwe' undeclared|use of undeclared identifier 'clock_nwe'|call to undeclared function 'clock_nwe'|implicit declaration of function 'clock_nwe') */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct clock, (clock_nwe))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
