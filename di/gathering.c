/* SPDX-License-Identifier: MIT */
#include "di/gathering.h"

#include "di/entry.h"
#include "di/stepwise.h"
#include "di/threads.h"

/*
 * The entry of a gathering stands in no slot of its home: there, or in the places of threads, the
 * row's values are made meanwhile. Those under way are in a list of the container.
 */

char di__gathered;

/* ---- Which are under way. Under the lock of their home. ---- */

static struct di_entry *find(struct di_context *home, const struct di_provider *provider)
{
	struct di_entry *entry;

	di__waiting_lock();
	entry = home->container->gatherings;
	while (entry != NULL && (entry->home != home || entry->provider != provider))
		entry = entry->older;
	di__waiting_unlock();
	return entry;
}

static void enter(struct di_entry *entry)
{
	struct di_container *container = entry->home->container;

	di__waiting_lock();
	entry->older = container->gatherings;
	container->gatherings = entry;
	di__waiting_unlock();
}

void di__gathering_leave(const struct di_call *call)
{
	struct di_entry **link = &call->entry->home->container->gatherings;

	di__waiting_lock();
	while (*link != call->entry)
		link = &(*link)->older;
	*link = call->entry->older;
	di__waiting_unlock();
}

/* ---- Beginning. ---- */

static struct di_call *begin(struct di_context *home, const struct di_provider *provider)
{
	struct di_entry *entry = di__entry_new(home, provider);
	struct di_call *call;

	if (entry == NULL)
		return NULL;
	entry->row = di__row(home, provider);
	entry->traits |= DI__ASYNC;
	call = di__call_begin(entry);
	if (call != NULL)
		call->state = DI__GATHERS;
	return call;
}

enum di__found di__gather(struct di_flow *flow, struct di__awaiter *awaiter,
			  struct di_context *home, const struct di_provider *provider,
			  struct di_error *err)
{
	struct di_entry *under_way = NULL;
	struct di_call *call = NULL;

	di__lock_context(home, flow);
	if (provider->kind->cached)
		under_way = find(home, provider);
	if (under_way != NULL)
		return di__await_call(flow, awaiter, under_way, err);
	if (DI__LIKELY(home->state == DI__OPEN))
		call = begin(home, provider);
	if (DI__UNLIKELY(call == NULL)) {
		di__refuse_creation(home, provider, err);
		di__unlock_context(home, flow);
		return DI__NOT_FOUND;
	}
	call->entry->asker = awaiter->asker != NULL ? awaiter->asker->entry : NULL;
	di__awaiter_link(awaiter, call);
	enter(call->entry);
	di__unlock_context(home, flow);
	di__step_add(flow, &call->step);
	return DI__AWAITED_LATER;
}

/* ---- Making. ---- */

int di__is_made_for_thread(struct di_flow *flow, struct di_context *home,
			   const struct di_provider *provider)
{
	const struct di__thread *thread = di__thread_find(flow, home->container);
	struct di_context *place = home;
	const struct di_entry *entry;
	int made;

	if (!provider->kind->cached || (home->threads && thread == NULL))
		return 0;
	if (home->threads)
		place = thread->place;
	di__lock_context(place, flow);
	entry = place->entries[di__row(home, provider)];
	made = entry != NULL && entry->state == DI__ALIVE;
	di__unlock_context(place, flow);
	return made;
}

/* While it is counted as making something, nobody closes the context. */
static int begin_making(struct di_flow *flow, struct di_context *context,
			const struct di_provider *provider, struct di_error *err)
{
	int open;

	di__lock_context(context, flow);
	open = context->state == DI__OPEN;
	if (open) {
		context->making++;
		context->calls++;
		di__count_idle(context, 1);
	} else if (di__is_over(context->state)) {
		di__fail(err, DI_ECLOSED, provider,
			 "the context that was asked has been closed meanwhile");
	} else {
		di__refuse_creation(context, provider, err);
	}
	di__unlock_context(context, flow);
	return open;
}

static void end_making(struct di_flow *flow, struct di_context *context)
{
	di__lock_context(context, flow);
	di__count_idle(context, UINT32_MAX);
	di__uncount_call(flow, context);
	di__unlock_context(context, flow);
}

void *di__make_gathered(struct di_flow *flow, struct di_context *context,
			const struct di_provider *provider, struct di_error *err)
{
	/* Who closes the context waits for this. */
	struct di__run run = { flow->run, context, NULL, flow->entered_count };
	void *value;

	if (!begin_making(flow, context, provider, err))
		return NULL;
	flow->run = &run;
	value = di__make_stepwise(flow, context, provider, NULL, NULL, err);
	flow->run = run.outer;
	end_making(flow, context);
	return value;
}
