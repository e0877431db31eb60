/* expect-gcc: error: passing argument 2 of 'store_item_put' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct clock \*' to parameter of type 'struct store \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

DI_KEY_DECLARE(store_item, struct store);
DI_KEY_DEFINE(store_item, struct store);

enum di_status put(struct di_context *context, struct clock *clock)
{
	return store_item_put(context, clock, NULL);
}
