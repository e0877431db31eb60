/* SPDX-License-Identifier: MIT */
#include "di/async_row.h"
#include "di/dependents.h"
#include "di/entry.h"
#include "di/gathering.h"
#include "di/making.h"
#include "di/probe.h"
#include "di/stepwise.h"

#include <errno.h>
#include <string.h>

/*
 * The end of a creation that takes time: it is published, handed on or taken back, and who awaits
 * it is told.
 */

static int gathers(const struct di_call *call)
{
	return (DI__LOAD_RELAXED(call->state) & DI__GATHERS) != 0;
}

static void uncount(struct di_flow *flow, struct di_call *call)
{
	di__call_set_idle(call, 0);
	di__uncount_call(flow, call->entry->home);
}

/* Those who await it, who cannot let go of it any more, in the order in which they have come. */
static struct di__awaiter *take_waiters(struct di_call *call)
{
	struct di__awaiter *waiters = NULL, *at, *next;

	di__waiting_lock();
	for (at = call->waiters; at != NULL; at = next) {
		next = at->next;
		at->call = NULL;
		at->next = waiters;
		waiters = at;
	}
	call->waiters = NULL;
	di__waiting_unlock();
	return waiters;
}

static void settle_all(struct di_flow *flow, struct di__awaiter *waiters, void *value,
		       const struct di_error *error)
{
	while (waiters != NULL) {
		struct di__awaiter *next = waiters->next;

		waiters->settle(flow, waiters, value, error);
		waiters = next;
	}
}

/* What is plain needs its call no more. Under the lock. */
static void keep_for_end(struct di_entry *entry, struct di_call *call)
{
	if (entry->provider->kind->async) {
		di__call_keep(entry, call);
		return;
	}
	entry->ender = NULL;
	entry->traits &= (uint8_t)~DI__ASYNC;
	di__call_give(entry->home, call);
}

/* A product that nobody awaits, on its way out. */
struct stray {
	struct di__ending ending;
	struct di_error err;
	struct di_context *home;
};

static void stray_ended(struct di_flow *flow, struct di__ending *ending)
{
	struct stray *stray = (struct stray *)(void *)ending;
	struct di_context *home = stray->home;

	/* Before what waits for the creation may free the container. */
	home->container->allocator.release(stray, sizeof(*stray), home->container->allocator.data);
	di__lock_context(home, flow);
	di__count_idle(home, UINT32_MAX);
	di__uncount_call(flow, home);
	di__unlock_context(home, flow);
}

static struct stray *stray_new(struct di_context *home)
{
	const struct di_allocator *allocator = &home->container->allocator;
	struct stray *stray = allocator->allocate(sizeof(*stray), allocator->data);

	if (stray == NULL)
		return NULL;
	memset(stray, 0, sizeof(*stray));
	stray->home = home;
	stray->ending.outcome = DI_CANCELLED;
	stray->ending.err = &stray->err;
	stray->ending.done = stray_ended;
	return stray;
}

/* Who it was made for has let go of it, and may be gone. Under the lock. */
static struct stray *begin_stray(struct di_entry *entry)
{
	entry->owner = NULL;
	return stray_new(entry->home);
}

/* Takes it off the stack again, and what was made for it. Under the lock. */
static struct stray *take_stray(struct stray *stray, struct di_entry *entry)
{
	if (stray == NULL)
		return NULL;
	entry->marked = 1;
	di__mark_products(entry->older, entry);
	stray->ending.todo = di__todo_take(&stray->home->newest);
	return stray;
}

static void end_stray(struct di_flow *flow, struct stray *stray)
{
	if (DI__UNLIKELY(stray != NULL))
		di__ending_run(flow, &stray->ending);
}

/* The newest such product, or NULL. */
static struct di_entry *find(struct di_context *context, const struct di_provider *provider,
			     const void *value, const struct di_entry *owner)
{
	struct di_entry *entry = context->newest;

	while (entry != NULL && (entry->value != value || entry->provider != provider ||
				 (entry->traits & DI__PRODUCT) == 0 || entry->owner != owner))
		entry = entry->older;
	return entry;
}

void di__product_forsaken(struct di_flow *flow, struct di_context *context,
			  const struct di_provider *provider, const void *value,
			  const struct di_call *asker)
{
	struct di_entry *entry = NULL;
	struct stray *stray = NULL;

	di__lock_context(context, flow);
	if (context->state == DI__OPEN)
		entry = find(context, provider, value, asker != NULL ? asker->entry : NULL);
	if (entry != NULL)
		stray = begin_stray(entry);
	if (stray != NULL) {
		context->making++;
		context->calls++;
		di__count_idle(context, 1);
		take_stray(stray, entry);
	}
	di__unlock_context(context, flow);
	end_stray(flow, stray);
}

/* Puts it where it lives. Under the lock. Returns what it is ended by if nobody awaits it. */
static struct stray *place(struct di_flow *flow, struct di_call *call,
			   const struct di__awaiter *waiters)
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	struct stray *stray = NULL;

	entry->value = call->value;
	entry->state = DI__ALIVE;
	di__entry_push(entry);
	if ((entry->traits & DI__PRODUCT) == 0)
		DI__STORE(home->lane.own[entry->row], entry->value);
	else if (waiters == NULL)
		stray = begin_stray(entry);
	if (DI__LIKELY(stray == NULL))
		uncount(flow, call);
	else
		di__call_set_idle(call, 1);
	keep_for_end(entry, call);
	return take_stray(stray, entry);
}

static void publish(struct di_flow *flow, struct di_call *call)
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	uint64_t took = 0;
	void *value = call->value;
	struct di__awaiter *waiters;
	struct stray *stray;

	if (DI__UNLIKELY(di__observed(home->container))) {
		took = di__now() - entry->since_ns;
		entry->since_ns += took;
	}
	DI__PROBE(created, entry->provider, home);
	/* What nobody awaits keeps no container, once it is not being made any more. */
	if (DI__UNLIKELY(di__observed(home->container)))
		di__tell(home, DI_EVENT_CREATED, entry->provider->name, took, DI_DONE, NULL);
	di__lock_context(home, flow);
	waiters = take_waiters(call);
	stray = place(flow, call, waiters);
	di__unlock_context(home, flow);
	settle_all(flow, waiters, value, NULL);
	end_stray(flow, stray);
}

/* What was chosen is whose who awaits the choice, or nobody's: it ends then. Under the lock. */
static struct stray *hand_over(struct di_entry *entry, const struct di__awaiter *waiters)
{
	struct di_entry *asker =
		waiters != NULL && waiters->asker != NULL ? waiters->asker->entry : NULL;
	struct di_entry *product = entry->home->newest;

	if ((entry->traits & DI__HAS_PRODUCTS) == 0)
		return NULL;
	entry->traits &= (uint8_t)~DI__HAS_PRODUCTS;
	while (product != NULL && product->owner != entry)
		product = product->older;
	if (product == NULL)
		return NULL;
	if (waiters == NULL)
		return take_stray(begin_stray(product), product);
	product->owner = NULL;
	if (asker != NULL)
		di__set_owner(product, asker);
	return NULL;
}

void di__call_hand_on(struct di_flow *flow, struct di_call *call)
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	void *value = gathers(call) ? &di__gathered : call->value;
	struct di__awaiter *waiters;
	struct di_call *owed;
	struct stray *stray;

	di__lock_context(home, flow);
	waiters = take_waiters(call);
	owed = call->owed;
	stray = hand_over(entry, waiters);
	if (gathers(call))
		di__gathering_leave(call);
	if (DI__LIKELY(stray == NULL))
		uncount(flow, call);
	else
		di__call_set_idle(call, 1);
	entry->state = DI__KEPT;
	entry->ender = NULL;
	di__call_give(home, call);
	di__entry_free(entry);
	di__unlock_context(home, flow);
	settle_all(flow, waiters, value, NULL);
	end_stray(flow, stray);
	if (DI__UNLIKELY(owed != NULL))
		di__call_got(flow, owed);
}

/*
 * Whether somebody has come after all had cancelled, for whom it is made once more. Under the lock
 * of its home, without which nobody comes.
 */
static int is_wanted_again(struct di_call *call, const struct di_error *error)
{
	int wanted;

	if (error->status != DI_ECANCELLED || call->entry->home->state != DI__OPEN)
		return 0;
	di__waiting_lock();
	wanted = call->forsaken && call->waiters != NULL && !DI__LOAD_RELAXED(call->cancelled);
	di__waiting_unlock();
	return wanted;
}

/* Everything that was made for it alone has ended. */
static void abandon(struct di_flow *flow, struct di_call *call, struct di_error *error)
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	struct di_container *container = home->container;
	struct di_error own = *error;
	struct di__awaiter *waiters;
	struct di_call *owed;

	if (di__observed(container))
		di__tell(home, DI_EVENT_FAILED, entry->provider->name, 0, DI_FAILED, error);
	/* Who is told last may free the container. */
	di__error_release(container, error);
	di__lock_context(home, flow);
	if (DI__UNLIKELY(is_wanted_again(call, &own))) {
		di__call_again(flow, call);
		di__unlock_context(home, flow);
		return;
	}
	waiters = take_waiters(call);
	owed = call->owed;
	uncount(flow, call);
	entry->state = DI__KEPT;
	if (gathers(call))
		di__gathering_leave(call);
	else if (!entry->provider->kind->async)
		entry->traits &= (uint8_t)~DI__ASYNC;
	entry->ender = NULL;
	di__call_give(home, call);
	di__entry_free(entry);
	di__unlock_context(home, flow);
	settle_all(flow, waiters, NULL, &own);
	if (DI__UNLIKELY(owed != NULL))
		di__call_got(flow, owed);
}

/* Ends what was made for the call alone, and goes on with done. */
void di__call_unwind(struct di_flow *flow, struct di_call *call, enum di_outcome outcome,
		     void (*done)(struct di_flow *, struct di__ending *))
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	struct di__ending *ending = &call->unwinding;

	*ending = (struct di__ending){
		.outcome = outcome,
		.status = call->error->status,
		.err = di__error_writable(call->error),
		.done = done,
		.step.of = DI__STEP_OF_CALL,
	};
	di__lock_context(home, flow);
	di__mark_products(home->newest, entry);
	ending->todo = di__todo_take(&home->newest);
	entry->traits &= (uint8_t)~DI__HAS_PRODUCTS;
	di__unlock_context(home, flow);
	di__ending_run(flow, ending);
}

struct di_call *di__call_of(struct di__ending *unwinding)
{
	return (struct di_call *)(void *)((char *)unwinding - offsetof(struct di_call, unwinding));
}

static void unwound(struct di_flow *flow, struct di__ending *ending)
{
	struct di_call *call = di__call_of(ending);

	abandon(flow, call, call->error);
}

void di__call_fail(struct di_flow *flow, struct di_call *call, struct di_error *error)
{
	call->error = error;
	if (DI__LIKELY((call->entry->traits & DI__HAS_PRODUCTS) == 0))
		abandon(flow, call, error);
	else
		di__call_unwind(flow, call, DI_FAILED, unwound);
}

static void fail_constructing(struct di_flow *flow, struct di_call *call)
{
	const struct di_provider *provider = call->entry->provider;
	struct di_error err = { 0 };

	if (call->cause == ECANCELED && provider->kind->async) {
		di__fail(&err, DI_ECANCELLED, provider, NULL);
		di__error_cause(&err, provider->constructor, call->cause);
	} else {
		di__construction_failed(provider, call->cause, &err);
	}
	di__call_fail(flow, call, di__error_keep(call->entry->home->container, &err));
}

void di__call_finish(struct di_flow *flow, struct di__step *step)
{
	struct di_call *call = (struct di_call *)(void *)step;

	if (DI__UNLIKELY(call->cause != 0 || call->value == NULL))
		fail_constructing(flow, call);
	else if (DI__UNLIKELY(call->entry->provider->kind->choose != NULL))
		di__call_hand_on(flow, call);
	else
		publish(flow, call);
}
