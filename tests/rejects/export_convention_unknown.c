/* expect: error: static.assert.*"an exported constructor is written \(function, parameter types\.\.\.\), DI_RETURNS */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct lock, DI_MAKES(lock_init))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
