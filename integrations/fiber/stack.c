/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* for MAP_ANONYMOUS and MAP_STACK */
#include "integrations/fiber/stack.h"

#include "integrations/fiber/fiber.h"

#include <sys/mman.h>
#include <unistd.h>

#if defined(__has_include)
#if __has_include(<valgrind/valgrind.h>)
#include <valgrind/valgrind.h>
#endif
#endif
#ifndef VALGRIND_STACK_REGISTER
#define VALGRIND_STACK_REGISTER(begin_, end_) ((void)(begin_), (void)(end_), 0u)
#define VALGRIND_STACK_DEREGISTER(number_) ((void)(number_))
#endif

enum {
	SMALLEST = 16 * 1024 /* a signal handler's frame and printf() fit */
};

static size_t page_size(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

void di__fiber_stacks_init(struct di__fiber_stacks *stacks, size_t size, size_t most)
{
	size_t page = page_size();

	if (size == 0)
		size = DI_FIBER_STACK_SIZE;
	if (size < SMALLEST)
		size = SMALLEST;
	stacks->kept = NULL;
	stacks->count = 0;
	stacks->most = most;
	stacks->size = size < SIZE_MAX - 2 * page ? (size + page - 1) / page * page : 0;
}

/* The header is aligned as the stack has to be. */
static struct di__fiber_stack *header_of(char *memory, size_t size)
{
	size_t header = (sizeof(struct di__fiber_stack) + 63) / 64 * 64;

	return (struct di__fiber_stack *)(void *)(memory + size - header);
}

static struct di__fiber_stack *map(size_t size)
{
	size_t guard = page_size();
	struct di__fiber_stack *stack;
	char *memory;

	if (size == 0)
		return NULL;
	memory = mmap(NULL, guard + size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
	if (memory == MAP_FAILED)
		return NULL;
	if (mprotect(memory, guard, PROT_NONE) != 0) {
		munmap(memory, guard + size);
		return NULL;
	}
	stack = header_of(memory + guard, size);
	stack->memory = memory + guard;
	stack->size = (size_t)((char *)stack - (memory + guard));
	stack->valgrind = VALGRIND_STACK_REGISTER(stack->memory, (char *)stack);
	return stack;
}

static void unmap(struct di__fiber_stack *stack, size_t size)
{
	size_t guard = page_size();

	VALGRIND_STACK_DEREGISTER(stack->valgrind);
	munmap((char *)stack->memory - guard, guard + size);
}

struct di__fiber_stack *di__fiber_stack_take(struct di__fiber_stacks *stacks)
{
	struct di__fiber_stack *stack = stacks->kept;

	if (stack == NULL)
		return map(stacks->size);
	stacks->kept = stack->next;
	stacks->count--;
	return stack;
}

void di__fiber_stack_give(struct di__fiber_stacks *stacks, struct di__fiber_stack *stack)
{
	if (stacks->count == stacks->most) {
		unmap(stack, stacks->size);
		return;
	}
	stack->next = stacks->kept;
	stacks->kept = stack;
	stacks->count++;
}

void di__fiber_stacks_release(struct di__fiber_stacks *stacks)
{
	struct di__fiber_stack *stack;

	while ((stack = stacks->kept) != NULL) {
		stacks->kept = stack->next;
		unmap(stack, stacks->size);
	}
	stacks->count = 0;
}
