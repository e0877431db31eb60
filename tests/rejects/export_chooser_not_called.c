/* expect: error: static.assert.*"an exported chooser is written X\(chooser, \(function, parameter types\.\.\.\)\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

const char *choose(void);

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(chooser, choose)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
