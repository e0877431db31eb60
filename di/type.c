/* SPDX-License-Identifier: MIT */
#include "di/type.h"

#include <string.h>

int di_type_equal(const struct di_type *a, const struct di_type *b)
{
	return a == b || (a->is_const == b->is_const && strcmp(a->name, b->name) == 0);
}
