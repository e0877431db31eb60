/* SPDX-License-Identifier: MIT */
#include "di/below.h"

#include "di/current.h"
#include "di/home.h"
#include "di/park.h"

/* Nobody opens a context any more: what is parked on the way goes. */
static struct di_context *innermost(struct di_context *context, struct di_flow *flow)
{
	for (;;) {
		di__lock_context(context, flow);
		di__park_clear(context, flow);
		di__unlock_context(context, flow);
		if (context->children == NULL)
			return context;
		context = context->children;
	}
}

/* The context after one below top, children before parents. */
static struct di_context *next_outer(struct di_context *context, struct di_flow *flow)
{
	return context->next != NULL ? innermost(context->next, flow) : context->parent;
}

void di__keep_first(enum di_status found, enum di_status *status, struct di_error *err,
		    const struct di_error *error)
{
	if (found == DI_OK)
		return;
	if (*status == DI_OK) {
		*status = found;
		if (err != NULL)
			*err = *error;
	} else if (err != NULL) {
		err->more += 1 + error->more;
	}
}

/* Under its lock. */
static enum di_status check_one(struct di_context *at, struct di_flow *flow, int waits,
				struct di_error *err)
{
	uint32_t making = at->making - (waits ? at->calls : 0);
	uint32_t own = di__flow_entered(flow, at) + (at->held > 0) + (at->slow_ends > 0);

	if (at->state != DI__OPEN)
		return di__fail(err, DI_EBUSY, NULL,
				"the context of scope %s is being closed, reset or overridden",
				at->scope->name);
	if (making > 0)
		return di__fail(err, DI_EBUSY, NULL,
				"something is being made or dropped in the context of scope %s",
				at->scope->name);
	if (at->entered != own)
		return di__fail(err, DI_EBUSY, NULL,
				"another flow has entered the context of scope %s",
				at->scope->name);
	if (at->slow_ends > 0 && !waits)
		return di__fail(err, DI_EAGAIN, NULL,
				"the context of scope %s holds what ends asynchronously: use "
				"di_container_free_async()",
				at->scope->name);
	return DI_OK;
}

/* Locks it, and returns the first of its children. */
static struct di_context *go_down(struct di_context *context, struct di_flow *flow)
{
	di__lock_context(context, flow);
	di__park_clear(context, flow);
	return context->children;
}

/* Unlocks it, locks its parent, and returns the child of that which comes next. */
static struct di_context *go_up(struct di_context *context, struct di_flow *flow)
{
	di__unlock_context(context, flow);
	di__lock_context(context->parent, flow);
	return context->next;
}

/* Whether something is below a child; what has nothing is looked at. */
static int is_outer(struct di_context *at, struct di_flow *flow, int waits, enum di_status *status,
		    struct di_error *err)
{
	int outer = go_down(at, flow) != NULL;

	if (!outer)
		*status = check_one(at, flow, waits, err);
	di__unlock_context(at, flow);
	return outer;
}

/*
 * What is asynchronous closes contexts meanwhile, below which there is nothing: so these are looked
 * at under the lock of their parent.
 */
static enum di_status check(struct di_context *top, struct di_flow *flow, int waits,
			    struct di_error *err)
{
	struct di_context *parent = top, *at = go_down(top, flow);
	enum di_status status = DI_OK;

	while (status == DI_OK && (at != NULL || parent != top)) {
		if (at == NULL) {
			status = check_one(parent, flow, waits, err);
			if (status != DI_OK)
				break;
			at = go_up(parent, flow);
			parent = parent->parent;
		} else if (is_outer(at, flow, waits, &status, err)) {
			di__unlock_context(parent, flow);
			parent = at;
			at = go_down(parent, flow);
		} else {
			at = at->next;
		}
	}
	if (status == DI_OK)
		status = check_one(top, flow, waits, err);
	di__unlock_context(parent, flow);
	return status;
}

enum di_status di__below_check(struct di_context *top, struct di_flow *flow, struct di_error *err)
{
	return check(top, flow, 0, err);
}

enum di_status di__below_check_async(struct di_context *top, struct di_flow *flow,
				     struct di_error *err)
{
	return check(top, flow, 1, err);
}

unsigned di__below_count(struct di_context *top, struct di_flow *flow, char *names, size_t size)
{
	struct di_context *at, *first = innermost(top, flow);
	unsigned count = 0;

	for (at = first; at != top; at = next_outer(at, flow))
		count++;
	if (count > 0 && names[0] == '\0')
		di__context_names(first, names, size);
	return count;
}

void di__context_end_begin(struct di_flow *flow, struct di_context *context)
{
	di__flow_forget(flow, context);
	di__lock_context(context, flow);
	context->entered = context->held > 0;
	context->entered += context->slow_ends > 0;
	context->state = DI__CLOSING;
	DI__STORE(context->lane.table, NULL);
	di__unlock_context(context, flow);
}

struct di_context *di__below_next(struct di_context *top, struct di_flow *flow)
{
	return innermost(top, flow);
}

enum di_status di__context_end(struct di_flow *flow, struct di_context *context,
			       enum di_outcome outcome, struct di_error *err)
{
	enum di_status status;

	di__context_end_begin(flow, context);
	if (context->mark > outcome)
		outcome = (enum di_outcome)context->mark;
	status = di__context_tear_down(flow, context, outcome, err);
	if (di__observed(context->container))
		di__tell(context, DI_EVENT_CLOSED, NULL, 0, outcome, NULL);
	return status;
}

void di__below_end(struct di_context *top, struct di_flow *flow, enum di_status *status,
		   struct di_error *err)
{
	struct di_error error;

	while (top->children != NULL) {
		struct di_context *context = innermost(top, flow);
		enum di_status found;

		if (context == top)
			return;
		found = di__context_end(flow, context, DI_CANCELLED, &error);
		di__keep_first(found, status, err, &error);
		di__context_retire(flow, context);
	}
}
