/* SPDX-License-Identifier: MIT */
#include "di/entry.h"
#include "di/making.h"
#include "di/operation.h"
#include "di/park.h"
#include "di/probe.h"
#include "di/spare.h"
#include "di/spread.h"
#include "di/threads.h"

#include <stddef.h>
#include <string.h>

/*
 * Closing contexts, and holding them still while they are changed.
 */

/* How a context ends: kept apart from what runs often, which takes what it needs as arguments. */
struct ending {
	struct di_error *err;
	enum di_status status;
};

static DI__NOINLINE void end_with_care(struct di_flow *flow, struct di_entry *entry,
				       enum di_outcome outcome, struct ending *ending)
{
	di__entry_leave_slot(entry);
	di__entry_end(flow, entry, outcome, &ending->status, ending->err);
	di__entry_free(entry);
}

static DI__NOINLINE void note_failure(struct di_entry *entry, int cause, struct ending *ending)
{
	di__entry_failed(entry, cause, &ending->status, ending->err);
}

/* A value of which its provider says all. */
static DI__INLINE void end_value(struct di_context *home, struct di_entry *entry,
				 enum di_outcome outcome, struct ending *ending)
{
	const struct di_provider *provider = entry->provider;
	int cause;

	entry->state = DI__KEPT;
	DI__STORE(home->lane.own[entry->row], NULL);
	cause = provider->destroy(entry->value, outcome);
	DI__PROBE(torn_down, provider, home);
	if (DI__UNLIKELY(cause != 0))
		note_failure(entry, cause, ending);
}

/*
 * Whether nothing but its finalizer is in the way of its end. Products that were made for it are
 * older: they end after it, and then nothing asks for whom.
 */
static DI__INLINE int is_plain(const struct di_entry *entry, uint8_t traits)
{
	return (entry->traits & ~DI__HAS_PRODUCTS) == traits;
}

/* Products, as far as they follow each other: many of few rows, which take turns. */
static DI__NOINLINE struct di_entry *end_products(struct di_entry *entry, enum di_outcome outcome,
						  struct ending *ending)
{
	do {
		const struct di_provider *provider = entry->provider;
		struct di_entry *older = entry->older;
		uint32_t row = provider->index;
		int cause;

		DI__SPREAD(row, cause = provider->destroy(entry->value, outcome));
		DI__PROBE(torn_down, provider, entry->home);
		if (DI__UNLIKELY(cause != 0))
			note_failure(entry, cause, ending);
		di__entry_keep(entry);
		entry = older;
	} while (entry != NULL && is_plain(entry, DI__PRODUCT));
	return entry;
}

/* Returns the entry that is to end next. */
static DI__INLINE struct di_entry *end(struct di_flow *flow, struct di_context *home,
				       struct di_entry *entry, enum di_outcome outcome,
				       struct ending *ending)
{
	struct di_entry *older = entry->older;

	if (DI__LIKELY(is_plain(entry, 0)))
		end_value(home, entry, outcome, ending);
	else if (DI__LIKELY(is_plain(entry, DI__PRODUCT)))
		older = end_products(entry, outcome, ending);
	else
		end_with_care(flow, entry, outcome, ending);
	return older;
}

/* Of a context that is observed, or connects others. */
static DI__NOINLINE void end_all_with_care(struct di_flow *flow, struct di_entry *newest,
					   enum di_outcome outcome, struct ending *ending)
{
	while (newest != NULL) {
		struct di_entry *entry = newest;

		newest = entry->older;
		end_with_care(flow, entry, outcome, ending);
	}
}

/*
 * Ends everything, newest first. Once a context closes, its stack and its memory are the closer's
 * alone: whoever else comes may still see values, and takes no part in the rest. So no lock is
 * taken.
 */
static DI__INLINE enum di_status tear_down(struct di_flow *flow, struct di_context *context,
					   enum di_outcome outcome, struct di_error *err)
{
	struct ending ending = { err, DI_OK };
	struct di_entry *entry = context->newest;
	struct di__run run;

	run.outer = flow->run;
	DI__STORED();
	run.home = context;
	run.making = NULL;
	run.entered = flow->entered_count;
	flow->run = &run;
	context->newest = NULL;
	if (DI__UNLIKELY(context->careful)) {
		end_all_with_care(flow, entry, outcome, &ending);
		entry = NULL;
	}
	/* Places of their own for the first: the next context of the kind mostly ends the same. */
	while (entry != NULL) {
		entry = end(flow, context, entry, outcome, &ending);
		DI__APART(first);
		if (entry == NULL)
			break;
		entry = end(flow, context, entry, outcome, &ending);
		DI__APART(second);
		if (entry == NULL)
			break;
		entry = end(flow, context, entry, outcome, &ending);
		DI__APART(third);
		if (entry == NULL)
			break;
		entry = end(flow, context, entry, outcome, &ending);
		DI__APART(fourth);
	}
	flow->run = run.outer;
	return ending.status;
}

enum di_status di__context_tear_down(struct di_flow *flow, struct di_context *context,
				     enum di_outcome outcome, struct di_error *err)
{
	return tear_down(flow, context, outcome, err);
}

static void forget_nodes(struct di_context *context)
{
	const struct di_allocator *allocator = &context->container->allocator;
	struct di__item_node *item = context->items;
	struct di__substitute *substitute = context->substitutes;

	DI__STORE(context->items, NULL);
	DI__STORE(context->substitutes, NULL);
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
static DI__NOINLINE void wipe(struct di_context *context)
{
	struct di_container *container = context->container;
	uint32_t i;

	if (DI__UNLIKELY(context->wipe)) {
		memset(context->lane.own, 0, container->rows * sizeof(void *));
		if (context->flags != NULL)
			container->allocator.release(context->flags, container->rows,
						     container->allocator.data);
		context->flags = NULL;
		context->wipe = 0;
	}
	for (i = 0; i < context->aliases_count; i++)
		context->lane.own[context->aliases[i]] = NULL;
	context->aliases_count = 0;
	context->used = 0;
	context->isolate_items = 0;
	if (DI__UNLIKELY(context->items != NULL || context->substitutes != NULL))
		forget_nodes(context);
	if (DI__UNLIKELY(context->arena.size > DI__ARENA_KEPT)) {
		di__arena_reset(&context->arena, &container->allocator);
		memset(context->entries, 0, container->rows * sizeof(struct di_entry *));
	}
}

static void clear(struct di_context *context)
{
	if (DI__UNLIKELY(context->used))
		wipe(context);
}

/*
 * Makes it a spare. But what may not be taken out of its place stays there, stale; and else, what
 * is pinned is nobody's: who lets go of it last releases it.
 */
static void retire(struct di_flow *flow, struct di_context *context, int alone)
{
	struct di_context *parent = context->parent;
	struct di_context *released = NULL;
	int left, pinned;

	di__lock_context(parent, flow);
	di__lock_context(context, flow);
	pinned = context->pins > 0;
	context->state = DI__CLOSED;
	left = !alone && di__park_leave(context, flow);
	if (DI__LIKELY(!left))
		di__child_unlink(parent, context);
	di__unlock_context(context, flow);
	if (DI__LIKELY(!left && !pinned))
		released = di__spare_add(parent, context);
	di__unlock_context(parent, flow);
	if (DI__UNLIKELY(released != NULL))
		di__context_release_list(released);
}

void di__context_retire(struct di_flow *flow, struct di_context *context)
{
	clear(context);
	retire(flow, context, 1);
}

static enum di_status busy(const struct di_context *context, uint32_t children,
			   struct di_error *err)
{
	const char *scope = context->scope->name;

	if (children > 0)
		return di__fail(err, DI_EBUSY, NULL, "the context of scope %s has %u open %s",
				scope, children, children == 1 ? "child" : "children");
	if (context->making > 0)
		return di__fail(err, DI_EBUSY, NULL,
				"something is being made or dropped in the context of scope %s",
				scope);
	return di__fail(err, DI_EBUSY, NULL, "the context of scope %s is being reset or overridden",
			scope);
}

enum di_status di__closed(const struct di_context *context, uint8_t state,
			  const struct di_provider *provider, struct di_error *err)
{
	if (state != DI__CLOSING)
		return di__misuse(err, DI_ECLOSED, provider, "the context was closed before");
	return di__fail(err, DI_ECLOSED, provider, "the context of scope %s is closing",
			context->scope->name);
}

/* DI_OK if the context is open and nothing hinders a change of what rows mean. Under the lock. */
static enum di_status check_quiet(struct di_context *context, struct di_flow *flow,
				  struct di_error *err)
{
	uint32_t children;

	if (di__is_over(context->state))
		return di__closed(context, context->state, NULL, err);
	if (di__belongs_elsewhere(context, flow))
		return di__refuse_change(context, err);
	if (context->state != DI__OPEN || context->making > 0)
		return busy(context, 0, err);
	if (context->parent == NULL && context->container->users != NULL)
		return di__fail(err, DI_EBUSY, NULL, "%s connects the container of %s",
				context->container->users->user->table->name,
				context->container->table->name);
	if (context->threaded == DI__THREAD_PLACE && DI__LOAD(context->container->users) != NULL)
		return di__fail(err, DI_EBUSY, NULL, "a living container connects that of %s",
				context->container->table->name);
	children = di__park_end(context, flow);
	return children > 0 ? busy(context, children, err) : DI_OK;
}

enum di_status di__context_begin_change(struct di_flow *flow, struct di_context *context,
					struct di_error *err)
{
	enum di_status status = check_quiet(context, flow, err);

	if (DI__UNLIKELY(context->threads) && status == DI_OK)
		status = di__threads_begin_change(context, flow, err);
	if (status == DI_OK) {
		context->state = DI__CHANGING;
		di__lane_update(context, NULL);
	}
	return status;
}

/* Once it is unlocked whoever has waited for that may free it. */
void di__context_end_change(struct di_flow *flow, struct di_context *context)
{
	int threads = context->threads;

	if (DI__UNLIKELY(threads))
		di__threads_lock();
	di__lock_context(context, flow);
	context->state = DI__OPEN;
	di__lane_update(context, context->container->table);
	if (DI__UNLIKELY(threads))
		di__threads_end_change(context, flow);
	di__unlock_context(context, flow);
	if (DI__UNLIKELY(threads))
		di__threads_unlock();
}

/*
 * Whether no child is open. The caller has set the context to closing already, so that nobody can
 * open one of the parked children behind us.
 */
static enum di_status check_children(struct di_context *context, struct di_flow *flow,
				     struct di_error *err)
{
	uint32_t children = di__park_count(context, flow);

	if (children == 0)
		return DI_OK;
	context->state = DI__OPEN;
	di__lane_update(context, context->container->table);
	return busy(context, children, err);
}

static DI__NOINLINE enum di_status refuse_closing(const struct di_context *context,
						  const struct di_flow *flow, struct di_error *err)
{
	if (context->state >= DI__OPEN && di__belongs_elsewhere(context, flow))
		return di__refuse_change(context, err);
	if (context->state == DI__CLOSING)
		return di__misuse(err, DI_ECLOSED, NULL,
				  "the context of scope %s is closing already",
				  context->scope->name);
	if (di__is_over(context->state))
		return di__closed(context, context->state, NULL, err);
	if (context->state != DI__OPEN || context->making > 0)
		return busy(context, 0, err);
	if (context->slow_ends > 0 && context->entered == 1U + (context->held > 0))
		return di__fail(err, DI_EAGAIN, NULL,
				"the context of scope %s holds %s, which ends asynchronously: use "
				"di_context_close_async()",
				context->scope->name, di__slow_name(context));
	return di__fail(err, DI_EBUSY, NULL,
			"the context of scope %s is entered; di_context_leave() it first",
			context->scope->name);
}

static DI__INLINE int can_close(const struct di_context *context)
{
	return context->state == DI__OPEN && (context->making | context->entered) == 0;
}

/* It counts as entered by the thread that it belongs to, until what it holds of that has ended. */
static int can_close_held(const struct di_context *context, const struct di_flow *flow)
{
	return context->state == DI__OPEN && context->making == 0 &&
	       di__entered_by_holding(context, flow);
}

static DI__INLINE void begin_closing(struct di_context *context)
{
	context->state = DI__CLOSING;
	DI__STORE(context->lane.table, NULL);
}

/* Whether nothing of a context has to be put right before the flow parks it, as most. */
static DI__INLINE int is_clean(const struct di_context *context)
{
	static const uint8_t clean[] = { 0, 0, 0, 0, 0, 1, 0, 0 };
	const char *flags = (const char *)context + offsetof(struct di_context, deviates);

	_Static_assert(offsetof(struct di_context, parks) ==
				       offsetof(struct di_context, deviates) + 5 &&
			       offsetof(struct di_context, wipe) ==
				       offsetof(struct di_context, deviates) + 7,
		       "the flags stand in a row");
	return memcmp(flags, clean, sizeof(clean)) == 0;
}

static DI__NOINLINE void put_away(struct di_context *context, struct di_flow *flow,
				  enum di_outcome outcome)
{
	if (context->observed)
		di__tell(context, DI_EVENT_CLOSED, NULL, 0, outcome, NULL);
	clear(context);
	if (DI__UNLIKELY(DI__LOAD(context->pins) > 0) || !di__park(context, flow))
		retire(flow, context, 0);
}

/*
 * Of a context that is closing. Where its lock was claimed it is the flow's own, and may be parked
 * if it is clean: a flow that ends the bias meanwhile will be seen when it is opened again.
 */
static DI__INLINE enum di_status close_begun(struct di_context *context, struct di_flow *flow,
					     enum di_outcome outcome, struct di_error *err,
					     int claimed)
{
	enum di_status status;

	if (context->mark > outcome)
		outcome = (enum di_outcome)context->mark;
	status = tear_down(flow, context, outcome, err);
	if (DI__LIKELY(claimed) && DI__LIKELY(is_clean(context)))
		DI__STORE(context->state, DI__PARKED);
	else
		put_away(context, flow, outcome);
	return status;
}

static DI__NOINLINE enum di_status close_with_values(struct di_context *context,
						     enum di_outcome outcome, struct di_error *err,
						     struct di_flow *flow)
{
	return close_begun(context, flow, outcome, err, DI__LOCK_BIASES);
}

static DI__NOINLINE enum di_status close_slowly(struct di_context *context, enum di_outcome outcome,
						struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = DI_OK;

	if (context == NULL || context->parent == NULL || outcome > DI_CANCELLED)
		return di__misuse(err, DI_EINVAL, NULL, "%s",
				  context == NULL ? "there is no context to close"
				  : context->parent == NULL
					  ? "the root context ends with its container"
					  : "that is no outcome");
	if (context->threaded == DI__THREAD_PLACE)
		return di__misuse(err, DI_EINVAL, NULL,
				  "a thread's place ends with it, or by di_thread_end()");
	di__lock_context(context, flow);
	if (can_close(context) || can_close_held(context, flow)) {
		begin_closing(context);
		if (context->children != NULL)
			status = check_children(context, flow, err);
	} else {
		status = refuse_closing(context, flow, err);
	}
	di__unlock_context(context, flow);
	return status == DI_OK ? close_begun(context, flow, outcome, err, 0) : status;
}

/* Whether all that enters it is what it holds: of the closing thread, and what takes time. */
static int can_close_slowly(const struct di_context *context, const struct di_flow *flow)
{
	uint32_t own = (context->slow_ends > 0 ? 1U : 0U) + (context->held > 0 ? 1U : 0U);

	return context->state == DI__OPEN && context->making == context->calls &&
	       context->entered == own && !di__belongs_elsewhere(context, flow);
}

/* What takes time is not waited for yet, and ends afterwards. */
enum di_status di__close_begin(struct di_context *context, struct di_flow *flow, int *waits,
			       struct di_error *err)
{
	enum di_status status = DI_OK;

	di__lock_context(context, flow);
	if (can_close_slowly(context, flow)) {
		*waits = context->making + context->slow_ends > 0;
		begin_closing(context);
		if (context->children != NULL)
			status = check_children(context, flow, err);
	} else {
		status = refuse_closing(context, flow, err);
	}
	di__unlock_context(context, flow);
	return status;
}

void di__close_end(struct di_context *context, struct di_flow *flow, enum di_outcome outcome)
{
	put_away(context, flow, outcome);
}

/* What was claimed cannot be closed at once. */
static DI__NOINLINE enum di_status close_another_way(struct di_context *claimed,
						     enum di_outcome outcome, struct di_error *err)
{
	di__lock_give_biased(&claimed->lock);
	return close_slowly(claimed, outcome, err);
}

/* It has children, parked ones mostly. Under the lock, which it gives up. */
static DI__NOINLINE enum di_status close_over_children(struct di_context *context,
						       enum di_outcome outcome,
						       struct di_error *err, struct di_flow *flow)
{
	enum di_status status;

	begin_closing(context);
	status = check_children(context, flow, err);
	di__lock_give_biased(&context->lock);
	return status == DI_OK ? close_with_values(context, outcome, err, flow) : status;
}

/* It is closing, and its bias has ended meanwhile. */
static DI__NOINLINE enum di_status close_after_bias(struct di_context *context,
						    struct di_flow *flow, enum di_outcome outcome,
						    struct di_error *err)
{
	di__lock_end_bias(&context->lock);
	return close_with_values(context, outcome, err, flow);
}

/* All that is not hot is a call at the end, so that nothing is saved on the stack. */
enum di_status di_context_close(struct di_context *context, enum di_outcome outcome,
				struct di_error *err)
{
	struct di_flow *flow = di__flow;

	if (DI__UNLIKELY(context == NULL) || DI__UNLIKELY(outcome > DI_CANCELLED) ||
	    DI__UNLIKELY(context->parent == NULL) ||
	    DI__UNLIKELY(!di__lock_is_own(&context->lock, flow->number)))
		return close_slowly(context, outcome, err);
	if (DI__UNLIKELY(!di__lock_claim(&context->lock)) || DI__UNLIKELY(!can_close(context)))
		return close_another_way(context, outcome, err);
	if (DI__UNLIKELY(context->children != NULL))
		return close_over_children(context, outcome, err, flow);
	begin_closing(context);
	if (DI__UNLIKELY(!di__lock_resign(&context->lock)))
		return close_after_bias(context, flow, outcome, err);
	if (DI__LOCK_BIASES && DI__LIKELY(context->newest == NULL) &&
	    DI__LIKELY(is_clean(context))) {
		DI__STORE(context->state, DI__PARKED);
		return DI_OK;
	}
	return close_with_values(context, outcome, err, flow);
}
