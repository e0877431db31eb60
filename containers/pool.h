/* SPDX-License-Identifier: MIT */
#ifndef DI_POOL_H
#define DI_POOL_H

/* private */

/**
 * Memory that is taken piece by piece and given back all at once: that of a builder, and of a table
 * that it has built. It has one user at a time.
 */

#include "di/allocator.h"

#include <stddef.h>

struct di__pool_chunk;

struct di__pool {
	struct di_allocator allocator;
	struct di__pool_chunk *chunks;
	char *at;
	size_t left;
};

/** Makes an empty pool. A NULL allocator is malloc. */
void di__pool_init(struct di__pool *pool, const struct di_allocator *allocator);
/** Gives everything back. The pool may stand in its own memory. */
void di__pool_release(struct di__pool *pool);
/** size bytes aligned for pointers, numbers and double, or NULL. They are not zeroed. */
void *di__pool_take(struct di__pool *pool, size_t size);
/** The same for count zeroed elements. */
void *di__pool_array(struct di__pool *pool, size_t count, size_t size);
/** A copy of length bytes and a NUL, or NULL. */
char *di__pool_copy(struct di__pool *pool, const char *text, size_t length);

#endif
