/* expect-gcc: error: (returning 'struct store \*' from a function with incompatible return type 'struct clock \*'|incompatible types when returning|return from incompatible pointer type) */
/* expect-clang: error: incompatible pointer types returning 'struct store \*' from a function with result type 'struct clock \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_KEY_DECLARE(store_item, struct store);
DI_KEY_DEFINE(store_item, struct store);

struct clock *fetch(struct di_context *context)
{
	return store_item_fetch(context);
}
