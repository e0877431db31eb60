/* SPDX-License-Identifier: MIT */
#include "di/entry.h"
#include "di/get.h"
#include "di/making.h"
#include "di/operation.h"
#include "di/ring.h"

/*
 * Closing contexts whose finalizers take time.
 */

static struct di__close *close_of(void *first)
{
	return first;
}

static void end_of_teardown(struct di_flow *flow, struct di__ending *ending)
{
	struct di__close *close = close_of(ending);

	close->torn_down(flow, close);
}

static void tear_down(struct di_flow *flow, struct di__step *step)
{
	struct di__close *close = close_of(step);
	struct di__ending *ending = &close->operation.ending;
	struct di_context *context = close->context;

	di__lock_context(context, flow);
	if (context->mark > close->outcome)
		close->outcome = (enum di_outcome)context->mark;
	ending->todo = context->newest;
	context->newest = NULL;
	di__unlock_context(context, flow);
	ending->outcome = close->outcome;
	ending->done = end_of_teardown;
	di__ending_run(flow, ending);
}

/*
 * What was built from values of the thread ends there, before what may end on another one. Nothing
 * else was built from it.
 */
static struct di_entry *take_held(struct di_context *context)
{
	struct di_entry *entry, *todo;

	if (context->held == 0 || context->making + context->slow_ends == 0)
		return NULL;
	for (entry = context->newest; entry != NULL; entry = entry->older)
		entry->marked = (entry->traits & DI__OF_THREAD) != 0;
	todo = di__todo_take(&context->newest);
	for (entry = todo; entry != NULL; entry = entry->older)
		entry->marked = 0;
	return todo;
}

static void end_held(struct di_flow *flow, struct di__close *close)
{
	struct di__ending *ending = &close->operation.ending;
	struct di_context *context = close->context;
	struct di_entry *todo;

	di__lock_context(context, flow);
	todo = take_held(context);
	if (context->mark > close->outcome)
		close->outcome = (enum di_outcome)context->mark;
	di__unlock_context(context, flow);
	di__todo_end(flow, todo, close->outcome, &ending->status, ending->err);
}

void di__close_run(struct di_flow *flow, struct di__close *close)
{
	struct di_context *context = close->context;
	int waits;

	end_held(flow, close);
	close->operation.ending.step.run = tear_down;
	di__lock_context(context, flow);
	waits = context->making > 0;
	if (waits)
		context->closer = close;
	di__unlock_context(context, flow);
	if (!waits)
		tear_down(flow, &close->operation.ending.step);
}

void di__close_go_on(struct di_flow *flow, struct di_context *context)
{
	struct di__close *close = context->closer;

	context->closer = NULL;
	di__step_add(flow, &close->operation.ending.step);
}

static void closed(struct di_flow *flow, struct di__close *close)
{
	struct di_container *container = close->context->container;

	if (DI__UNLIKELY(DI__LOAD_RELAXED(di__closes_awaited) > 0))
		di__ring_closed(close->context);
	di__close_end(close->context, flow, close->outcome);
	if (close->holds)
		di__container_let_go(flow, container);
	di__operation_done(flow, &close->operation);
}

enum di_status di_context_close_async(struct di_context *context, enum di_outcome outcome,
				      di_done_fn *callback, void *data, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di__close *close;
	enum di_status status;

	if (context == NULL || context->parent == NULL || outcome > DI_CANCELLED ||
	    context->threaded == DI__THREAD_PLACE)
		return di_context_close(context, outcome, err);
	close = di__operation_new(context->container, sizeof(*close), callback, data, err);
	if (close == NULL)
		return callback == NULL ? DI_EINVAL : DI_ENOMEM;
	close->context = context;
	close->outcome = outcome;
	close->torn_down = closed;
	status = di__close_begin(context, flow, &close->holds, err);
	if (status != DI_OK) {
		di__operation_drop(&close->operation);
		return status;
	}
	if (close->holds)
		di__container_hold(context->container);
	di__close_run(flow, close);
	di__steps_run(flow);
	return DI_OK;
}
