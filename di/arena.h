/* SPDX-License-Identifier: MIT */
#ifndef DI_ARENA_H
#define DI_ARENA_H

/* private */

/**
 * The memory of one context: blocks cut from chunks, kept when the context is used again.
 *
 * A block may be given back before, as dropped products are; it is then reused for the next block of
 * its size class. Callers hold the lock of the context.
 */

#include "di/allocator.h"

#include <stddef.h>

enum {
	DI__ARENA_STEP = 32,    /* size classes are multiples of this ... */
	DI__ARENA_CLASSES = 16, /* ... up to 512 bytes; larger blocks are chunks of their own */
	DI__ARENA_FIRST = 768,  /* bytes that come with every context */
	DI__ARENA_KEPT = 65536  /* bytes of chunks kept for the next use of the context */
};

struct di__chunk {
	struct di__chunk *next;
	size_t size; /* all of it, header included */
};

struct di__arena {
	char *at, *end;             /* what is left of the chunk in use */
	struct di__chunk *chunks;   /* in use, newest first; the one that came with us is not here */
	struct di__chunk *kept;     /* empty, for reuse */
	void *returned[DI__ARENA_CLASSES];
	size_t kept_size;
	int has_returned;
	char *first;                /* the chunk that came with the context */
};

void di__arena_init(struct di__arena *arena, void *first, size_t size);

/* A block of at least size bytes aligned for any type, or NULL. */
void *di__arena_take(struct di__arena *arena, const struct di_allocator *allocator, size_t size);

/* Takes back a block of that size. */
void di__arena_give(struct di__arena *arena, const struct di_allocator *allocator, void *block,
		    size_t size);

/* Forgets all blocks; keeps chunks for the next use, within DI__ARENA_KEPT. */
void di__arena_reset(struct di__arena *arena, const struct di_allocator *allocator);

/* Releases every chunk. */
void di__arena_release(struct di__arena *arena, const struct di_allocator *allocator);

#endif
