/* expect: error: static.assert.*"the member db\.limit of struct config is not of the type int" */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(field, struct config, db.limit, int)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
