/* expect: error: (no member named 'prot' in|'const struct config' has no member named 'prot') */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(field, struct config, prot, int)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
