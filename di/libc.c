/* SPDX-License-Identifier: MIT */
#include "di/libc.h"

#include <stdlib.h>

static void *allocate(size_t size, void *data)
{
	(void)data;
	return malloc(size);
}

static void release(void *memory, size_t size, void *data)
{
	(void)size;
	(void)data;
	free(memory);
}

const struct di_allocator di__libc = { allocate, release, NULL };
