/* expect-gcc: error: (assignment|initialization) discards 'const' qualifier */
/* expect-clang: error: (assigning to|initializing) 'char \*' (from|with an expression of type) 'const char \*.*discards qualifiers */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(field, struct config, db.path, char *)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
