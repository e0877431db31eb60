/* SPDX-License-Identifier: MIT */
#include "integrations/fiber/fiber.h"

#include "integrations/fiber/scheduler.h"

#include "di/await.h"

#include <sched.h>
#include <stdlib.h>

/* ---- Making. ---- */

static void park(void *data)
{
	struct di_fiber *fiber = data;

	di__fiber_wait(fiber, &fiber->making);
}

static void unpark(void *data)
{
	struct di_fiber *fiber = data;

	di__fiber_open(fiber, &fiber->making);
}

/* The context is entered by the fiber, before anybody can close it. */
static enum di_status enter(struct di_flow *flow, struct di_context *context, struct di_error *err)
{
	struct di_flow *caller = di_flow_swap(flow);
	enum di_status status = di_context_enter(context, err);

	di_flow_swap(caller);
	return status;
}

static struct di_flow *begin_flow(struct di_fiber *fiber, const struct di_fiber_options *options,
				  struct di_error *err)
{
	const struct di_flow_options of_flow = {
		.abi = DI_ABI,
		.empty = options->empty,
		.capture = options->capture,
		.park = park,
		.unpark = unpark,
		.data = fiber,
	};
	struct di_flow *flow = di_flow_new(&of_flow, err);

	if (flow == NULL || options->context == NULL || enter(flow, options->context, err) == DI_OK)
		return flow;
	di_flow_free(flow, NULL);
	return NULL;
}

static struct di_fiber *allocate(struct di_fiber_scheduler *scheduler, struct di_error *err)
{
	struct di_fiber *fiber = calloc(1, sizeof(*fiber));

	if (fiber != NULL)
		fiber->stack = di__fiber_stack_take(&scheduler->stacks);
	if (fiber != NULL && fiber->stack != NULL)
		return fiber;
	free(fiber);
	di__fiber_fail(err, DI_ENOMEM, "for a fiber and its stack");
	return NULL;
}

static struct di_fiber *spawn(struct di_fiber_scheduler *scheduler, di_fiber_fn *function,
			      void *data, const struct di_fiber_options *options,
			      struct di_error *err)
{
	struct di_fiber *fiber = allocate(scheduler, err);

	if (fiber == NULL)
		return NULL;
	fiber->flow = begin_flow(fiber, options, err);
	if (fiber->flow == NULL) {
		di__fiber_stack_give(&scheduler->stacks, fiber->stack);
		free(fiber);
		return NULL;
	}
	fiber->scheduler = scheduler;
	fiber->function = function;
	fiber->data = data;
	fiber->detached = options->detached;
	di__fiber_place_init(&fiber->place, fiber->stack->memory, fiber->stack->size,
			     di__fiber_main, fiber);
	scheduler->alive++;
	scheduler->handles += !options->detached;
	di__fiber_ready(fiber);
	return fiber;
}

struct di_fiber *di_fiber_spawn(struct di_fiber_scheduler *scheduler, di_fiber_fn *function,
				void *data, const struct di_fiber_options *options,
				struct di_error *err)
{
	static const struct di_fiber_options usual = { .abi = DI_ABI };
	const struct di_fiber *caller = di_fiber_current();

	if (options == NULL)
		options = &usual;
	if (scheduler == NULL && caller != NULL)
		scheduler = caller->scheduler;
	if (scheduler == NULL || function == NULL)
		di__fiber_fail(err, DI_EINVAL,
			       scheduler == NULL ? "there is no scheduler"
						 : "there is no function");
	else if (options->abi != DI_ABI)
		di__fiber_fail(err, DI_EABI, "the options of a fiber");
	else if (!di__fiber_is_here(scheduler))
		di__fiber_fail(err, DI_ETHREAD, "fibers are made by the scheduler's own thread");
	else
		return spawn(scheduler, function, data, options, err);
	return NULL;
}

/* ---- Ending. ---- */

void di__fiber_end(struct di_fiber *fiber)
{
	struct di_fiber_scheduler *scheduler = fiber->scheduler;

	while (__atomic_load_n(&fiber->cancelling, __ATOMIC_SEQ_CST) != 0)
		sched_yield();
	di__fiber_place_release(&fiber->place);
	di__fiber_stack_give(&scheduler->stacks, fiber->stack);
	fiber->stack = NULL;
	/* It cannot fail: the fiber's function has returned. Values may end now. */
	di_flow_free(fiber->flow, NULL);
	fiber->flow = NULL;
	scheduler->alive--;
	if (fiber->detached)
		free(fiber);
	else if (fiber->joiner != NULL)
		di__fiber_open(fiber->joiner, &fiber->joiner->joined);
}

/* Whether fiber waits for the caller, over any number of joins. */
static int waits_for(const struct di_fiber *fiber, const struct di_fiber *caller)
{
	while (fiber != NULL && fiber != caller)
		fiber = fiber->joins;
	return fiber != NULL;
}

static enum di_status check_join(const struct di_fiber *fiber, const struct di_fiber *caller,
				 struct di_error *err)
{
	if (fiber == NULL || fiber->detached)
		return di__fiber_fail(err, DI_EINVAL,
				      fiber == NULL ? "there is no fiber to join"
						    : "a detached fiber cannot be joined");
	if (!di__fiber_is_here(fiber->scheduler))
		return di__fiber_fail(err, DI_ETHREAD, "a fiber is joined on its own thread");
	if (fiber == caller)
		return di__fiber_fail(err, DI_EINVAL, "a fiber cannot join itself");
	if (caller != NULL && waits_for(fiber, caller))
		return di__fiber_fail(err, DI_ECYCLE, "the fibers would join each other");
	if (caller != NULL && fiber->scheduler->running != NULL &&
	    fiber->scheduler != caller->scheduler)
		return di__fiber_fail(err, DI_ECYCLE,
				      "its scheduler cannot go on before the caller does");
	if (fiber->is_joined)
		return di__fiber_fail(err, DI_EBUSY, "it is being joined already");
	return DI_OK;
}

/* Outside of the fibers of its scheduler it is run here. */
static void wait_for(struct di_fiber *fiber, struct di_fiber *caller)
{
	if (caller != NULL && caller->scheduler == fiber->scheduler) {
		fiber->joiner = caller;
		caller->joins = fiber;
		di__fiber_wait(caller, &caller->joined);
		caller->joins = NULL;
		return;
	}
	while (!fiber->over) {
		if (!di_fiber_run_ready(fiber->scheduler) && !fiber->over)
			di__fiber_sleep(fiber->scheduler);
	}
}

/* Until it has ended. */
static enum di_status wait_safely(struct di_fiber *fiber, struct di_fiber *caller,
				  struct di_error *err)
{
	enum di_status status = di_flow_join(fiber->flow, err);

	if (status != DI_OK)
		return status;
	fiber->is_joined = 1;
	wait_for(fiber, caller);
	di_flow_joined();
	return DI_OK;
}

enum di_status di_fiber_join(struct di_fiber *fiber, void **result, struct di_error *err)
{
	struct di_fiber *caller = di_fiber_current();
	enum di_status status = check_join(fiber, caller, err);

	if (status == DI_OK && !fiber->over)
		status = wait_safely(fiber, caller, err);
	if (status != DI_OK)
		return status;
	if (result != NULL)
		*result = fiber->result;
	fiber->scheduler->handles--;
	free(fiber);
	return DI_OK;
}

/* ---- Taking turns. ---- */

void di_fiber_yield(void)
{
	struct di_fiber *fiber = di_fiber_current();

	if (fiber == NULL)
		return;
	di__fiber_ready(fiber);
	di__fiber_go_back(fiber);
}

enum di_status di_fiber_suspend(struct di_error *err)
{
	struct di_fiber *fiber = di_fiber_current();

	if (fiber == NULL)
		return di__fiber_fail(err, DI_EINVAL, "only a fiber can be suspended");
	if (!di__fiber_wait_cancellably(fiber, &fiber->resumed))
		return DI_OK;
	return di__fiber_fail(err, DI_ECANCELLED, "while the fiber was suspended");
}

void di_fiber_resume(struct di_fiber *fiber)
{
	if (fiber != NULL)
		di__fiber_open(fiber, &fiber->resumed);
}

/* The flow is there: it is not freed before we are counted out. */
static void cancel(struct di_fiber *fiber)
{
	if (!__atomic_load_n(&fiber->over, __ATOMIC_SEQ_CST) && !di_flow_cancel(fiber->flow))
		di__fiber_let_go(fiber, &fiber->resumed);
}

void di_fiber_cancel(struct di_fiber *fiber)
{
	if (fiber == NULL)
		return;
	/* On its own thread it does not end meanwhile, or is not seen by us if it does. */
	if (di__fiber_is_here(fiber->scheduler)) {
		cancel(fiber);
		return;
	}
	__atomic_add_fetch(&fiber->cancelling, 1, __ATOMIC_SEQ_CST);
	cancel(fiber);
	__atomic_sub_fetch(&fiber->cancelling, 1, __ATOMIC_RELEASE);
}
