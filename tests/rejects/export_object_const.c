/* expect-gcc: error: initialization discards 'const' qualifier */
/* expect-clang: error: initializing 'struct config \*const' with an expression of type 'const struct config \*' discards qualifiers */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(object, the_config, struct config, &default_config)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
