/* SPDX-License-Identifier: MIT */
#include "di/async_row.h"
#include "di/direct.h"
#include "di/entry.h"
#include "di/get.h"
#include "di/probe.h"

/*
 * Gets that call back at once: of a value that is there, that takes no time to make, or whose
 * constructor, which is asynchronous, completes it before it returns.
 *
 * The last goes as in direct.c: in the flow's own context, where nothing is in the way, from needs
 * that are there. What is begun is a creation as any other, with a get that awaits it. But nobody
 * has a name for that get so far; so it is in no list, pins nothing and is not counted, until it
 * turns out that the creation is not completed in that way. Then it is enlisted, and making.c goes
 * on.
 */

/* What names a get that has called back before it could be named. */
static struct di__get past;

struct asked {
	struct di_context *context;
	const struct di_provider *provider;
	di__deliver_fn *deliver;
	void (*callback)(void);
	void *data;
};

/* ---- Memory. ---- */

/* A context has one get for the next value that is got directly, if there is memory. */
static void keep_spare(struct di_context *context)
{
	struct di_flow *flow = di__flow;
	struct di__get *spare = NULL;

	if (di__prepare(context->container, NULL) == DI_OK)
		spare = di__get_spare(context->container);
	if (spare == NULL)
		return;
	di__lock_context(context, flow);
	if (context->spare_get == NULL) {
		DI__STORE_RELAXED(context->spare_get, spare);
		spare = NULL;
	}
	di__unlock_context(context, flow);
	if (spare != NULL)
		di__get_give(context->container, spare);
}

void di__direct_get_release(struct di_context *context)
{
	if (context->spare_get != NULL)
		di__get_give(context->container, context->spare_get);
	context->spare_get = NULL;
}

/* ---- Going on with care. ---- */

/* What others see of the creation they see of the get from now on, too. Under the lock. */
static struct di_get enlist(struct di_context *home, const struct asked *asked)
{
	struct di__get *get = home->spare_get;

	get->from = home;
	get->provider = asked->provider;
	get->thread = di__thread_id(di__flow);
	get->deliver = asked->deliver;
	DI__STORE_RELAXED(home->spare_get, NULL);
	di__get_enlist(get, home);
	return (struct di_get){ get, get->number };
}

/* Needs are to be made. Under the lock, which it gives up. */
static DI__NOINLINE struct di_get want_needs(struct di_call *call, const struct asked *asked)
{
	struct di_context *home = call->entry->home;
	struct di_flow *flow = di__flow;
	struct di_get get = enlist(home, asked);

	di__step_add(flow, &call->step);
	di__unlock_context(home, flow);
	di__steps_run(flow);
	return get;
}

/* The constructor has returned that. Under no lock. */
static DI__NOINLINE struct di_get go_on(struct di_call *call, int cause, const struct asked *asked)
{
	struct di_context *home = call->entry->home;
	struct di_flow *flow = di__flow;
	struct di_get get;

	flow->run = NULL;
	di__lock_context(home, flow);
	get = enlist(home, asked);
	di__unlock_context(home, flow);
	di__call_constructed(flow, call, cause);
	di__step_end(flow);
	return get;
}

/* ---- Directly. ---- */

static DI__INLINE struct di_get call_back(struct di_flow *flow, di__deliver_fn *deliver,
					  void (*callback)(void), void *data, void *value)
{
	deliver(callback, data, value, NULL);
	di__step_end(flow);
	return (struct di_get){ &past, 1 };
}

/* Of the row, which is where it is so that the other arguments stay where they are. */
static DI__NOINLINE struct di_get answer(void *value, const struct di_provider *provider,
					 di__deliver_fn *deliver, void (*callback)(void),
					 void *data)
{
	struct di_flow *flow = di__flow;

	(void)provider;
	di__step_begin(flow);
	return call_back(flow, deliver, callback, data, value);
}

/* Begins a creation, which the context's spare get awaits. Under the lock. */
static DI__INLINE struct di_call *begin(struct di_context *home, const struct di_provider *provider,
					void (*callback)(void), void *data)
{
	struct di__get *get = home->spare_get;
	struct di__awaiter *awaiter = &get->awaiter;
	struct di_entry *entry = di__entry_begin(home, provider);
	struct di_call *call;

	if (DI__UNLIKELY(entry == NULL))
		return NULL;
	call = di__call_begin(entry);
	if (DI__UNLIKELY(call == NULL))
		return NULL;
	entry->asker = NULL;
	/* Who looks for rings may find it from now on. */
	get->callback = callback;
	get->data = data;
	awaiter->next = NULL;
	awaiter->link = &call->waiters;
	DI__STORE_RELAXED(awaiter->call, call);
	call->waiters = awaiter;
	return call;
}

/* Calls the constructor. Under the lock, which is given up and not taken again. */
static DI__INLINE int construct(struct di__run *run, struct di_flow *flow, struct di_call *call)
{
	struct di_entry *entry = call->entry;
	const struct di_async *async = entry->provider->object;

	call->step.run = di__call_finish;
	call->runner = flow;
	call->state = DI__RUNNING;
	call->pending = 1;
	run->outer = NULL;
	run->home = entry->home;
	run->making = entry;
	run->entered = flow->entered_count;
	flow->run = run;
	di__step_begin(flow);
	di__give_claimed(entry->home);
	return async->begin(call, entry->args);
}

/* Whether it is completed with a value, and nothing else has come of it; read without the lock. */
static DI__INLINE int is_made(const struct di_flow *flow, const struct di_call *call, int cause)
{
	return DI__LIKELY(cause == DI_PENDING) &&
	       DI__LIKELY((DI__LOAD(call->state) & DI__COMPLETED) != 0) &&
	       DI__LIKELY(call->cause == 0) && DI__LIKELY(call->value != NULL) &&
	       DI__LIKELY(DI__LOAD(call->pending) == 1) && DI__LIKELY(flow->steps == NULL);
}

/* Whether all is still as it was when it began, but for that; under the lock. */
static DI__INLINE int is_alone(const struct di_context *home, const struct di_call *call)
{
	return DI__LIKELY(home->making == 1) && DI__LIKELY(home->state == DI__OPEN) &&
	       DI__LIKELY(!home->careful) && DI__LIKELY(!call->joined);
}

static DI__INLINE void publish(struct di_context *home, struct di_call *call, void *value)
{
	struct di_entry *entry = call->entry;

	home->spare_get->awaiter.call = NULL;
	entry->value = value;
	entry->state = DI__ALIVE;
	di__entry_push(entry);
	if ((entry->traits & DI__PRODUCT) == 0)
		DI__STORE(home->lane.own[entry->row], value);
	di__call_keep(entry, call);
	home->making = 0;
	home->calls = 0;
	DI__STORE(home->lane.table, home->container->table);
}

/* What was claimed may not be used. */
static DI__NOINLINE struct di_get get_otherwise(struct di_context *claimed,
						const struct di_provider *provider,
						di__deliver_fn *deliver, void (*callback)(void),
						void *data, struct di_error *err)
{
	di__lock_give_biased(&claimed->lock);
	return di__get_with_care(claimed, provider, deliver, callback, data, err);
}

/* Whether all is still as it was when di__is_ready() looked; under the lock. */
static DI__INLINE int still_fits(const struct di_context *context,
				 const struct di_provider *provider)
{
	return DI__LIKELY(context->spare_get != NULL) &&
	       (DI__LOCK_BIASES ||
		(DI__LOAD_RELAXED(context->lane.table) != NULL && !context->careful &&
		 context->lane.own[provider->index] == NULL));
}

static DI__NOINLINE struct di_get get_directly(struct di_context *home,
					       const struct di_provider *provider,
					       di__deliver_fn *deliver, void (*callback)(void),
					       void *data, struct di_error *err)
{
	const struct asked asked = { home, provider, deliver, callback, data };
	struct di_flow *flow = di__flow;
	struct di_call *call = NULL;
	struct di__run run;
	int32_t row;
	void *value;
	int cause;

	if (DI__LIKELY(di__lock_claim(&home->lock)) && DI__LIKELY(still_fits(home, provider)))
		call = begin(home, provider, callback, data);
	if (DI__UNLIKELY(call == NULL))
		return get_otherwise(home, provider, deliver, callback, data, err);
	if (DI__UNLIKELY(di__gather_needs(home, call->entry, provider, 0, &row) != NULL))
		return want_needs(call, &asked);
	call->entry->needs_done = (uint16_t)provider->needs_count;
	cause = construct(&run, flow, call);
	if (DI__UNLIKELY(!is_made(flow, call, cause)))
		return go_on(call, cause, &asked);
	if (DI__UNLIKELY(!di__lock_claim(&home->lock)) || DI__UNLIKELY(!is_alone(home, call))) {
		di__lock_give_biased(&home->lock);
		return go_on(call, cause, &asked);
	}
	DI__PROBE(created, provider, home);
	value = call->value;
	publish(home, call, value);
	di__give_claimed(home);
	flow->run = NULL;
	return call_back(flow, deliver, callback, data, value);
}

/* The same where there may be no spare get. */
static DI__NOINLINE struct di_get get_first(struct di_context *home,
					    const struct di_provider *provider,
					    di__deliver_fn *deliver, void (*callback)(void),
					    void *data, struct di_error *err)
{
	keep_spare(home);
	return get_directly(home, provider, deliver, callback, data, err);
}

/* One that is made at once, whatever it needs. Its home is the context, which stays so long. */
static DI__NOINLINE struct di_get make_at_once(struct di_context *context,
					       const struct di_provider *provider,
					       di__deliver_fn *deliver, void (*callback)(void),
					       void *data)
{
	struct di_flow *flow = di__flow;
	struct di_error err;
	void *value = di__resolve_missing(context, &err, provider);

	if (DI__LIKELY(value != NULL))
		return answer(value, provider, deliver, callback, data);
	di__step_begin(flow);
	deliver(callback, data, NULL, &err);
	di__step_end(flow);
	return (struct di_get){ &past, 1 };
}

static DI__INLINE int needs_nothing_slow(const struct di_context *context,
					 const struct di_provider *provider)
{
	const struct di_container *container = context->container;
	const uint32_t *masks = DI__LOAD(container->masks);

	return masks != NULL && (masks[provider->index] & container->async_bit) == 0;
}

static DI__INLINE struct di_get get_missing(struct di_context *context,
					    const struct di_provider *provider,
					    di__deliver_fn *deliver, void (*callback)(void),
					    void *data, struct di_error *err)
{
	if (DI__LIKELY(provider->kind->async))
		return DI__LIKELY(DI__LOAD_RELAXED(context->spare_get) != NULL)
			       ? get_directly(context, provider, deliver, callback, data, err)
			       : get_first(context, provider, deliver, callback, data, err);
	if (provider->create != NULL && needs_nothing_slow(context, provider))
		return make_at_once(context, provider, deliver, callback, data);
	return di__get_with_care(context, provider, deliver, callback, data, err);
}

/* Whether a callback may be called now, on this thread, and the context is open. */
static DI__INLINE int may_call_back(const struct di_context *context,
				    const struct di_provider *provider, const struct di_flow *flow)
{
	return DI__LIKELY(context != NULL) && DI__LIKELY(provider != NULL) &&
	       DI__LIKELY(provider->table != NULL) && di__step_may_begin(flow) &&
	       DI__LIKELY(flow->executor == NULL) &&
	       DI__LIKELY(DI__LOAD_RELAXED(context->lane.table) == provider->table);
}

struct di_get di__get_async(struct di_context *context, const struct di_provider *provider,
			    di__deliver_fn *deliver, void (*callback)(void), void *data,
			    struct di_error *err)
{
	struct di_flow *flow = di__flow;

	if (DI__LIKELY(callback != NULL) && may_call_back(context, provider, flow)) {
		int32_t index = (int32_t)provider->index;
		void *value = DI__LOAD(di__lane_values(&context->lane, provider)[index]);

		if (value != NULL)
			return answer(value, provider, deliver, callback, data);
		if (di__is_ready(context, provider, flow) && di__is_made_in(context, provider))
			return get_missing(context, provider, deliver, callback, data, err);
	}
	return di__get_with_care(context, provider, deliver, callback, data, err);
}
