/* SPDX-License-Identifier: MIT */
#include "di/entry.h"
#include "di/park.h"
#include "di/spare.h"
#include "di/threads.h"

#include <string.h>

/*
 * Opening contexts, and what is said of them and put on them while they are open. Closing is in
 * close.c.
 */

/* Ready for use, but not yet linked; the parent's lock is held. */
static void begin(struct di_context *context, struct di_context *parent,
		  const struct di_scope *scope, struct di_flow *flow)
{
	struct di_container *container = parent->container;

	if (DI__UNLIKELY(context->children != NULL))
		di__park_clear(context, flow);
	context->parent = parent;
	DI__STORE_RELAXED(context->opener, flow->number);
	if (context->scope != scope) {
		context->scope = scope;
		context->scope_bits = di__scope_bits(container, scope);
	}
	context->overridden = parent->overridden;
	context->deviates = parent->deviates;
	if (DI__UNLIKELY(parent->threaded != 0)) {
		context->threaded = DI__BELOW_THREAD;
		context->thread = parent->thread;
		context->belongs = parent->belongs;
		context->entered = context->held = 1;
	}
	context->mark = DI_DONE;
	context->private_ = 0;
	context->isolate_items = 0;
	context->number = 0;
	context->since_ns = di__observed(container) ? di__now() : 0;
	if (DI__UNLIKELY((context->scope_bits & container->root_mask) != 0)) {
		context->lane.root = context->lane.own;
		context->root_array = context;
		context->used = context->wipe = 1;
	} else {
		context->lane.root = parent->lane.root;
		context->root_array = parent->root_array;
	}
	/* Where no lock is biased it is nobody's own: what a thread has is refused to others. */
	DI__STORE_RELAXED(context->careful, context->observed | context->connects |
						    context->deviates |
						    (!DI__LOCK_BIASES && context->threaded != 0));
	di__lock_rebias(&context->lock, container->biased ? flow->number : 0);
	context->state = DI__OPEN;
	context->watched = flow->run != NULL && flow->run->making != NULL;
	DI__STORE(context->lane.table, context->watched ? NULL : container->table);
}

/*
 * Why a context in that state takes nothing new: what would have been a child or a deferred call.
 */
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
	default:
		return di__closed(context, state, NULL, err);
	}
}

static struct di_context *take_closed(struct di_context *parent, struct di_flow *flow)
{
	struct di_context *context = di__park_take(parent, flow);

	return context != NULL ? context : di__spare_take(parent);
}

static DI__NOINLINE struct di_context *open_child(struct di_context *parent,
						  const struct di_scope *scope,
						  struct di_flow *flow, struct di_error *err)
{
	struct di_context *child = NULL;
	int elsewhere;
	uint8_t state;

	if (di__prepare(parent->container, err) != DI_OK)
		return NULL;
	di__lock_context(parent, flow);
	state = parent->state;
	elsewhere = parent->threaded && di__belongs_elsewhere(parent, flow);
	if (elsewhere) {
		di__refuse_change(parent, err);
	} else if (DI__LIKELY(state == DI__OPEN)) {
		child = DI__SPARES_REUSED ? take_closed(parent, flow) : NULL;
		if (child == NULL)
			child = di__context_allocate(parent->container);
		if (child != NULL) {
			begin(child, parent, scope, flow);
			di__child_link(parent, child);
			di__park_claim(parent, child, flow);
		}
	}
	di__unlock_context(parent, flow);
	if (DI__UNLIKELY(child == NULL) && !elsewhere)
		refuse(parent, state, "context", err);
	return child;
}

static void tell_opened(struct di_context *context)
{
	if (DI__LIKELY(!di__observed(context->container)))
		return;
	di__tell(context, DI_EVENT_OPENED, NULL, 0, DI_DONE, NULL);
}

static DI__NOINLINE struct di_context *
open_slowly(struct di_context *parent, const struct di_scope *scope, struct di_error *err)
{
	struct di_context *context;

	if (parent == NULL || scope == NULL) {
		di__misuse(err, DI_EINVAL, NULL, "there is no %s",
			   parent == NULL ? "parent context" : "scope");
		return NULL;
	}
	if (scope == &di_scope_any || scope == &di__scope_thread) {
		di__misuse(err, DI_EINVAL, NULL, "a context of scope %s cannot be opened",
			   scope->name);
		return NULL;
	}
	context = open_child(parent, scope, di__flow_get(), err);
	if (context != NULL)
		tell_opened(context);
	return context;
}

/* What was claimed could not be opened. */
static DI__NOINLINE struct di_context *
open_another(struct di_context *claimed, const struct di_scope *scope, struct di_error *err)
{
	struct di_context *parent = claimed->parent;

	di__lock_give_biased(&claimed->lock);
	return open_slowly(parent, scope, err);
}

/* It is open, and its bias has ended meanwhile. */
static DI__NOINLINE struct di_context *open_with_care(struct di_context *opened)
{
	di__lock_end_bias(&opened->lock);
	return opened;
}

/* All that is not hot is a call at the end, so that nothing is saved on the stack. */
struct di_context *di_context_open(struct di_context *parent, const struct di_scope *scope,
				   struct di_error *err)
{
	const struct di_flow *flow = di__flow;
	struct di_context *context = NULL;

	if (DI__LIKELY(parent != NULL) && DI__LIKELY(flow->run == NULL))
		context = di__park_find(parent, scope, flow);
	if (DI__UNLIKELY(context == NULL))
		return open_slowly(parent, scope, err);
	if (DI__UNLIKELY(!di__lock_claim(&context->lock)) ||
	    DI__UNLIKELY(!di__park_open(context, parent)))
		return open_another(context, scope, err);
	if (DI__UNLIKELY(!di__lock_resign(&context->lock)))
		return open_with_care(context);
	return context;
}

struct di_context *di__context_open_private(struct di_context *parent, const struct di_scope *scope,
					    struct di_error *err)
{
	struct di_context *context = di_context_open(parent, scope, err);

	if (DI__LIKELY(context != NULL))
		context->private_ = 1;
	return context;
}

enum di_status di_context_mark(struct di_context *context, enum di_outcome outcome,
			       struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	uint8_t state;

	if (context == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no context to mark");
	if (outcome > DI_CANCELLED)
		return di__misuse(err, DI_EINVAL, NULL, "%d is no outcome", (int)outcome);
	di__lock_context(context, flow);
	state = context->state;
	if (!di__is_over(state) && outcome > context->mark)
		context->mark = (uint8_t)outcome;
	di__unlock_context(context, flow);
	if (state == DI__CLOSING)
		return di__fail(err, DI_ECLOSED, NULL, "its outcome is settled");
	return di__is_over(state) ? di__closed(context, state, NULL, err) : DI_OK;
}

enum di_status di_context_defer(struct di_context *context, di_defer_fn *function, void *data,
				struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di_entry *entry = NULL;
	uint8_t state;

	if (context == NULL || function == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no %s",
				  context == NULL ? "context to defer a call in"
						  : "function to defer");
	di__lock_context(context, flow);
	state = context->state;
	if (state == DI__OPEN)
		entry = di__entry_new(context, NULL);
	if (entry != NULL) {
		entry->value = data;
		entry->more.deferred = function;
		if (DI__UNLIKELY(context->threaded == DI__THREAD_PLACE))
			di__thread_created(entry);
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
	context->used = 1;
	DI__STORE(context->lane.own[row], value);
}

int di__context_needs_flags(struct di_context *context, int deviates)
{
	const struct di_container *container = context->container;
	uint32_t count = container->rows;

	if (context->flags == NULL) {
		uint8_t *flags = container->allocator.allocate(count, container->allocator.data);

		if (flags == NULL)
			return 0;
		memset(flags, 0, count);
		DI__STORE(context->flags, flags);
	}
	if (deviates) {
		DI__STORE_RELAXED(context->deviates, 1);
		DI__STORE_RELAXED(context->careful, 1);
	}
	DI__STORE_RELAXED(context->overridden, 1);
	if (DI__UNLIKELY(context->children != NULL))
		di__park_end(context, di__flow_get());
	if (context->parent != NULL) {
		context->used = context->wipe = 1;
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
