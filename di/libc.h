/* SPDX-License-Identifier: MIT */
#ifndef DI_LIBC_H
#define DI_LIBC_H

/* private */

/**
 * Memory from libc, where the user names no allocator.
 */

#include "di/allocator.h"

extern const struct di_allocator di__libc;

/** The allocator, or that one for NULL. */
static inline const struct di_allocator *di__or_libc(const struct di_allocator *allocator)
{
	return allocator != NULL ? allocator : &di__libc;
}

#endif
