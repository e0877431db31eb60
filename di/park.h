/* SPDX-License-Identifier: MIT */
#ifndef DI_PARK_H
#define DI_PARK_H

/* private */

/**
 * Parking: a flow that closes a context mostly opens the next one where it opened that.
 *
 * Such a context is left where it stands, among the children of its parent and in the place there
 * that belongs to the flow, and opening it again touches nothing but the context itself: the
 * parent's lock, which all flows share, is not taken. Everything that a context has from its parent
 * stays as it was, because whoever changes the parent (overrides, resets or closes it) makes what
 * is parked there stale first, under the parked context's own lock.
 *
 * A place belongs to one living flow, which alone takes contexts out of it: what another flow
 * closes there is left, stale. So the pointer that a flow finds in a place of its own leads to
 * memory that nobody else reuses or releases while the parent is open.
 */

#include "di/internal.h"

/** The place of the flow among those of the parent, or NULL. */
static inline struct di_context **di__place(struct di_context *parent, const struct di_flow *flow)
{
	return flow->place != DI__NOWHERE ? &parent->places[flow->place % DI__PLACES] : NULL;
}

/**
 * What stands in the flow's place below parent, if it may be opened as one of that scope: nobody
 * else takes it out of there. Or NULL.
 */
static inline struct di_context *
di__park_find(struct di_context *parent, const struct di_scope *scope, const struct di_flow *flow)
{
	uint32_t at = flow->place % DI__PLACES;
	/* In this order: what another flow puts there is not looked at. NOWHERE holds none. */
	struct di_context *context = DI__LOAD(parent->places[at]);
	int own;

	if (DI__UNLIKELY(context == NULL) ||
	    DI__UNLIKELY(DI__LOAD_RELAXED(parent->holders[at]) != flow->place) ||
	    DI__UNLIKELY(context->scope != scope))
		return NULL;
	own = DI__LOCK_BIASES ? di__lock_is_own(&context->lock, flow->number)
			      : DI__LOAD_RELAXED(context->opener) == flow->number;
	return own ? context : NULL;
}

/** Opens what was found, whose lock is claimed; or 0. */
static inline int di__park_open(struct di_context *context, const struct di_context *parent)
{
	const struct di_table *table = DI__LOAD_RELAXED(parent->lane.table);

	if (DI__UNLIKELY(context->state != DI__PARKED) || DI__UNLIKELY(table == NULL))
		return 0;
	context->state = DI__OPEN;
	context->mark = DI_DONE;
	context->private_ = 0;
	context->isolate_items = 0;
	context->number = 0;
	DI__STORE(context->lane.table, table);
	return 1;
}

/**
 * Parks a torn down and cleared context, if it may be; else it must be retired. No lock is needed:
 * until it is parked nobody else does anything with it.
 */
static inline int di__park(struct di_context *context, const struct di_flow *flow)
{
	/*
	 * In this order: only the flow that opened it there changes whether the context parks.
	 */
	if (DI__UNLIKELY(context->place != flow->place || !context->parks || context->deviates ||
			 di__lock_was_revoked(&context->lock)))
		return 0;
	DI__STORE(context->state, DI__PARKED);
	return 1;
}

/**
 * Takes out the context that stands in the flow's place if it can be begun anew: it is stale, or
 * was left by a flow that has ended. What is pinned is taken out too, and not returned. Under the
 * parent's lock.
 */
struct di_context *di__park_take(struct di_context *parent, struct di_flow *flow);
/**
 * Leaves a closed context that stands in the place of another flow there, stale, and returns
 * whether it has. Under the parent's lock and its own.
 */
static inline int di__park_leave(struct di_context *context, const struct di_flow *flow)
{
	if (DI__LIKELY(!context->parks || context->place == flow->place))
		return 0;
	context->state = DI__STALE;
	return 1;
}

/** Gives a context that begins the flow's place, if that is free. Under the parent's lock. */
void di__park_claim(struct di_context *parent, struct di_context *context, struct di_flow *flow);
/** The number of open children; what is parked becomes stale. Under the parent's lock. */
uint32_t di__park_end(struct di_context *parent, struct di_flow *flow);
/** The same, but what is parked stays: the parent is parked with it. */
uint32_t di__park_count(struct di_context *parent, struct di_flow *flow);
/**
 * Makes what is parked spares of the parent, but for what is pinned. Under its lock, or where
 * nobody sees it; no flow may be opening a child of it.
 */
void di__park_clear(struct di_context *parent, struct di_flow *flow);
/** Links a child among the children. Under the parent's lock. */
static inline void di__child_link(struct di_context *parent, struct di_context *child)
{
	child->next = parent->children;
	child->link = &parent->children;
	if (child->next != NULL)
		child->next->link = &child->next;
	parent->children = child;
}

/** Takes it out, and out of its place. Under the parent's lock. */
static inline void di__child_unlink(struct di_context *parent, struct di_context *child)
{
	*child->link = child->next;
	if (child->next != NULL)
		child->next->link = child->link;
	if (child->parks) {
		child->parks = 0;
		DI__STORE(parent->places[child->place % DI__PLACES], NULL);
	}
}

#endif
