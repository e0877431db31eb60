/* SPDX-License-Identifier: MIT */
#include "containers/pool.h"
#include "di/libc.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

struct di__pool_chunk {
	struct di__pool_chunk *next;
	size_t size;
};

/* What stands in pools is of these. */
union unit {
	void *pointer;
	uint64_t number;
	double real;
	size_t size;
};

enum {
	FIRST_CHUNK = 2048,
	LARGEST_CHUNK = 262144,
	STEP = alignof(union unit)
};

void di__pool_init(struct di__pool *pool, const struct di_allocator *allocator)
{
	*pool = (struct di__pool){ .allocator = *di__or_libc(allocator) };
}

void di__pool_release(struct di__pool *pool)
{
	struct di_allocator allocator = pool->allocator;
	struct di__pool_chunk *chunk = pool->chunks;

	pool->chunks = NULL;
	pool->left = 0;
	while (chunk != NULL) {
		struct di__pool_chunk *next = chunk->next;

		allocator.release(chunk, chunk->size, allocator.data);
		chunk = next;
	}
}

static size_t round_up(size_t size)
{
	return (size + STEP - 1) / STEP * STEP;
}

/* Chunks grow with the pool, so that there are few of a large one and a small one is small. */
static void *take_from_new_chunk(struct di__pool *pool, size_t size)
{
	size_t header = round_up(sizeof(struct di__pool_chunk));
	size_t room = pool->chunks == NULL ? FIRST_CHUNK : pool->chunks->size * 2;
	struct di__pool_chunk *chunk;

	if (room > LARGEST_CHUNK)
		room = LARGEST_CHUNK;
	if (room < size + header)
		room = size + header;
	chunk = pool->allocator.allocate(room, pool->allocator.data);
	if (chunk == NULL)
		return NULL;
	chunk->next = pool->chunks;
	chunk->size = room;
	pool->chunks = chunk;
	pool->at = (char *)chunk + header + size;
	pool->left = room - header - size;
	return (char *)chunk + header;
}

void *di__pool_take(struct di__pool *pool, size_t size)
{
	void *taken = pool->at;

	if (size > SIZE_MAX / 4)
		return NULL;
	size = round_up(size > 0 ? size : 1);
	if (pool->left < size)
		return take_from_new_chunk(pool, size);
	pool->at += size;
	pool->left -= size;
	return taken;
}

void *di__pool_array(struct di__pool *pool, size_t count, size_t size)
{
	void *taken = size == 0 || count <= SIZE_MAX / 4 / size ? di__pool_take(pool, count * size)
								: NULL;

	return taken != NULL ? memset(taken, 0, count * size) : NULL;
}

/* Texts stand at the end of a chunk, without gaps between them. */
static char *take_from_end(struct di__pool *pool, size_t size)
{
	if (pool->left < size)
		return di__pool_take(pool, size);
	pool->left -= size;
	return pool->at + pool->left;
}

char *di__pool_copy(struct di__pool *pool, const char *text, size_t length)
{
	char *copy = take_from_end(pool, length + 1);

	if (copy == NULL)
		return NULL;
	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}
