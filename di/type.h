/* SPDX-License-Identifier: MIT */
#ifndef DI_TYPE_H
#define DI_TYPE_H

/**
 * The description of a C type, as it stands in every provider and key.
 *
 * Two descriptions mean the same type when their names and is_const are equal. The table macros
 * write them; they are constant and live as long as the program.
 */

#include "di/compiler.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_type {
	size_t size;      /**< of one object in bytes, 0 where the type was incomplete */
	const char *name; /**< as it was written, for example "const struct config" */
	int is_const;     /**< 1: the pointer provided is to const */
};

/** 1 where the type is const, else 0; a constant. */
#define DI__IS_CONST(type_) _Generic(1 ? (type_ *)0 : (void *)1, const void * : 1, default : 0)

/** Whether the two describe the same type: 1 or 0. Any thread may call it. */
DI_API int di_type_equal(const struct di_type *a, const struct di_type *b);

#ifdef __cplusplus
}
#endif

#endif
