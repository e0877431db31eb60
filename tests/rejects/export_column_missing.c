/* expect: error: static.assert.*"an exported object is written X\(object, name, type, address\)" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(object, struct config, &default_config)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
