/* SPDX-License-Identifier: MIT */
#include "di/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

enum {
	ALIGNMENT = alignof(max_align_t),
	HEADER = (sizeof(struct di__chunk) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT,
	CHUNK = 4096,         /* the first; each further one is larger by what there is ... */
	CHUNK_LARGEST = 16384 /* ... up to this: what is made in many rows takes few of them */
};

void di__arena_init(struct di__arena *arena, void *first, size_t size)
{
	memset(arena, 0, sizeof(*arena));
	arena->first = first;
	arena->first_size = size;
	arena->at = first;
	arena->end = arena->at + size;
}

static size_t rounded(size_t size)
{
	return (size + DI__ARENA_STEP - 1) / DI__ARENA_STEP * DI__ARENA_STEP;
}

static struct di__chunk *new_chunk(const struct di_allocator *allocator, size_t size)
{
	struct di__chunk *chunk = allocator->allocate(size, allocator->data);

	if (chunk != NULL)
		chunk->size = size;
	return chunk;
}

static void add_chunk(struct di__arena *arena, struct di__chunk *chunk)
{
	chunk->next = arena->chunks;
	chunk->link = &arena->chunks;
	if (chunk->next != NULL)
		chunk->next->link = &chunk->next;
	arena->chunks = chunk;
	arena->size += chunk->size;
	if (arena->outgrown != NULL && arena->size > DI__ARENA_KEPT)
		*arena->outgrown = 1;
}

/* A large block is a chunk of its own, so that giving it back releases it. */
static void *take_large(struct di__arena *arena, const struct di_allocator *allocator, size_t size)
{
	struct di__chunk *chunk;

	if (size > SIZE_MAX - HEADER)
		return NULL;
	chunk = new_chunk(allocator, HEADER + size);
	if (chunk == NULL)
		return NULL;
	add_chunk(arena, chunk);
	return (char *)chunk + HEADER;
}

static int use_new_chunk(struct di__arena *arena, const struct di_allocator *allocator)
{
	size_t size = CHUNK + arena->size;
	struct di__chunk *chunk = new_chunk(allocator, size < CHUNK_LARGEST ? size : CHUNK_LARGEST);

	if (chunk == NULL)
		return 0;
	add_chunk(arena, chunk);
	arena->at = (char *)chunk + HEADER;
	arena->end = (char *)chunk + chunk->size;
	return 1;
}

void *di__arena_take_slowly(struct di__arena *arena, const struct di_allocator *allocator,
			    size_t size)
{
	char *block;

	if (size > DI__ARENA_LARGEST)
		return take_large(arena, allocator, size);
	if (!use_new_chunk(arena, allocator))
		return NULL;
	block = arena->at;
	arena->at += rounded(size);
	return block;
}

/* Only large blocks come here. */
void di__arena_give_slowly(struct di__arena *arena, const struct di_allocator *allocator,
			   void *block)
{
	struct di__chunk *chunk = (struct di__chunk *)(void *)((char *)block - HEADER);

	*chunk->link = chunk->next;
	if (chunk->next != NULL)
		chunk->next->link = chunk->link;
	arena->size -= chunk->size;
	allocator->release(chunk, chunk->size, allocator->data);
}

void di__arena_reset(struct di__arena *arena, const struct di_allocator *allocator)
{
	unsigned char *outgrown = arena->outgrown;
	char *first = arena->first;
	size_t size = arena->first_size;

	while (arena->chunks != NULL) {
		struct di__chunk *chunk = arena->chunks;

		arena->chunks = chunk->next;
		allocator->release(chunk, chunk->size, allocator->data);
	}
	di__arena_init(arena, first, size);
	arena->outgrown = outgrown;
}
