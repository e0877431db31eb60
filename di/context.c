/* SPDX-License-Identifier: MIT */
#include "di/entry.h"
#include "di/probe.h"

#include <string.h>

/*
 * The life of contexts: opening, closing, and what stays for reuse.
 *
 * A closed context is kept as a spare of its parent, which has its lock in hand anyway when a child
 * opens or closes: in the steady state a request allocates nothing. When a parent closes, it keeps a
 * few spares for its own next use, so that nested contexts find theirs, and the others move to its
 * parent. Debug builds keep spares as a quarantine only, so that the use of a closed context is found.
 */

enum {
	SPARES_MAX = 32,
#ifdef DI_DEBUG
	REUSES = 0,
#else
	REUSES = 1,
#endif
	SPARES_KEPT = REUSES ? 4 : 0
};

size_t di__context_size(const struct di_container *container)
{
	return sizeof(struct di_context) + DI__ARENA_FIRST +
	       container->table->count * (sizeof(void *) + sizeof(struct di_entry *));
}

void di__context_init(struct di_context *context, struct di_container *container, void *first)
{
	uint32_t count = container->table->count;
	char *at = first;

	memset(context, 0, sizeof(*context));
	context->container = container;
	di__arena_init(&context->arena, at, DI__ARENA_FIRST);
	context->lane.own = (void **)(void *)(at + DI__ARENA_FIRST);
	context->entries = (struct di_entry **)(void *)(context->lane.own + count);
	memset(context->lane.own, 0, 2 * sizeof(void *) * count);
	context->spares_end = &context->spares;
}

static struct di_context *allocate_context(struct di_container *container)
{
	struct di_context *context =
		container->allocator.allocate(di__context_size(container),
					      container->allocator.data);

	if (context != NULL) {
		di__context_init(context, container, context + 1);
		di__lock_init(&context->lock, 0);
	}
	return context;
}

void di__context_release(struct di_context *context)
{
	struct di_container *container = context->container;

	di__arena_reset(&context->arena, &container->allocator);
	di__lock_release(&context->lock);
	container->allocator.release(context, di__context_size(container),
				     container->allocator.data);
}

/* Releases the contexts of the list, and the spares that they have kept. */
static void release_list(struct di_context *list)
{
	while (list != NULL) {
		struct di_context *released = list;

		list = released->next;
		if (released->spares != NULL) {
			*released->spares_end = list;
			list = released->spares;
		}
		di__context_release(released);
	}
}

void di__context_release_spares(struct di_context *context)
{
	release_list(context->spares);
	context->spares = NULL;
	context->spares_end = &context->spares;
	context->spares_count = 0;
}

static struct di_context *take_spare(struct di_context *parent)
{
	struct di_context *spare = parent->spares;

	if (spare == NULL)
		return NULL;
	parent->spares = spare->next;
	if (spare->next == NULL)
		parent->spares_end = &parent->spares;
	parent->spares_count--;
	spare->next = NULL;
	return spare;
}

/* Takes a spare into the list, and gives back one to release if there are too many. */
static struct di_context *add_spare(struct di_context *parent, struct di_context *spare)
{
	spare->next = NULL;
	*parent->spares_end = spare;
	parent->spares_end = &spare->next;
	parent->spares_count++;
	return parent->spares_count > SPARES_MAX ? take_spare(parent) : NULL;
}

/* Ready for use, but not yet linked; the parent's lock is held. */
static void begin(struct di_context *context, struct di_context *parent,
		  const struct di_scope *scope, struct di_flow *flow)
{
	struct di_container *container = parent->container;

	context->parent = parent;
	if (context->scope != scope) {
		context->scope = scope;
		context->scope_bits = di__scope_bits(container, scope);
	}
	context->overridden = parent->overridden;
	context->mark = DI_DONE;
	context->private_ = 0;
	context->isolate_items = 0;
	context->number = 0;
	context->since_ns = di__observed(container) ? di__now() : 0;
	if (DI__UNLIKELY((context->scope_bits & container->root_mask) != 0)) {
		context->lane.root = context->lane.own;
		context->root_array = context;
		context->wipe = 1;
	} else {
		context->lane.root = parent->lane.root;
		context->root_array = parent->root_array;
	}
	di__lock_rebias(&context->lock, container->biased ? flow->number : 0);
	context->state = DI__OPEN;
	context->watched = flow->run != NULL && flow->run->making != NULL;
	DI__STORE(context->lane.table, context->watched ? NULL : container->table);
}

static void link_child(struct di_context *parent, struct di_context *child)
{
	child->next = parent->children;
	child->link = &parent->children;
	if (child->next != NULL)
		child->next->link = &child->next;
	parent->children = child;
	parent->children_open++;
}

static void unlink_child(struct di_context *parent, struct di_context *child)
{
	*child->link = child->next;
	if (child->next != NULL)
		child->next->link = child->link;
	parent->children_open--;
}

/* Why a context in that state takes nothing new: what would have been a child or a deferred call. */
static enum di_status refuse(const struct di_context *context, uint8_t state, const char *what,
			     struct di_error *err)
{
	switch (state) {
	case DI__OPEN:
		return di__fail(err, DI_ENOMEM, NULL, "for a %s", what);
	case DI__CHANGING:
		return di__fail(err, DI_EBUSY, NULL,
				"the context of scope %s is being reset or overridden",
				context->scope->name);
	case DI__CLOSING:
		return di__fail(err, DI_ECLOSED, NULL, "the context of scope %s is closing",
				context->scope->name);
	default:
		return di__misuse(err, DI_ECLOSED, NULL, "the context was closed before");
	}
}

static struct di_context *open_child(struct di_context *parent, const struct di_scope *scope,
				     struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di_context *child = NULL;
	uint8_t state;

	if (di__prepare(parent->container, err) != DI_OK)
		return NULL;
	di__lock_context(parent, flow);
	state = parent->state;
	if (DI__LIKELY(state == DI__OPEN)) {
		child = REUSES ? take_spare(parent) : NULL;
		if (child == NULL)
			child = allocate_context(parent->container);
		if (child != NULL) {
			begin(child, parent, scope, flow);
			link_child(parent, child);
		}
	}
	di__unlock_context(parent, flow);
	if (DI__UNLIKELY(child == NULL))
		refuse(parent, state, "context", err);
	return child;
}

static void tell_opened(struct di_context *context)
{
	if (DI__LIKELY(!di__observed(context->container)))
		return;
	di__tell(context, DI_EVENT_OPENED, NULL, 0, DI_DONE, NULL);
}

struct di_context *di_context_open(struct di_context *parent, const struct di_scope *scope,
				   struct di_error *err)
{
	struct di_context *context;

	if (parent == NULL || scope == NULL || scope == &di_scope_any) {
		di__misuse(err, DI_EINVAL, NULL, "%s",
			   parent == NULL ? "there is no parent context" :
			   scope == NULL  ? "there is no scope" :
					    "a context of scope any cannot be opened");
		return NULL;
	}
	context = open_child(parent, scope, err);
	if (context != NULL)
		tell_opened(context);
	return context;
}

struct di_context *di__context_open_private(struct di_context *parent, struct di_error *err)
{
	struct di_context *context = open_child(parent, &di_scope_inject, err);

	if (context != NULL) {
		context->private_ = 1;
		tell_opened(context);
	}
	return context;
}

/* ---- Closing. ---- */

/*
 * Ends everything, newest first. Once a context closes, its stack and its memory are the closer's
 * alone: whoever else comes may still see values, and takes no part in the rest. So no lock is taken.
 */
enum di_status di__context_tear_down(struct di_flow *flow, struct di_context *context,
				     enum di_outcome outcome, struct di_error *err)
{
	struct di__run run = { flow->run, context, NULL, flow->entered_count };
	enum di_status status = DI_OK;
	int observed = di__observed(context->container);
	struct di_entry *entry;

	flow->run = &run;
	while ((entry = di__entry_pop(context)) != NULL) {
		if (DI__UNLIKELY(observed)) {
			di__entry_end(flow, entry, outcome, &status, err);
		} else {
			int cause = di__entry_run_end(entry, outcome);

			DI__PROBE(torn_down, entry->provider, context);
			if (DI__UNLIKELY(cause != 0))
				di__entry_failed(entry, cause, &status, err);
		}
		if (DI__UNLIKELY(di__entry_holds(entry)))
			di__entry_free(entry);
	}
	flow->run = run.outer;
	return status;
}

static void forget_nodes(struct di_context *context)
{
	const struct di_allocator *allocator = &context->container->allocator;
	struct di__item_node *item = context->items;
	struct di__substitute *substitute = context->substitutes;

	DI__STORE(context->items, NULL);
	context->substitutes = NULL;
	while (item != NULL) {
		struct di__item_node *next = item->next;

		di__arena_give(&context->arena, allocator, item, sizeof(*item));
		item = next;
	}
	while (substitute != NULL) {
		struct di__substitute *next = substitute->next;

		di__arena_give(&context->arena, allocator, substitute, sizeof(*substitute));
		substitute = next;
	}
}

/* Leaves the memory as a new context has it, without touching what was not used. */
static void wipe(struct di_context *context)
{
	struct di_container *container = context->container;
	uint32_t i;

	if (DI__UNLIKELY(context->wipe)) {
		memset(context->lane.own, 0, container->table->count * sizeof(void *));
		if (context->flags != NULL)
			container->allocator.release(context->flags, container->table->count,
						     container->allocator.data);
		context->flags = NULL;
		context->wipe = 0;
	}
	for (i = 0; i < context->aliases_count; i++)
		context->lane.own[context->aliases[i]] = NULL;
	context->aliases_count = 0;
	if (DI__UNLIKELY(context->items != NULL || context->substitutes != NULL))
		forget_nodes(context);
	if (DI__UNLIKELY(context->arena.size > DI__ARENA_KEPT)) {
		di__arena_reset(&context->arena, &container->allocator);
		memset(context->entries, 0, container->table->count * sizeof(struct di_entry *));
	}
}

/* Takes the spares that a closed context does not keep. */
static struct di_context *take_surplus(struct di_context *closed)
{
	struct di_context **link = &closed->spares, *surplus;
	int kept;

	for (kept = 0; kept < SPARES_KEPT; kept++)
		link = &(*link)->next;
	surplus = *link;
	*link = NULL;
	closed->spares_end = link;
	closed->spares_count = SPARES_KEPT;
	return surplus;
}

/* Adds a closed child and the spares that it does not keep; the list returned is to be released. */
static struct di_context *add_spares(struct di_context *parent, struct di_context *closed)
{
	struct di_context *spares, *released = NULL;

	if (DI__LIKELY(closed->spares_count <= SPARES_KEPT))
		return add_spare(parent, closed);
	spares = take_surplus(closed);
	for (;;) {
		struct di_context *next = spares;
		struct di_context *surplus = add_spare(parent, closed);

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

void di__context_retire(struct di_flow *flow, struct di_context *context)
{
	struct di_context *parent = context->parent;
	struct di_context *released;

	wipe(context);
	di__lock_context(parent, flow);
	context->state = DI__CLOSED;
	unlink_child(parent, context);
	released = add_spares(parent, context);
	di__unlock_context(parent, flow);
	if (DI__UNLIKELY(released != NULL))
		release_list(released);
}

static enum di_status busy(const struct di_context *context, struct di_error *err)
{
	const char *scope = context->scope->name;

	if (context->children_open > 0)
		return di__fail(err, DI_EBUSY, NULL, "the context of scope %s has %u open %s", scope,
				context->children_open,
				context->children_open == 1 ? "child" : "children");
	if (context->making > 0)
		return di__fail(err, DI_EBUSY, NULL,
				"something is being made in the context of scope %s", scope);
	return di__fail(err, DI_EBUSY, NULL, "the context of scope %s is being reset or overridden",
			scope);
}

enum di_status di__context_quiet(const struct di_context *context, struct di_error *err)
{
	if (context->state == DI__CLOSED || context->state == DI__CLOSING)
		return di__fail(err, DI_ECLOSED, NULL, "the context is closed");
	if (context->state != DI__OPEN || context->children_open > 0 || context->making > 0)
		return busy(context, err);
	return DI_OK;
}

enum di_status di__context_begin_change(struct di_flow *flow, struct di_context *context,
					struct di_error *err)
{
	enum di_status status;

	di__lock_context(context, flow);
	status = di__context_quiet(context, err);
	if (status == DI_OK) {
		context->state = DI__CHANGING;
		di__lane_update(context, NULL);
	}
	di__unlock_context(context, flow);
	return status;
}

void di__context_end_change(struct di_flow *flow, struct di_context *context)
{
	di__lock_context(context, flow);
	context->state = DI__OPEN;
	di__lane_update(context, context->container->table);
	di__unlock_context(context, flow);
}

static enum di_status begin_closing(struct di_context *context, enum di_outcome *outcome,
				    struct di_error *err)
{
	enum di_status status;

	if (DI__UNLIKELY(context->state != DI__OPEN ||
			 (context->children_open | context->making) > 0)) {
		status = di__context_quiet(context, err);
		if (status != DI_OK)
			return status;
	}
	if (DI__UNLIKELY(context->entered > 0))
		return di__fail(err, DI_EBUSY, NULL, "the context of scope %s is entered",
				context->scope->name);
	context->state = DI__CLOSING;
	DI__STORE(context->lane.table, NULL);
	if (context->mark > *outcome)
		*outcome = (enum di_outcome)context->mark;
	return DI_OK;
}

enum di_status di_context_close(struct di_context *context, enum di_outcome outcome,
				struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status;

	if (DI__UNLIKELY(context == NULL || context->parent == NULL || outcome > DI_CANCELLED))
		return di__misuse(err, DI_EINVAL, NULL, "%s",
				  context == NULL	  ? "there is no context to close" :
				  context->parent == NULL ? "the root context ends with its container" :
							    "that is no outcome");
	di__lock_context(context, flow);
	status = begin_closing(context, &outcome, err);
	di__unlock_context(context, flow);
	if (DI__UNLIKELY(status != DI_OK))
		return status != DI_ECLOSED ?
			       status :
			       di__misuse(err, DI_ECLOSED, NULL, "the context was closed before");
	status = di__context_tear_down(flow, context, outcome, err);
	if (di__observed(context->container))
		di__tell(context, DI_EVENT_CLOSED, NULL, 0, outcome, NULL);
	di__context_retire(flow, context);
	return status;
}

enum di_status di_context_mark(struct di_context *context, enum di_outcome outcome,
			       struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	int closed;

	if (context == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no context to mark");
	if (outcome > DI_CANCELLED)
		return di__misuse(err, DI_EINVAL, NULL, "%d is no outcome", (int)outcome);
	di__lock_context(context, flow);
	closed = context->state == DI__CLOSED || context->state == DI__CLOSING;
	if (!closed && outcome > context->mark)
		context->mark = (uint8_t)outcome;
	di__unlock_context(context, flow);
	if (closed)
		return di__fail(err, DI_ECLOSED, NULL, "its outcome is settled");
	return DI_OK;
}

enum di_status di_context_defer(struct di_context *context, di_defer_fn *function, void *data,
				struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di_entry *entry = NULL;
	uint8_t state;

	if (context == NULL || function == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no %s to defer",
				  context == NULL ? "context" : "function");
	di__lock_context(context, flow);
	state = context->state;
	if (state == DI__OPEN)
		entry = di__entry_new(context, NULL);
	if (entry != NULL) {
		entry->value = data;
		entry->more.deferred = function;
		di__entry_push(entry);
	}
	di__unlock_context(context, flow);
	if (entry != NULL)
		return DI_OK;
	return refuse(context, state, "deferred call", err);
}

void di__context_alias(struct di_context *context, uint32_t row, void *value)
{
	if (context->aliases_count < DI__ALIASES_MAX)
		context->aliases[context->aliases_count++] = row;
	else
		context->wipe = 1;
	DI__STORE(context->lane.own[row], value);
}

int di__context_needs_flags(struct di_context *context)
{
	const struct di_container *container = context->container;
	uint32_t count = container->table->count;

	if (context->flags == NULL) {
		uint8_t *flags = container->allocator.allocate(count, container->allocator.data);

		if (flags == NULL)
			return 0;
		memset(flags, 0, count);
		DI__STORE(context->flags, flags);
	}
	DI__STORE_RELAXED(context->overridden, 1);
	if (context->parent != NULL) {
		context->wipe = 1;
		DI__STORE(context->root_array, context);
		DI__STORE(context->lane.root, context->lane.own);
	}
	return 1;
}

struct di_context *di_context_parent(const struct di_context *context)
{
	return context != NULL ? context->parent : NULL;
}

const struct di_scope *di_context_scope(const struct di_context *context)
{
	return context != NULL ? context->scope : NULL;
}

/* Given when first asked for: most contexts are never looked at. */
uint64_t di_context_number(const struct di_context *context)
{
	uint64_t *number, none = 0, next;

	if (context == NULL)
		return 0;
	number = (uint64_t *)(uintptr_t)&context->number;
	if (DI__LOAD(*number) != 0)
		return DI__LOAD(*number);
	next = __atomic_add_fetch(&context->container->contexts, 1, __ATOMIC_RELAXED);
	__atomic_compare_exchange_n(number, &none, next, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
	return DI__LOAD(*number);
}

/* ---- DI_WITH_CONTEXT. ---- */

struct di__with di__with_open(struct di_context *parent, const struct di_scope *scope)
{
	struct di__with with = { NULL, 0, 0 };
	struct di_error err = { 0 };

	with.context = di_context_open(parent, scope, &err);
	if (with.context == NULL && parent != NULL)
		di__tell(parent, DI_EVENT_FAILED, NULL, 0, DI_FAILED, &err);
	return with;
}

void di__with_close(struct di__with *with)
{
	struct di_context *context = with->context;
	struct di_context *parent = di_context_parent(context);
	struct di_error err = { 0 };
	enum di_status status;

	if (context == NULL)
		return;
	status = di_context_close(context, with->done ? DI_DONE : DI_FAILED, &err);
	/* Finalizers that failed have been told one by one. */
	if (status != DI_OK && status != DI_EFINALIZE)
		di__tell(parent, DI_EVENT_FAILED, NULL, 0, DI_FAILED, &err);
}
