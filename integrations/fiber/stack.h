/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_FIBER_STACK_H
#define DI_FIBER_STACK_H

/**
 * Stacks of fibers: mapped, with a page below that nobody may touch, and kept for the next fiber.
 * Private to the library.
 */

#include <stddef.h>
#include <stdint.h>

/** A stack; at its own upper end, so that taking a kept one touches no other page. */
struct di__fiber_stack {
	struct di__fiber_stack *next; /* among the kept ones */
	void *memory;                 /* what the fiber may use */
	size_t size;                  /* of that */
	unsigned valgrind;            /* its number there */
};

struct di__fiber_stacks {
	struct di__fiber_stack *kept;
	size_t count, most; /* kept now, and at most */
	size_t size;        /* of each, whole pages without the guard */
};

/** Stacks of at least that size, 0 for the usual one. */
void di__fiber_stacks_init(struct di__fiber_stacks *stacks, size_t size, size_t most);
void di__fiber_stacks_release(struct di__fiber_stacks *stacks);

/** A stack, or NULL: no memory, or too many mappings. */
struct di__fiber_stack *di__fiber_stack_take(struct di__fiber_stacks *stacks);
/** Keeps it, or gives its memory back. It is not to be the one that is in use. */
void di__fiber_stack_give(struct di__fiber_stacks *stacks, struct di__fiber_stack *stack);

#endif
