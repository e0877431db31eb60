/* SPDX-License-Identifier: MIT */
#include "tests/support/failing_allocator.h"

#include <check.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Stands in front of every block. */
struct header {
	alignas(max_align_t) uint64_t magic;
	size_t size;
};

static const uint64_t MAGIC = UINT64_C(0x600dc0de600dc0de);

static void *allocate(size_t size, void *data)
{
	struct failing_allocator *memory = data;
	struct header *header;

	memory->allocations++;
	memory->faults += size == 0;
	if (size > memory->largest)
		memory->largest = size;
	if (memory->fail_always || memory->allocations == memory->fail_at) {
		memory->failures++;
		return NULL;
	}
	header = malloc(sizeof(*header) + size);
	if (header == NULL)
		abort();
	header->magic = MAGIC;
	header->size = size;
	memory->live++;
	memory->live_bytes += size;
	return memset(header + 1, 0xa5, size);
}

static void release(void *block, size_t size, void *data)
{
	struct failing_allocator *memory = data;
	struct header *header = (struct header *)block - 1;

	if (block == NULL || header->magic != MAGIC || header->size != size) {
		memory->faults++;
		return;
	}
	memory->live--;
	memory->live_bytes -= size;
	memset(header, 0xdd, sizeof(*header) + size);
	free(header);
}

void failing_allocator_init(struct failing_allocator *memory)
{
	memset(memory, 0, sizeof(*memory));
	memory->allocator = (struct di_allocator){ allocate, release, memory };
}

void failing_allocator_fail(struct failing_allocator *memory, unsigned long n)
{
	memory->fail_at = n == 0 ? 0 : memory->allocations + n;
}

void failing_allocator_check(const struct failing_allocator *memory)
{
	ck_assert_msg(memory->faults == 0, "%lu wrong sizes or pointers", memory->faults);
	ck_assert_msg(memory->live == 0, "%lu blocks, %zu bytes were not given back", memory->live,
		      memory->live_bytes);
}
