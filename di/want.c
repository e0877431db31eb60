/* SPDX-License-Identifier: MIT */
#include "di/entry.h"
#include "di/gathering.h"
#include "di/home.h"
#include "di/ring.h"
#include "di/stepwise.h"
#include "di/threads.h"

/*
 * Looking for a value without waiting for it. What is not asynchronous and needs nothing that is,
 * is made at once, as any resolve makes it.
 */

/* Whether making it may take time. */
static int is_slow(const struct di_context *from, const struct di_provider *provider)
{
	const struct di_container *container = from->container;

	if ((container->masks[di__row(from, provider)] & container->async_bit) != 0)
		return 1;
	return provider->kind->given == NULL && di__may_mean_others(from);
}

static enum di__found refuse_thread(const struct di__awaiter *awaiter,
				    const struct di_provider *provider, struct di_error *err)
{
	di__fail(err, DI_ETHREAD, provider,
		 "it lives with a thread, and %s is made asynchronously, wherever that completes",
		 awaiter->asker->entry->provider->name);
	return DI__NOT_FOUND;
}

static enum di__found make_at_once(struct di_flow *flow, const struct di__awaiter *awaiter,
				   struct di_context *from, const struct di_provider *provider,
				   void **value, struct di_error *err)
{
	const struct di_container *container = from->container;
	struct di_entry *base = awaiter->asker != NULL ? awaiter->asker->entry : NULL;

	if (base != NULL &&
	    DI__UNLIKELY((container->masks[di__row(from, provider)] & container->thread_bit) != 0))
		return refuse_thread(awaiter, provider, err);
	*value = di__make_stepwise(flow, from, provider, base, NULL, err);
	if (*value != NULL)
		return DI__THERE;
	return base != NULL ? DI__NOT_MADE : DI__NOT_FOUND;
}

uint32_t di__calls_asking;

void di__awaiter_link(struct di__awaiter *awaiter, struct di_call *call)
{
	awaiter->next = call->waiters;
	awaiter->link = &call->waiters;
	if (awaiter->next != NULL)
		awaiter->next->link = &awaiter->next;
	call->waiters = awaiter;
	DI__STORE(awaiter->call, call);
}

/*
 * Whether call awaits, over any number of creations, what it is asked for: a constructor that asks
 * for something itself may bring that about. Under the lock of steps.c.
 */
static int would_await_itself(const struct di__awaiter *awaiter, const struct di_call *call)
{
	int ring;

	if (DI__LIKELY(di__calls_asking == 0 && DI__LOAD_RELAXED(di__rings_possible) == 0))
		return 0;
	di__flows_lock();
	ring = di__ring_of_call(awaiter, call);
	di__flows_unlock();
	return ring;
}

enum di__found di__await_call(struct di_flow *flow, struct di__awaiter *awaiter,
			      struct di_entry *entry, struct di_error *err)
{
	const struct di_provider *provider = entry->provider;
	struct di_context *home = entry->home;
	int ring;

	entry->call->joined = 1;
	di__waiting_lock();
	ring = would_await_itself(awaiter, entry->call);
	if (!ring) {
		di__awaiter_link(awaiter, entry->call);
		DI__STORE_RELAXED(entry->call->cancelled, 0);
	}
	di__waiting_unlock();
	di__unlock_context(home, flow);
	if (!ring)
		return DI__AWAITED_LATER;
	di__fail(err, DI_ECYCLE, provider, "%s",
		 awaiter->flow != NULL ? "flows wait for each other" : "while it is being made");
	return DI__NOT_FOUND;
}

/* Under the lock of home, which it gives up. */
static enum di__found begin_call(struct di_flow *flow, struct di__awaiter *awaiter,
				 struct di_context *home, const struct di_provider *provider,
				 struct di_error *err)
{
	struct di_entry *asker = awaiter->asker != NULL ? awaiter->asker->entry : NULL;
	struct di_entry *entry = NULL;
	struct di_call *call = NULL;

	if (DI__LIKELY(home->state == DI__OPEN))
		entry = di__entry_begin(home, provider);
	if (DI__LIKELY(entry != NULL))
		call = di__call_begin(entry);
	if (DI__UNLIKELY(call == NULL)) {
		di__refuse_creation(home, provider, err);
		di__unlock_context(home, flow);
		return DI__NOT_FOUND;
	}
	entry->asker = asker;
	if ((entry->traits & DI__PRODUCT) != 0 && asker != NULL)
		di__set_owner(entry, asker);
	di__awaiter_link(awaiter, call);
	di__unlock_context(home, flow);
	di__step_add(flow, &call->step);
	return DI__AWAITED_LATER;
}

/* Under the lock of home, which it gives up. */
static enum di__found look_at(struct di_flow *flow, struct di__awaiter *awaiter,
			      struct di_context *home, const struct di_provider *provider,
			      void **value, struct di_error *err)
{
	struct di_entry *base = awaiter->asker != NULL ? awaiter->asker->entry : NULL;
	uint32_t row = di__row(home, provider);
	struct di_entry *entry;

	*value = DI__LOAD(home->lane.own[row]);
	entry = provider->kind->cached && home->state == DI__OPEN ? home->entries[row] : NULL;
	if (*value != NULL) {
		di__unlock_context(home, flow);
		return DI__THERE;
	}
	/* It is of a thread, and in no slot. */
	if (DI__UNLIKELY(entry != NULL) && DI__UNLIKELY(entry->state == DI__ALIVE)) {
		di__unlock_context(home, flow);
		return make_at_once(flow, awaiter, home, provider, value, err);
	}
	if (entry == NULL || entry->state != DI__MAKING)
		return begin_call(flow, awaiter, home, provider, err);
	if ((entry->traits & DI__ASYNC) != 0)
		return di__await_call(flow, awaiter, entry, err);
	*value = di__wait(flow, entry, base, err);
	return *value != NULL ? DI__THERE : DI__NOT_FOUND;
}

/* ---- What a thread makes itself. ---- */

/* Of a thread's value, which nothing completes that may be complete anywhere. */
static int is_of_thread(const struct di_context *home, const struct di_provider *provider)
{
	return di__lives_with_thread(home, provider) && !provider->kind->async;
}

/* Asked by no creation. */
static enum di__found want_of_thread(struct di_flow *flow, struct di__awaiter *awaiter,
				     struct di_context *from, struct di_context *home,
				     const struct di_provider *provider, void **value,
				     struct di_error *err)
{
	if (awaiter->asker != NULL || !is_slow(from, provider) ||
	    di__is_made_for_thread(flow, home, provider))
		return make_at_once(flow, awaiter, from, provider, value, err);
	return di__gather(flow, awaiter, home, provider, err);
}

/* Whether a gathering leaves it to who makes what it is for. What is overridden is there. */
static int is_left(const struct di__awaiter *awaiter, const struct di_context *from,
		   const struct di_context *home, const struct di_provider *provider)
{
	const uint8_t *flags = DI__LOAD(home->flags);

	if (DI__LIKELY(!di__gathers(awaiter)) ||
	    (flags != NULL &&
	     (DI__LOAD_RELAXED(flags[di__row(home, provider)]) & DI__OVERRIDDEN) != 0))
		return 0;
	return !provider->kind->cached || !is_slow(from, provider) || is_of_thread(home, provider);
}

static enum di__found leave(struct di_flow *flow, struct di__awaiter *awaiter,
			    const struct di_context *from, struct di_context *home,
			    const struct di_provider *provider, void **value, struct di_error *err)
{
	*value = &di__gathered;
	if (!is_slow(from, provider))
		return DI__THERE;
	if (!provider->kind->async)
		return di__gather(flow, awaiter, home, provider, err);
	di__fail(err, DI_ETHREAD, provider,
		 "it is made asynchronously, wherever that completes, and %s, which it would be "
		 "made for, lives with a thread",
		 awaiter->asker->entry->provider->name);
	return DI__NOT_FOUND;
}

enum di__found di__want(struct di_flow *flow, struct di__awaiter *awaiter, struct di_context *from,
			const struct di_provider *provider, void **value, struct di_error *err)
{
	if (provider == &di__context) {
		*value = from;
		return DI__THERE;
	}
	*value = provider->kind->cached
			 ? DI__LOAD(di__lane_values(&from->lane, provider)[di__row(from, provider)])
			 : NULL;
	if (*value != NULL)
		return DI__THERE;
	if (di__prepare(from->container, err) != DI_OK)
		return DI__NOT_FOUND;
	for (;;) {
		const struct di_provider *other = NULL;
		struct di_context *home = di__home(from, provider, err);

		if (DI__UNLIKELY(home == NULL))
			return DI__NOT_FOUND;
		if (is_left(awaiter, from, home, provider))
			return leave(flow, awaiter, from, home, provider, value, err);
		if ((home->threads || provider->kind->home == DI_HOME_THREAD) &&
		    is_of_thread(home, provider))
			return want_of_thread(flow, awaiter, from, home, provider, value, err);
		if (!is_slow(from, provider))
			return make_at_once(flow, awaiter, from, provider, value, err);
		di__lock_context(home, flow);
		if (DI__UNLIKELY(home->substitutes != NULL))
			other = di__substitute(home, provider);
		if (DI__LIKELY(other == NULL))
			return look_at(flow, awaiter, home, provider, value, err);
		di__unlock_context(home, flow);
		provider = other;
	}
}
