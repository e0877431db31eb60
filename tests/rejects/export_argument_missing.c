/* expect-gcc: error: too few arguments to function 'session_begin' */
/* expect-clang: error: too few arguments to function call, expected 3, have 2 */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(constructor, struct session, (session_begin, struct store *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
