/* SPDX-License-Identifier: MIT */
#include "di/dependents.h"
#include "di/text.h"
#include "di/threads.h"

#include <inttypes.h>

/*
 * What is alive, as text, parents before children. The locks of a context and of those above it are
 * held while it is written, outer before inner, so that none ends under our feet; nothing of the
 * user's is called meanwhile.
 */

static void append_since(struct di__text *text, uint64_t since_ns)
{
	if (since_ns != 0)
		di__text_append(text, " since %" PRIu64 ".%09" PRIu64,
				since_ns / UINT64_C(1000000000), since_ns % UINT64_C(1000000000));
	di__text_append(text, "\n");
}

static void append_entries(struct di__text *text, const struct di_context *context, int depth)
{
	const struct di_entry *entry;

	for (entry = di__link_newer(context); entry != NULL; entry = entry->newer) {
		di__text_append(text, "%*s", depth * 2 + 2, "");
		if (entry->provider == NULL)
			di__text_append(text, "(deferred call)");
		else
			di__text_append(text, "%s: %s", entry->provider->name,
					entry->provider->kind->name);
		append_since(text, di__observed(context->container) ? entry->since_ns : 0);
	}
}

static void append_connected(struct di__text *text, const struct di_container *container)
{
	uint32_t i;

	for (i = 0; i < container->connections_count; i++)
		di__text_append(text, "%s%s", i == 0 ? "connects " : ", ",
				container->connections[i].connected->table->name);
	if (i > 0)
		di__text_append(text, "\n");
}

static void append_context(struct di__text *text, struct di_context *context, uint8_t state,
			   int depth)
{
	di__text_append(text, "%*scontext %" PRIu64 ", scope %s", depth * 2, "",
			di_context_number(context), context->scope->name);
	if (DI__LOAD_RELAXED(context->belongs) != 0)
		di__text_append(text, ", of thread %" PRIu64, DI__LOAD_RELAXED(context->belongs));
	if (state == DI__CLOSING)
		di__text_append(text, ", closing");
	append_since(text, context->since_ns);
	/* What is left of a context that closes belongs to who closes it. */
	if (state != DI__CLOSING)
		append_entries(text, context, depth);
}

/* Gives up locks on the way to the next context that has not been written; NULL when all have. */
static struct di_context *next_context(struct di_context *at, struct di_flow *flow, int *depth)
{
	struct di_context *next = DI__LOAD(at->state) >= DI__OPEN ? at->children : NULL;

	if (next != NULL) {
		*depth += 1;
		return next;
	}
	while (at != NULL) {
		struct di_context *parent = at->parent;

		next = parent != NULL ? at->next : NULL;
		di__unlock_context(at, flow);
		if (next != NULL)
			return next;
		*depth -= 1;
		at = parent;
	}
	return NULL;
}

static void append_below(struct di__text *text, struct di_context *at, struct di_flow *flow,
			 int depth)
{
	uint8_t state;

	for (; at != NULL; at = next_context(at, flow, &depth)) {
		di__lock_context(at, flow);
		/* Who closes it parks it without the lock. */
		state = DI__LOAD(at->state);
		if (state >= DI__OPEN)
			append_context(text, at, state, depth);
	}
}

/* Threads' places are below the root, but not among its children. */
static void append_places(struct di__text *text, const struct di_container *container,
			  struct di_flow *flow)
{
	const struct di__thread *thread;

	di__threads_lock();
	for (thread = container->threads; thread != NULL; thread = thread->next) {
		di__lock_context(container->root, flow);
		append_below(text, thread->place, flow, 1);
	}
	di__threads_unlock();
}

size_t di_container_describe(struct di_container *container, char *buffer, size_t size)
{
	struct di_flow *flow = di__flow_get();
	struct di__text text = { buffer, size, 0 };

	if (size > 0)
		buffer[0] = '\0';
	if (container == NULL)
		return 0;
	append_connected(&text, container);
	append_below(&text, container->root, flow, 0);
	if (container->root->threads)
		append_places(&text, container, flow);
	return text.length;
}
