/* expect-gcc: error: passing argument 1 of 'di_local_end' from incompatible pointer type */
/* expect-clang: error: incompatible pointer types passing 'struct di_local_undo \*' to parameter of type 'struct di_local_block \*' */
/* SPDX-License-Identifier: MIT */
#include "domain.h"

enum di_status end(struct di_local_undo *undo)
{
	return di_local_end(undo, NULL);
}
