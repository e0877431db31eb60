/* SPDX-License-Identifier: MIT */
#include "di/await.h"

#include "di/async.h"
#include "di/gathering.h"
#include "di/get.h"
#include "di/home.h"
#include "di/ring.h"

/* One answer that a flow waits for. On its C stack. */
struct wait {
	struct di_flow *flow;
	struct di_error *err;
	void *value;
	enum di_status status;
	int state; /* enum state; atomic */
};

enum state {
	ASKED,
	ANSWERED,
	PARKED
};

/* Whoever comes second goes on: once the flow has been answered, or unparked, the wait is gone. */
static void answered(struct wait *wait)
{
	const struct di__hooks *hooks = &wait->flow->hooks;

	if (__atomic_exchange_n(&wait->state, ANSWERED, __ATOMIC_ACQ_REL) == PARKED)
		hooks->unpark(hooks->data);
}

static void wait_for(struct wait *wait)
{
	if (__atomic_exchange_n(&wait->state, PARKED, __ATOMIC_ACQ_REL) == ASKED)
		di__flow_park(wait->flow);
}

static void take_value(void *data, void *value, const struct di_error *error)
{
	struct wait *wait = data;

	wait->value = value;
	if (value == NULL && error != NULL && wait->err != NULL)
		*wait->err = *error;
	answered(wait);
}

static void take_status(void *data, enum di_status status, const struct di_error *error)
{
	struct wait *wait = data;

	wait->status = status;
	if (error != NULL && wait->err != NULL)
		*wait->err = *error;
	answered(wait);
}

struct di_flow *di__flow_of_wait(void (*callback)(void), const void *data)
{
	const struct wait *wait = data;

	return callback == (void (*)(void))take_value || callback == (void (*)(void))take_status
		       ? wait->flow
		       : NULL;
}

/* ---- Cancelling. ---- */

/*
 * A get may be cancelled as long as its container is there. So who cancels one is waited for by the
 * flow that has awaited it.
 */
static pthread_mutex_t cancelling_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cancelling_done = PTHREAD_COND_INITIALIZER;

/* In one order with what who cancels, or is about to wait, writes before. */
int di_flow_take_cancel(struct di_flow *flow)
{
	return __atomic_load_n(&flow->cancelled, __ATOMIC_SEQ_CST) &&
	       __atomic_exchange_n(&flow->cancelled, 0, __ATOMIC_SEQ_CST);
}

static void leave_cancel(struct di_flow *flow)
{
	__atomic_store_n(&flow->cancelled, 1, __ATOMIC_SEQ_CST);
}

/*
 * From now on the get may be cancelled; if that came before, it is, unless there is nothing to wait
 * for.
 */
static void may_be_cancelled(struct di_flow *flow, struct di_get get)
{
	int cancelled;

	pthread_mutex_lock(&cancelling_lock);
	cancelled = di_flow_take_cancel(flow);
	if (!cancelled)
		flow->get = get;
	pthread_mutex_unlock(&cancelling_lock);
	if (cancelled && !di_get_cancel(get))
		leave_cancel(flow);
}

static void may_not_be_cancelled(struct di_flow *flow)
{
	pthread_mutex_lock(&cancelling_lock);
	flow->get.number = 0;
	while (flow->cancelling > 0)
		pthread_cond_wait(&cancelling_done, &cancelling_lock);
	pthread_mutex_unlock(&cancelling_lock);
}

/* Returns what there is to cancel; its flow awaits it until it is told that that is done. */
static struct di_get begin_cancelling(struct di_flow *flow, int elsewhere)
{
	struct di_get get;

	pthread_mutex_lock(&cancelling_lock);
	get = flow->get;
	if (get.number == 0)
		leave_cancel(flow);
	else
		flow->cancelling += (uint32_t)elsewhere;
	pthread_mutex_unlock(&cancelling_lock);
	return get;
}

static void end_cancelling(struct di_flow *flow)
{
	pthread_mutex_lock(&cancelling_lock);
	if (--flow->cancelling == 0)
		pthread_cond_broadcast(&cancelling_done);
	pthread_mutex_unlock(&cancelling_lock);
}

int di_flow_cancel(struct di_flow *flow)
{
	int elsewhere, took;
	struct di_get get;

	if (flow == NULL)
		return 0;
	/* On its own thread it can have ended once something was cancelled, and cannot wait. */
	elsewhere = flow->thread != di__flow_get()->thread;
	get = begin_cancelling(flow, elsewhere);
	if (get.number == 0)
		return 0;
	took = di_get_cancel(get);
	/* It was answered before: then what the flow awaits next is cancelled. */
	if (!took)
		leave_cancel(flow);
	if (elsewhere)
		end_cancelling(flow);
	return took;
}

/* ---- Awaiting. ---- */

static void *ask(struct di_flow *flow, struct di_context *context,
		 const struct di_provider *provider, struct di_error *err)
{
	struct wait wait = { flow, err, NULL, DI_OK, ASKED };
	struct di__run *outer = flow->awaiting_run;
	int making = flow->run != NULL;
	struct di_get get;

	if (making)
		di__ring_await(flow);
	get = making ? di__get_begin(context, provider, NULL, flow, flow->executor,
				     di__deliver_gathered, (void (*)(void))take_value, &wait, err)
		     : di__get_async(context, provider, di__deliver_gathered,
				     (void (*)(void))take_value, &wait, err);
	if (get.number != 0) {
		may_be_cancelled(flow, get);
		wait_for(&wait);
		may_not_be_cancelled(flow);
	}
	if (making)
		di__ring_awaited(flow, outer);
	return wait.value;
}

/* Whether it is not there yet, and may take time. */
static int takes_time(const struct di_context *context, const struct di_provider *provider)
{
	const struct di_container *container = context->container;
	uint32_t row = di__row(context, provider);

	if (provider->kind->cached && DI__LOAD(di__lane_values(&context->lane, provider)[row]))
		return 0;
	return (container->masks[row] & container->async_bit) != 0 || di__may_mean_others(context);
}

/* Whether what it means may live with the thread. */
static int is_of_thread(const struct di_context *context, const struct di_provider *provider)
{
	const struct di_container *container = context->container;
	uint32_t mask = container->masks[di__row(context, provider)];

	return DI__LOAD_RELAXED(context->overridden) || (mask & container->thread_bit) != 0;
}

/* What lives with a thread the flow makes itself, whoever has completed what that needs. */
static void *ask_of_thread(struct di_flow *flow, struct di_context *context,
			   const struct di_provider *provider, struct di_error *err)
{
	struct di_error own = { 0 };
	struct di_error *failure = err != NULL ? err : &own;
	void *value;

	if (di__context_keep(flow, context, failure) != DI_OK)
		return NULL;
	value = ask(flow, context, provider, failure);
	if (value == &di__gathered)
		value = di__make_gathered(flow, context, provider, failure);
	di__context_let_go(flow, context);
	di__steps_run(flow);
	return value;
}

static int can_wait(const struct di_flow *flow)
{
	return flow->hooks.park != NULL && !flow->stepping;
}

void *di_await(struct di_context *context, const struct di_provider *provider, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	const struct di_provider *own = provider;
	const struct di_entry *making = flow->run != NULL ? flow->run->making : NULL;
	void *value;

	if (!can_wait(flow) || provider == &di__context)
		return di_resolve(context, err, provider);
	if (di__check_provider(context, &own, err) != DI_OK ||
	    di__prepare(context->container, err) != DI_OK)
		return NULL;
	if (!takes_time(context, own) || (making != NULL && !own->kind->cached))
		return di_resolve(context, err, own);
	value = is_of_thread(context, own) ? ask_of_thread(flow, context, own, err)
					   : ask(flow, context, own, err);
	/* What a constructor asks for is recorded. */
	return making != NULL && value != NULL ? di_resolve(context, err, own) : value;
}

static enum di_status close_and_wait(struct di_flow *flow, struct di_context *context,
				     enum di_outcome outcome, struct di_error *err)
{
	struct wait wait = { flow, err, NULL, DI_OK, ASKED };
	enum di_status status = di_context_close_async(context, outcome, take_status, &wait, err);

	if (status != DI_OK)
		return status;
	wait_for(&wait);
	return wait.status;
}

static const struct di_provider *being_made(const struct di_flow *flow)
{
	return flow->run != NULL && flow->run->making != NULL ? flow->run->making->provider : NULL;
}

enum di_status di_await_close(struct di_context *context, enum di_outcome outcome,
			      struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di__ring_close close;
	enum di_status status;

	if (context == NULL || !can_wait(flow))
		return di_context_close(context, outcome, err);
	if (di__ring_await_close(&close, flow, context))
		return di__fail(err, DI_ECYCLE, being_made(flow),
				"what is being made in the context of scope %s waits for it",
				context->scope->name);
	status = close_and_wait(flow, context, outcome, err);
	di__ring_awaited_close(&close);
	return status;
}
