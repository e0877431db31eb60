/* SPDX-License-Identifier: MIT */
#include "di/spare.h"

#include "di/get.h"
#include "di/operation.h"
#include "di/park.h"

#include <string.h>

/*
 * The memory of contexts, as a new one has it and as a closed one keeps it.
 */

size_t di__context_size(uint32_t rows, size_t first_size)
{
	return sizeof(struct di_context) + first_size + sizeof(void *) +
	       rows * (sizeof(void *) + sizeof(struct di_entry *));
}

void di__context_init(struct di_context *context, struct di_container *container, size_t first_size)
{
	uint32_t count = container->rows;
	char *at = (char *)(context + 1);

	memset(context, 0, sizeof(*context));
	context->container = container;
	context->observed = (uint8_t)di__observed(container);
	context->connects = container->parts_count > 0;
	context->careful = context->observed | context->connects;
	di__arena_init(&context->arena, at, first_size);
	context->arena.outgrown = &context->used;
	/* In front of the values stands what DI_CONTEXT means: its index is -1. */
	context->lane.own = (void **)(void *)(at + first_size) + 1;
	context->lane.own[-1] = context;
	context->entries = (struct di_entry **)(void *)(context->lane.own + count);
	memset(context->lane.own, 0, 2 * sizeof(void *) * count);
	context->spares_end = &context->spares;
}

struct di_context *di__context_allocate(struct di_container *container)
{
	size_t size = di__context_size(container->rows, DI__ARENA_FIRST);
	struct di_context *context = container->allocator.allocate(size, container->allocator.data);

	if (context != NULL) {
		di__context_init(context, container, DI__ARENA_FIRST);
		di__lock_init(&context->lock, 0);
	}
	return context;
}

void di__context_release(struct di_context *context)
{
	struct di_container *container = context->container;

	di__direct_get_release(context);
	di__direct_drop_release(context);
	di__arena_reset(&context->arena, &container->allocator);
	di__lock_release(&context->lock);
	container->allocator.release(context, di__context_size(container->rows, DI__ARENA_FIRST),
				     container->allocator.data);
}

void di__context_release_list(struct di_context *list)
{
	struct di_flow *flow = di__flow_get();

	while (list != NULL) {
		struct di_context *released = list;

		list = released->next;
		di__park_clear(released, flow);
		if (released->spares != NULL) {
			*released->spares_end = list;
			list = released->spares;
		}
		di__context_release(released);
	}
}

void di__context_release_spares(struct di_context *context)
{
	di__context_release_list(context->spares);
	context->spares = NULL;
	context->spares_end = &context->spares;
	context->spares_count = 0;
}

/* Takes the spares that a closed context does not keep. */
static struct di_context *take_surplus(struct di_context *closed)
{
	struct di_context **link = &closed->spares, *surplus;
	int kept;

	for (kept = 0; kept < DI__SPARES_KEPT; kept++)
		link = &(*link)->next;
	surplus = *link;
	*link = NULL;
	closed->spares_end = link;
	closed->spares_count = DI__SPARES_KEPT;
	return surplus;
}

struct di_context *di__spare_add_all(struct di_context *parent, struct di_context *closed)
{
	struct di_context *spares = take_surplus(closed), *released = NULL;

	for (;;) {
		struct di_context *next = spares;
		struct di_context *surplus = di__spare_add_one(parent, closed);

		if (surplus != NULL) {
			surplus->next = released;
			released = surplus;
		}
		if (next == NULL)
			return released;
		closed = next;
		spares = next->next;
	}
}
