/* SPDX-License-Identifier: MIT */
#include "di/making.h"

#include "di/async_row.h"
#include "di/dependents.h"
#include "di/ending.h"
#include "di/entry.h"
#include "di/gathering.h"
#include "di/probe.h"
#include "di/stepwise.h"

#include <errno.h>

/*
 * The life of a creation that takes time: get what it needs, construct, finish.
 */

static void advance(struct di_flow *flow, struct di__step *step);

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

struct di_error *di__error_writable(struct di_error *error)
{
	return error != &no_memory_for_error ? error : NULL;
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

/* What is looked at before it is written; the rest of the memory stays as it is. */
static DI__INLINE void clear(struct di_call *call, uint32_t needs)
{
	uint32_t i;

	call->waiters = NULL;
	call->ending = NULL;
	call->seen = 0;
	call->owed = NULL;
	call->state = 0;
	call->pending = 0;
	call->cause = 0;
	call->idle = 0;
	call->joined = 0;
	call->cancelled = 0;
	call->held = 0;
	call->forsaken = 0;
	call->value = NULL;
	call->error = NULL;
	call->cancel = NULL;
	for (i = 0; i < needs; i++) {
		call->needs[i].call = NULL;
		call->needs[i].flow = NULL;
	}
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
	call->step.run = advance;
	call->step.of = DI__STEP_OF_CALL;
	call->entry = entry;
	call->size = (uint32_t)size;
	clear(call, needs);
	entry->traits |= DI__ASYNC;
	entry->call = call;
	home->making++;
	home->calls++;
	DI__STORE(home->lane.table, NULL);
	return call;
}

void di__call_give(struct di_context *home, struct di_call *call)
{
	di__arena_give(&home->arena, &home->container->allocator, call, call->size);
}

/* The row's next product has it. What makes directly takes what says that it is a product. */
static void keep_product(struct di_context *home, struct di_entry *entry)
{
	entry->state = DI__KEPT;
	entry->marked = 0;
	entry->traits = DI__ASYNC;
	entry->older = home->entries[entry->row];
	home->entries[entry->row] = entry;
}

void di__call_forget(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if (entry->ender != NULL) {
		di__call_give(home, entry->ender);
		home->entered -= --home->slow_ends == 0;
	}
	if (entry->provider->kind->async && !entry->provider->kind->cached) {
		keep_product(home, entry);
		return;
	}
	if (entry->provider->kind->cached && home->entries[entry->row] == entry)
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
						 home->deviates || home->threads || home->threaded);
}

void di__count_idle(struct di_context *home, uint32_t added)
{
	home->idle += added;
	set_careful(home);
	di__lane_update(home, home->container->table);
}

void di__call_set_idle(struct di_call *call, int idle)
{
	if (call->idle == idle)
		return;
	call->idle = idle;
	di__count_idle(call->entry->home, idle ? 1 : UINT32_MAX);
}

static void set_idle_locked(struct di_flow *flow, struct di_call *call, int idle)
{
	struct di_context *home = call->entry->home;

	if (call->idle == idle)
		return;
	di__lock_context(home, flow);
	di__call_set_idle(call, idle);
	di__unlock_context(home, flow);
}

/* The home has one creation less, which was not idle. Under the lock. */
void di__uncount_call(struct di_flow *flow, struct di_context *home)
{
	home->calls--;
	di__making_less(flow, home);
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

/* Everybody has cancelled before its constructor has begun. */
static void cancel(struct di_flow *flow, struct di_call *call)
{
	struct di_error err = { 0 };

	di__fail(&err, DI_ECANCELLED, call->entry->provider, "nobody awaited it any more");
	di__call_fail(flow, call, di__error_keep(call->entry->home->container, &err));
}

static void construct_or_fail(struct di_flow *flow, struct di__step *step)
{
	struct di_call *call = (struct di_call *)(void *)step;
	uint32_t state = DI__LOAD_RELAXED(call->state);

	if (DI__UNLIKELY(call->error != NULL))
		di__call_fail(flow, call, call->error);
	else if (DI__UNLIKELY(DI__LOAD_RELAXED(call->cancelled)))
		cancel(flow, call);
	else if (DI__LIKELY((state & DI__GATHERS) == 0))
		construct(flow, call);
	else
		di__call_hand_on(flow, call);
}

/* What a row chose is there. */
static void hand_on(struct di_flow *flow, struct di__step *step)
{
	struct di_call *call = (struct di_call *)(void *)step;

	call->value = call->error == NULL ? call->entry->args[call->entry->needs_done - 1] : NULL;
	if (call->value != NULL)
		di__call_finish(flow, step);
	else
		di__call_fail(flow, call, call->error);
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
	struct di_call *call = di__call_of(ending);
	struct di_error *error = call->error;

	if (ending->status != DI_OK) {
		di__error_path(error, call->entry->provider->name);
		di__call_fail(flow, call, error);
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
	di__call_unwind(flow, call, DI_DONE, chosen_alone);
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
		di__call_fail(flow, call, call->error);
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
		di__call_fail(flow, call, di__error_keep(entry->home->container, &err));
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

void di__call_again(struct di_flow *flow, struct di_call *call)
{
	struct di_entry *entry = call->entry;

	di__waiting_lock();
	DI__STORE(call->state, DI__LOAD_RELAXED(call->state) & DI__GATHERS);
	DI__STORE_RELAXED(call->cancelled, 0);
	call->forsaken = 0;
	call->cancel = NULL;
	call->error = NULL;
	di__waiting_unlock();
	call->step.run = advance;
	call->cause = 0;
	call->value = NULL;
	if (entry->provider->kind->choose != NULL)
		entry->value = NULL;
	di__step_add(flow, &call->step);
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

static int begin(struct di_flow *flow, struct di_call *call)
{
	const struct di_async *async = call->entry->provider->object;

	call->runner = flow;
	DI__STORE_RELAXED(call->state, DI__RUNNING);
	return async->begin(call, call->entry->args);
}

void di__call_constructed(struct di_flow *flow, struct di_call *call, int cause)
{
	uint32_t state;

	di__call_returned(call, cause);
	state = DI__LOAD(call->state);
	if ((state & DI__COMPLETED) == 0) {
		set_idle_locked(flow, call, 1);
		state = __atomic_fetch_and(&call->state, ~(uint32_t)DI__RUNNING, __ATOMIC_ACQ_REL);
	}
	if ((state & DI__COMPLETED) != 0 &&
	    __atomic_sub_fetch(&call->pending, 1, __ATOMIC_ACQ_REL) == 0)
		di__call_finish(flow, &call->step);
}

static void construct(struct di_flow *flow, struct di_call *call)
{
	struct di_entry *entry = call->entry;
	struct di__run run = { flow->run, entry->home, entry, flow->entered_count };
	int cause;

	set_idle_locked(flow, call, 0);
	call->step.run = di__call_finish;
	DI__STORE_RELAXED(call->pending, 1);
	if (di__observed(entry->home->container))
		entry->since_ns = di__now();
	flow->run = &run;
	if (entry->provider->create != NULL) {
		call->value = entry->value;
		call->cause = entry->provider->create(entry->args, &call->value);
		flow->run = run.outer;
		di__call_finish(flow, &call->step);
		return;
	}
	cause = begin(flow, call);
	flow->run = run.outer;
	di__call_constructed(flow, call, cause);
}
