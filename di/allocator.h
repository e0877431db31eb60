/* SPDX-License-Identifier: MIT */
#ifndef DI_ALLOCATOR_H
#define DI_ALLOCATOR_H

/**
 * Where a container takes its own memory from.
 *
 * The functions may be called from any thread that uses the container, also while di holds a lock
 * of its own: they must not call di. Values made by users' constructors are not allocated by di,
 * except the storage of DI_INIT rows.
 */

#include "di/compiler.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_allocator {
	/** Returns size bytes aligned for any type, or NULL. size is never 0. */
	void *(*allocate)(size_t size, void *data);
	/** Takes back what allocate returned, with the same size. memory is never NULL. */
	void (*release)(void *memory, size_t size, void *data);
	/** Handed to both; borrowed until the container is freed. */
	void *data;
};

#ifdef __cplusplus
}
#endif

#endif
