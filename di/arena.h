/* SPDX-License-Identifier: MIT */
#ifndef DI_ARENA_H
#define DI_ARENA_H

/* private */

/**
 * The memory of one context: blocks cut from chunks. A block that is given back is reused for the
 * next block of its size class; chunks stay, also when the context is used again. Callers hold the
 * lock of the context.
 */

#include "di/allocator.h"
#include "di/compiler.h"

#include <stddef.h>

enum {
	DI__ARENA_STEP = 32, /* size classes are multiples of this ... */
	DI__ARENA_CLASSES = 19,
	DI__ARENA_LARGEST = 608, /* ... up to this; larger blocks are chunks of their own */
	DI__ARENA_FIRST = 768,   /* bytes that come with every context but the root */
	DI__ARENA_KEPT = 65536   /* bytes of chunks that a context keeps for its next use */
};

struct di__chunk {
	struct di__chunk *next, **link;
	size_t size; /* all of it, header included */
};

struct di__arena {
	char *at, *end;           /* what is left of the chunk in use */
	struct di__chunk *chunks; /* newest first; the one that came with us is not here */
	void *returned[DI__ARENA_CLASSES + 1]; /* by rounded size; the first is always empty */
	size_t size;                           /* of all chunks */
	char *first;                           /* the chunk that came with the context */
	size_t first_size;
	unsigned char *outgrown; /* set to 1 where more than DI__ARENA_KEPT is taken; or NULL */
};

void di__arena_init(struct di__arena *arena, void *first, size_t size);

void *di__arena_take_slowly(struct di__arena *arena, const struct di_allocator *allocator,
			    size_t size);

/* The same as di__arena_take() where that needs no more memory, else NULL. */
static inline void *di__arena_take_quickly(struct di__arena *arena, size_t size)
{
	size_t class = (size + DI__ARENA_STEP - 1) / DI__ARENA_STEP;
	char *block;

	if (DI__UNLIKELY(class > DI__ARENA_CLASSES))
		return NULL;
	block = arena->returned[class];
	if (block != NULL) {
		arena->returned[class] = *(void **)(void *)block;
		return block;
	}
	block = arena->at;
	if (DI__UNLIKELY((size_t)(arena->end - block) < class * DI__ARENA_STEP))
		return NULL;
	DI__ASSUME(block != NULL);
	arena->at = block + class * DI__ARENA_STEP;
	return block;
}

/* A block of at least size bytes aligned for pointers, or NULL. */
static inline void *di__arena_take(struct di__arena *arena, const struct di_allocator *allocator,
				   size_t size)
{
	void *block = di__arena_take_quickly(arena, size);

	return DI__LIKELY(block != NULL) ? block : di__arena_take_slowly(arena, allocator, size);
}

void di__arena_give_slowly(struct di__arena *arena, const struct di_allocator *allocator,
			   void *block);

/* Takes back a block of that size. */
static inline void di__arena_give(struct di__arena *arena, const struct di_allocator *allocator,
				  void *block, size_t size)
{
	size_t class = (size + DI__ARENA_STEP - 1) / DI__ARENA_STEP;

	if (DI__UNLIKELY(class > DI__ARENA_CLASSES)) {
		di__arena_give_slowly(arena, allocator, block);
		return;
	}
	if ((char *)block + class * DI__ARENA_STEP == arena->at) {
		arena->at = block;
		return;
	}
	*(void **)block = arena->returned[class];
	arena->returned[class] = block;
}

/* Forgets all blocks and releases every chunk. */
void di__arena_reset(struct di__arena *arena, const struct di_allocator *allocator);

#endif
