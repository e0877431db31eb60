/* SPDX-License-Identifier: MIT */
#include "di/park.h"

#include "di/spare.h"

/* Parking itself takes no lock. */
static int is_parked(const struct di_context *context)
{
	uint8_t state = DI__LOAD(context->state);

	return state == DI__PARKED || state == DI__STALE;
}

/*
 * Takes out what is parked; else returns 0. *pinned says that it is nobody's then: who lets go of
 * it last releases it, and may do so once its lock is given up. Under the parent's lock.
 */
static int take_out(struct di_context *parent, struct di_context *child, struct di_flow *flow,
		    int *pinned)
{
	int parked;

	di__lock_context(child, flow);
	parked = is_parked(child);
	*pinned = child->pins > 0;
	if (parked) {
		child->state = DI__CLOSED;
		di__child_unlink(parent, child);
	}
	di__unlock_context(child, flow);
	return parked;
}

struct di_context *di__park_take(struct di_context *parent, struct di_flow *flow)
{
	struct di_context **place = di__place(parent, flow);
	struct di_context *context = place != NULL ? *place : NULL;
	int pinned;

	if (context == NULL || context->place != flow->place)
		return NULL;
	return take_out(parent, context, flow, &pinned) && !pinned ? context : NULL;
}

/*
 * What the flow has open there gives way: what is opened last is mostly closed first. But not what
 * a flow has that had the place before and ends: it may be about to park that.
 */
static int is_free(struct di_context **place, struct di_flow *flow)
{
	struct di_context *context = *place;

	if (context == NULL)
		return 1;
	if (context->place != flow->place || DI__LOAD_RELAXED(context->opener) != flow->number)
		return 0;
	di__lock_context(context, flow);
	context->parks = 0;
	di__unlock_context(context, flow);
	return 1;
}

void di__park_claim(struct di_context *parent, struct di_context *context, struct di_flow *flow)
{
	struct di_context **place;

	if (!DI__SPARES_REUSED || context->watched || context->deviates || context->observed)
		return;
	place = di__place(parent, flow);
	if (place == NULL || !is_free(place, flow))
		return;
	context->parks = 1;
	context->place = flow->place;
	DI__STORE_RELAXED(parent->holders[place - parent->places], (uint8_t)flow->place);
	DI__STORE(*place, context);
}

uint32_t di__park_end(struct di_context *parent, struct di_flow *flow)
{
	struct di_context *child;
	uint32_t open = 0;

	for (child = parent->children; child != NULL; child = child->next) {
		di__lock_context(child, flow);
		if (is_parked(child))
			child->state = DI__STALE;
		else
			open++;
		di__unlock_context(child, flow);
	}
	return open;
}

/* What a flow has parked nobody else opens. */
static int is_parked_for(struct di_context *child, struct di_flow *flow)
{
	int parked;

	if (DI__LOCK_BIASES && DI__LIKELY(di__lock_is_own(&child->lock, flow->number)))
		return is_parked(child);
	di__lock_context(child, flow);
	parked = is_parked(child);
	di__unlock_context(child, flow);
	return parked;
}

uint32_t di__park_count(struct di_context *parent, struct di_flow *flow)
{
	struct di_context *child;
	uint32_t open = 0;

	for (child = parent->children; child != NULL; child = child->next)
		open += !is_parked_for(child, flow);
	return open;
}

static void make_spare(struct di_context *parent, struct di_context *child)
{
	child->next = NULL;
	*parent->spares_end = child;
	parent->spares_end = &child->next;
	parent->spares_count++;
}

void di__park_clear(struct di_context *parent, struct di_flow *flow)
{
	struct di_context *child, *next;
	int pinned;

	for (child = parent->children; child != NULL; child = next) {
		next = child->next;
		if (take_out(parent, child, flow, &pinned) && !pinned)
			make_spare(parent, child);
	}
}
