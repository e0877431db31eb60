/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/buffer.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	SMALLEST = 256
};

void *di__mhd_allocate(const struct di_allocator *allocator, size_t size)
{
	return allocator ? allocator->allocate(size, allocator->data) : malloc(size);
}

void di__mhd_release(const struct di_allocator *allocator, void *memory, size_t size)
{
	if (!memory)
		return;
	if (allocator)
		allocator->release(memory, size, allocator->data);
	else
		free(memory);
}

static size_t capacity_for(const struct di__mhd_buffer *buffer, size_t wanted)
{
	size_t capacity = buffer->capacity > SMALLEST ? buffer->capacity : SMALLEST;

	while (capacity < wanted)
		capacity = capacity > SIZE_MAX / 2 ? wanted : capacity * 2;
	return capacity;
}

static int grow(struct di__mhd_buffer *buffer, size_t wanted)
{
	size_t capacity = capacity_for(buffer, wanted);
	char *data = di__mhd_allocate(buffer->allocator, capacity);

	if (!data)
		return ENOMEM;
	if (buffer->size)
		memcpy(data, buffer->data, buffer->size);
	di__mhd_release(buffer->allocator, buffer->data, buffer->capacity);
	buffer->data = data;
	buffer->capacity = capacity;
	return 0;
}

int di__mhd_buffer_append(struct di__mhd_buffer *buffer, const void *data, size_t size)
{
	if (size >= SIZE_MAX - buffer->size)
		return ENOMEM;
	if (buffer->size + size + 1 > buffer->capacity && grow(buffer, buffer->size + size + 1))
		return ENOMEM;
	if (size)
		memcpy(buffer->data + buffer->size, data, size);
	buffer->size += size;
	buffer->data[buffer->size] = '\0';
	return 0;
}

void di__mhd_buffer_release(struct di__mhd_buffer *buffer)
{
	di__mhd_release(buffer->allocator, buffer->data, buffer->capacity);
	buffer->data = NULL;
	buffer->size = 0;
	buffer->capacity = 0;
}
