/* SPDX-License-Identifier: MIT */
#include "di/making.h"

#include "di/async_row.h"
#include "di/ending.h"
#include "di/entry.h"
#include "di/probe.h"
#include "di/stepwise.h"

#include <errno.h>
#include <string.h>

/*
 * The life of a creation that takes time: get what it needs, construct, finish.
 */

static void advance(struct di_flow *flow, struct di__step *step);
static void finish(struct di_flow *flow, struct di__step *step);

static struct di_error no_memory_for_error = {
	.status = DI_ENOMEM,
	.detail = "for what went wrong",
};

struct di_error *di__error_keep(struct di_container *container, const struct di_error *error)
{
	struct di_error *kept =
		container->allocator.allocate(sizeof(*kept), container->allocator.data);

	if (kept == NULL)
		return &no_memory_for_error;
	*kept = *error;
	return kept;
}

void di__error_release(struct di_container *container, struct di_error *error)
{
	if (error != NULL && error != &no_memory_for_error)
		container->allocator.release(error, sizeof(*error), container->allocator.data);
}

/* ---- Beginning and forgetting. ---- */

/* Of what is made anew nothing stays begun where there is no memory. */
static void take_back(struct di_entry *entry)
{
	entry->state = DI__KEPT;
	di__entry_free(entry);
}

struct di_call *di__call_begin(struct di_entry *entry)
{
	struct di_context *home = entry->home;
	uint32_t needs = entry->provider->needs_count;
	size_t size = sizeof(struct di_call) + needs * sizeof(struct di__awaiter);
	struct di_call *call = di__arena_take(&home->arena, &home->container->allocator, size);

	if (call == NULL) {
		take_back(entry);
		return NULL;
	}
	memset(call, 0, size);
	call->step.run = advance;
	call->entry = entry;
	call->size = (uint32_t)size;
	entry->traits |= DI__ASYNC;
	entry->call = call;
	home->making++;
	home->calls++;
	DI__STORE(home->lane.table, NULL);
	return call;
}

static void give_call(struct di_context *home, struct di_call *call)
{
	di__arena_give(&home->arena, &home->container->allocator, call, call->size);
}

void di__call_forget(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if (entry->ender != NULL) {
		give_call(home, entry->ender);
		home->entered -= --home->slow_ends == 0;
	}
	if (entry->provider->kind->cached)
		home->entries[entry->row] = NULL;
	entry->traits = 0;
	di__arena_give(&home->arena, &home->container->allocator, entry, entry->size);
}

const char *di__slow_name(const struct di_context *context)
{
	const struct di_entry *entry = context->newest;

	while (entry != NULL && !di__ends_slowly(entry))
		entry = entry->older;
	return entry != NULL ? entry->provider->name : "something";
}

/* ---- Whether its constructor is running, as its home knows it. Under the lock. ---- */

static void set_careful(struct di_context *home)
{
	DI__STORE_RELAXED(home->careful, home->idle > 0 || home->observed || home->connects ||
						 home->overridden || home->threads ||
						 home->threaded);
}

static void count_idle(struct di_context *home, uint32_t added)
{
	home->idle += added;
	set_careful(home);
	di__lane_update(home, home->container->table);
}

static void set_idle(struct di_call *call, int idle)
{
	if (call->idle == idle)
		return;
	call->idle = idle;
	count_idle(call->entry->home, idle ? 1 : UINT32_MAX);
}

static void set_idle_locked(struct di_flow *flow, struct di_call *call, int idle)
{
	struct di_context *home = call->entry->home;

	if (call->idle == idle)
		return;
	di__lock_context(home, flow);
	set_idle(call, idle);
	di__unlock_context(home, flow);
}

/* The home has one creation less, which was not idle. Under the lock. */
static void uncount_one(struct di_flow *flow, struct di_context *home)
{
	home->making--;
	home->calls--;
	di__lane_update(home, home->container->table);
	if (home->making == 0 && home->closer != NULL)
		di__close_go_on(flow, home);
}

static void uncount(struct di_flow *flow, struct di_call *call)
{
	set_idle(call, 0);
	uncount_one(flow, call->entry->home);
}

/* ---- Needs. ---- */

/* Of several that fail the first counts. */
static void note_failure(struct di_call *call, uint32_t number, const struct di_error *error,
			 int is_in_path)
{
	struct di_container *container = call->entry->home->container;
	struct di_error own = *error, *kept, *dropped;

	if (!is_in_path)
		di__error_path(&own, call->entry->provider->name);
	kept = di__error_keep(container, &own);
	di__waiting_lock();
	dropped = kept;
	if (call->error == NULL || number < call->failed) {
		dropped = call->error;
		call->error = kept;
		call->failed = number;
	}
	if (dropped != NULL && call->error != &no_memory_for_error)
		call->error->more += 1 + dropped->more;
	di__waiting_unlock();
	di__error_release(container, dropped);
}

void di__call_settled(struct di_flow *flow, struct di_call *call)
{
	if (__atomic_sub_fetch(&call->pending, 1, __ATOMIC_ACQ_REL) == 0)
		di__step_add(flow, &call->step);
}

static void settle_need(struct di_flow *flow, struct di__awaiter *awaiter, void *value,
			const struct di_error *error)
{
	struct di_call *call = awaiter->asker;
	uint32_t number = (uint32_t)(awaiter - call->needs);

	if (value != NULL)
		call->entry->args[number] = value;
	else
		note_failure(call, number, error, 0);
	di__call_settled(flow, call);
}

/* Whether it is there; else it has failed, which is noted, or is awaited. */
static int want_need(struct di_flow *flow, struct di_call *call, uint32_t number,
		     const struct di_provider *provider)
{
	struct di__awaiter *awaiter = &call->needs[number];
	struct di_entry *entry = call->entry;
	enum di__found found;
	struct di_error err;

	awaiter->asker = call;
	awaiter->settle = settle_need;
	found = di__want(flow, awaiter, entry->home, provider, &entry->args[number], &err);
	if (found > DI__AWAITED_LATER)
		note_failure(call, number, &err, found == DI__NOT_MADE);
	return found != DI__AWAITED_LATER;
}

static void construct(struct di_flow *flow, struct di_call *call);
static void fail(struct di_flow *flow, struct di_call *call, struct di_error *error);
static void unwind(struct di_flow *flow, struct di_call *call, enum di_outcome outcome,
		   void (*done)(struct di_flow *, struct di__ending *));
static struct di_call *call_of(struct di__ending *unwinding);

/* Everybody has cancelled before its constructor has begun. */
static void cancel(struct di_flow *flow, struct di_call *call)
{
	struct di_error err = { 0 };

	di__fail(&err, DI_ECANCELLED, call->entry->provider, "nobody awaited it any more");
	fail(flow, call, di__error_keep(call->entry->home->container, &err));
}

static void construct_or_fail(struct di_flow *flow, struct di__step *step)
{
	struct di_call *call = (struct di_call *)(void *)step;

	if (DI__UNLIKELY(call->error != NULL))
		fail(flow, call, call->error);
	else if (DI__UNLIKELY((DI__LOAD_RELAXED(call->state) & DI__CANCELLED) != 0))
		cancel(flow, call);
	else
		construct(flow, call);
}

/* What a row chose is there. */
static void hand_on(struct di_flow *flow, struct di__step *step)
{
	struct di_call *call = (struct di_call *)(void *)step;

	call->value = call->error == NULL ? call->entry->args[call->entry->needs_done - 1] : NULL;
	if (call->value != NULL)
		finish(flow, step);
	else
		fail(flow, call, call->error);
}

/* Gets needs from first up to below end; after the last of them it goes on with next. */
static void want_needs(struct di_flow *flow, struct di_call *call, uint32_t first, uint32_t end,
		       const struct di_provider *const *needs,
		       void (*next)(struct di_flow *, struct di__step *))
{
	uint32_t i, there = 1;

	call->step.run = next;
	DI__STORE_RELAXED(call->pending, end - first + 1);
	for (i = first; i < end; i++)
		there += (uint32_t)want_need(flow, call, i, needs[i - first]);
	call->entry->needs_done = (uint16_t)end;
	if (there <= end - first)
		set_idle_locked(flow, call, 1);
	if (__atomic_sub_fetch(&call->pending, there, __ATOMIC_ACQ_REL) == 0)
		next(flow, &call->step);
}

static void want_chosen(struct di_flow *flow, struct di_call *call)
{
	const struct di_provider *chosen = call->entry->value;
	uint32_t end = call->entry->provider->needs_count;

	want_needs(flow, call, end - 1, end, &chosen, hand_on);
}

/* What was made for the choice alone has ended. */
static void chosen_alone(struct di_flow *flow, struct di__ending *ending)
{
	struct di_call *call = call_of(ending);
	struct di_error *error = call->error;

	if (ending->status != DI_OK) {
		di__error_path(error, call->entry->provider->name);
		fail(flow, call, error);
		return;
	}
	call->error = NULL;
	di__error_release(call->entry->home->container, error);
	want_chosen(flow, call);
}

static void end_chooser_needs(struct di_flow *flow, struct di_call *call)
{
	struct di_error none = { 0 };

	call->error = di__error_keep(call->entry->home->container, &none);
	unwind(flow, call, DI_DONE, chosen_alone);
}

static void choose(struct di_flow *flow, struct di__step *step)
{
	struct di_call *call = (struct di_call *)(void *)step;
	struct di_entry *entry = call->entry;
	struct di__run run = { flow->run, entry->home, entry, flow->entered_count };
	const struct di_provider *chosen = NULL;
	enum di_status status = DI_OK;
	struct di_error err = { 0 };

	if (call->error != NULL) {
		fail(flow, call, call->error);
		return;
	}
	set_idle_locked(flow, call, 0);
	flow->run = &run;
	chosen = entry->provider->kind->choose(entry->provider, entry->args, &err);
	flow->run = run.outer;
	entry->value = (void *)(uintptr_t)chosen;
	if (chosen != NULL) {
		status = di__record_choice(flow, entry, chosen, &err);
		if (status != DI_OK)
			di__error_path(&err, entry->provider->name);
	}
	if (chosen == NULL || status != DI_OK)
		fail(flow, call, di__error_keep(entry->home->container, &err));
	else if ((entry->traits & DI__HAS_PRODUCTS) == 0)
		want_chosen(flow, call);
	else
		end_chooser_needs(flow, call);
}

static void advance(struct di_flow *flow, struct di__step *step)
{
	struct di_call *call = (struct di_call *)(void *)step;
	const struct di_provider *provider = call->entry->provider;
	uint32_t count = provider->needs_count;

	if (DI__UNLIKELY(provider->kind->choose != NULL))
		want_needs(flow, call, 0, count - 1, provider->needs, choose);
	else
		want_needs(flow, call, 0, count, provider->needs, construct_or_fail);
}

/* ---- Constructing. ---- */

void di__call_returned(struct di_call *call, int cause)
{
	if (cause == DI_PENDING)
		return;
	if ((__atomic_fetch_or(&call->state, DI__CLAIMED, __ATOMIC_ACQ_REL) & DI__CLAIMED) != 0)
		return;
	call->cause = cause;
	call->value = NULL;
	__atomic_fetch_or(&call->state, DI__COMPLETED, __ATOMIC_RELEASE);
}

static void begin(struct di_call *call)
{
	const struct di_async *async = call->entry->provider->object;

	__atomic_fetch_or(&call->state, DI__RUNNING, __ATOMIC_RELAXED);
	di__call_returned(call, async->begin(call, call->entry->args));
}

static void construct(struct di_flow *flow, struct di_call *call)
{
	struct di_entry *entry = call->entry;
	struct di__run run = { flow->run, entry->home, entry, flow->entered_count };
	uint32_t state;

	set_idle_locked(flow, call, 0);
	call->step.run = finish;
	DI__STORE_RELAXED(call->pending, 1);
	if (di__observed(entry->home->container))
		entry->since_ns = di__now();
	flow->run = &run;
	if (entry->provider->create != NULL) {
		call->value = entry->value;
		call->cause = entry->provider->create(entry->args, &call->value);
		flow->run = run.outer;
		finish(flow, &call->step);
		return;
	}
	begin(call);
	flow->run = run.outer;
	state = DI__LOAD(call->state);
	if ((state & DI__COMPLETED) == 0)
		set_idle_locked(flow, call, 1);
	state = __atomic_fetch_and(&call->state, ~(uint32_t)DI__RUNNING, __ATOMIC_ACQ_REL);
	if ((state & DI__COMPLETED) != 0 &&
	    __atomic_sub_fetch(&call->pending, 1, __ATOMIC_ACQ_REL) == 0)
		finish(flow, &call->step);
}

/* ---- Finishing. ---- */

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

/* An asynchronous finalizer is given the call again, for which it is kept. Under the lock. */
static void keep_for_end(struct di_entry *entry, struct di_call *call)
{
	const struct di_async *async = entry->provider->object;
	struct di_context *home = entry->home;

	entry->ender = NULL;
	if (!entry->provider->kind->async) {
		entry->traits &= (uint8_t)~DI__ASYNC;
		give_call(home, call);
	} else if (async->end == NULL) {
		give_call(home, call);
	} else {
		entry->ender = call;
		if (home->slow_ends++ == 0)
			home->entered++;
	}
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
	count_idle(home, UINT32_MAX);
	uncount_one(flow, home);
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

/* Takes it off the stack again, and what was made for it. Under the lock. */
static void take_stray(struct stray *stray, struct di_entry *entry)
{
	struct di_context *home = stray->home;

	entry->marked = 1;
	di__mark_products(entry->older, entry);
	stray->ending.todo = di__todo_take(&home->newest);
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
	else if (waiters == NULL && entry->owner == NULL)
		stray = stray_new(home);
	if (DI__LIKELY(stray == NULL))
		uncount(flow, call);
	else
		set_idle(call, 1);
	keep_for_end(entry, call);
	if (DI__UNLIKELY(stray != NULL))
		take_stray(stray, entry);
	return stray;
}

static void publish(struct di_flow *flow, struct di_call *call)
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	const char *name = entry->provider->name;
	uint64_t took = 0;
	void *value = call->value;
	struct di__awaiter *waiters;
	struct stray *stray;

	if (DI__UNLIKELY(entry->since_ns != 0)) {
		took = di__now() - entry->since_ns;
		entry->since_ns += took;
	}
	DI__PROBE(created, entry->provider, home);
	di__lock_context(home, flow);
	waiters = take_waiters(call);
	stray = place(flow, call, waiters);
	di__unlock_context(home, flow);
	if (DI__UNLIKELY(di__observed(home->container)))
		di__tell(home, DI_EVENT_CREATED, name, took, DI_DONE, NULL);
	settle_all(flow, waiters, value, NULL);
	if (DI__UNLIKELY(stray != NULL))
		di__ending_run(flow, &stray->ending);
}

/* Of what keeps nothing itself. */
static void publish_choice(struct di_flow *flow, struct di_call *call)
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	void *value = call->value;
	struct di__awaiter *waiters;

	di__lock_context(home, flow);
	waiters = take_waiters(call);
	uncount(flow, call);
	entry->state = DI__KEPT;
	entry->ender = NULL;
	give_call(home, call);
	di__entry_free(entry);
	di__unlock_context(home, flow);
	settle_all(flow, waiters, value, NULL);
}

/* Everything that was made for it alone has ended. */
static void abandon(struct di_flow *flow, struct di_call *call, struct di_error *error)
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	struct di_container *container = home->container;
	struct di__awaiter *waiters;

	if (di__observed(container))
		di__tell(home, DI_EVENT_FAILED, entry->provider->name, 0, DI_FAILED, error);
	di__lock_context(home, flow);
	waiters = take_waiters(call);
	uncount(flow, call);
	entry->state = DI__KEPT;
	if (!entry->provider->kind->async)
		entry->traits &= (uint8_t)~DI__ASYNC;
	entry->ender = NULL;
	give_call(home, call);
	di__entry_free(entry);
	di__unlock_context(home, flow);
	settle_all(flow, waiters, NULL, error);
	di__error_release(container, error);
}

/* Ends what was made for the call alone, and goes on with done. */
static void unwind(struct di_flow *flow, struct di_call *call, enum di_outcome outcome,
		   void (*done)(struct di_flow *, struct di__ending *))
{
	struct di_entry *entry = call->entry;
	struct di_context *home = entry->home;
	struct di__ending *ending = &call->unwinding;

	*ending = (struct di__ending){
		.outcome = outcome,
		.status = call->error->status,
		.err = call->error != &no_memory_for_error ? call->error : NULL,
		.done = done,
	};
	di__lock_context(home, flow);
	di__mark_products(home->newest, entry);
	ending->todo = di__todo_take(&home->newest);
	entry->traits &= (uint8_t)~DI__HAS_PRODUCTS;
	di__unlock_context(home, flow);
	di__ending_run(flow, ending);
}

static struct di_call *call_of(struct di__ending *unwinding)
{
	return (struct di_call *)(void *)((char *)unwinding - offsetof(struct di_call, unwinding));
}

static void unwound(struct di_flow *flow, struct di__ending *ending)
{
	struct di_call *call = call_of(ending);

	abandon(flow, call, call->error);
}

static void fail(struct di_flow *flow, struct di_call *call, struct di_error *error)
{
	call->error = error;
	if (DI__LIKELY((call->entry->traits & DI__HAS_PRODUCTS) == 0))
		abandon(flow, call, error);
	else
		unwind(flow, call, DI_FAILED, unwound);
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
	fail(flow, call, di__error_keep(call->entry->home->container, &err));
}

static void finish(struct di_flow *flow, struct di__step *step)
{
	struct di_call *call = (struct di_call *)(void *)step;

	if (DI__UNLIKELY(call->cause != 0 || call->value == NULL))
		fail_constructing(flow, call);
	else if (DI__UNLIKELY(call->entry->provider->kind->choose != NULL))
		publish_choice(flow, call);
	else
		publish(flow, call);
}
