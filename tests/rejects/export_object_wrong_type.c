/* expect-gcc: error: initialization of 'struct clock \* ?const' from incompatible pointer type|error: initialization of 'struct clock \*' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types initializing 'struct clock \*const' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

static struct lock lock;

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct clock, (clock_new)) \
	X(object, the_lock, struct clock, &lock)
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);
