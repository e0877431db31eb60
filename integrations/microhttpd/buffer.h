/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_MICROHTTPD_BUFFER_H
#define DI_MICROHTTPD_BUFFER_H

/**
 * Bytes that grow: bodies and headers. A zeroed buffer with its allocator set is empty. Private to
 * the integration.
 */

#include "di/allocator.h"

#include <stddef.h>

struct di__mhd_buffer {
	const struct di_allocator *allocator; /**< NULL: malloc */
	char *data;                           /**< NULL, or size bytes and a NUL behind them */
	size_t size;
	size_t capacity;
};

/** Memory from the allocator, or NULL; and back to it. release(NULL) is legal. */
void *di__mhd_allocate(const struct di_allocator *allocator, size_t size);
void di__mhd_release(const struct di_allocator *allocator, void *memory, size_t size);

/** Appends a copy of size bytes. Returns 0, or ENOMEM with the buffer unchanged. */
int di__mhd_buffer_append(struct di__mhd_buffer *buffer, const void *data, size_t size);

/** Gives the memory back; the buffer is empty then, and usable. */
void di__mhd_buffer_release(struct di__mhd_buffer *buffer);

#endif
