/* SPDX-License-Identifier: MIT */
#include "di/ring.h"

#include "di/get.h"
#include "di/operation.h"

uint32_t di__rings_possible, di__closes_awaited;
static uint64_t searches;
static struct di__ring_close *closes;

struct search {
	const struct di_entry *entry; /* one of which is looked for */
	const struct di_call *call;
	const struct di_context *home; /* any that is made there */
	const struct di_flow *flow;
	struct di_flow *flows; /* that stand still, and are to be looked at */
	struct di_call *calls;
	int found;
};

/* ---- What awaits in a constructor. ---- */

static void lock(void)
{
	di__waiting_lock();
	di__flows_lock();
}

static void unlock(void)
{
	di__flows_unlock();
	di__waiting_unlock();
}

/* Under the locks. */
static void count(struct di_flow *flow, struct di__run *run, uint32_t added)
{
	flow->awaiting_run = run;
	DI__STORE_RELAXED(di__rings_possible, di__rings_possible + added);
}

void di__ring_await(struct di_flow *flow)
{
	lock();
	count(flow, flow->run, 1);
	unlock();
}

void di__ring_awaited(struct di_flow *flow, struct di__run *outer)
{
	lock();
	count(flow, outer, UINT32_MAX);
	unlock();
}

/* ---- What stands still. ---- */

/*
 * A flow that awaits something may be at the first steps of that still, which do not wait for it:
 * so far only the rest of it stands still. Marked by two numbers for each search.
 */
enum stands {
	IN_AWAITING,
	IN_ALL
};

static void begin_search(void)
{
	searches += 2;
}

static void see_flow(struct search *search, struct di_flow *flow, enum stands stands)
{
	if (flow == NULL || flow->ring_seen >= searches + stands)
		return;
	search->found |= flow == search->flow;
	flow->ring_seen = searches + stands;
	if (flow->ring_listed)
		return;
	flow->ring_listed = 1;
	flow->ring_next = search->flows;
	search->flows = flow;
}

static void see_call(struct search *search, struct di_call *call)
{
	if (call == NULL || call->seen == searches)
		return;
	call->seen = searches;
	call->trail = search->calls;
	search->calls = call;
}

static void see_awaiter(struct search *search, const struct di__awaiter *awaiter)
{
	see_call(search, awaiter->asker);
	see_flow(search, di__awaiter_flow(awaiter), IN_AWAITING);
}

/* A creation, and those for which the same flow makes it. */
static void see_entries(struct search *search, struct di_entry *entry)
{
	for (; entry != NULL; entry = entry->asker) {
		const struct di__waiter *waiter;

		if ((DI__LOAD_RELAXED(entry->traits) & DI__ASYNC) != 0) {
			see_call(search, entry->call);
			return;
		}
		search->found |= entry == search->entry;
		for (waiter = entry->waiters; waiter != NULL; waiter = waiter->next)
			see_flow(search, waiter->flow, IN_ALL);
	}
}

/* What waits until nothing is under way in the context. */
static void see_closes(struct search *search, const struct di_context *context)
{
	const struct di__ring_close *close;

	search->found |= context == search->home;
	for (close = closes; close != NULL; close = close->next) {
		if (close->context == context)
			see_flow(search, close->flow, IN_AWAITING);
	}
}

/* Where nothing is made something ends: in a context that is being closed, perhaps. */
static void see_runs(struct search *search, const struct di__run *run)
{
	for (; run != NULL; run = run->outer) {
		if (run->making != NULL)
			see_entries(search, run->making);
		else if (run->home != NULL)
			see_closes(search, run->home);
	}
}

/* Whom its callback is for; what asked may be gone, where that has let go of it. */
static void see_get(struct search *search, const struct di__get *get)
{
	see_call(search, get->asker);
	see_flow(search, di__awaiter_flow(&get->awaiter), IN_AWAITING);
}

static void see_operation(struct search *search, const struct di__operation *operation)
{
	void (*callback)(void) = (void (*)(void))operation->callback;

	see_flow(search, di__flow_of_wait(callback, operation->data), IN_AWAITING);
}

/* What is queued on a flow that does not come to it. */
static void see_steps(struct search *search, struct di__step *step)
{
	for (; step != NULL; step = step->next) {
		if (step->of == DI__STEP_OF_CALL)
			see_call(search, (struct di_call *)(void *)step);
		if (step->of == DI__STEP_OF_GET)
			see_get(search, di__get_of_step(step));
		if (step->of == DI__STEP_OF_OPERATION)
			see_operation(search, (struct di__operation *)(void *)step);
	}
}

/* What it does in its present step, and later in others. */
static void see_stepping(struct search *search, const struct di_flow *flow)
{
	if (flow->stepping)
		see_runs(search, flow->outer_run);
	see_call(search, flow->calling_back);
	see_steps(search, flow->steps);
}

static void see_own(struct search *search, struct di_flow *flow)
{
	see_entries(search, flow->awaiting);
	see_runs(search, flow->run);
	see_stepping(search, flow);
}

/* All that a flow does stands still; where it blocks its thread, also what others do there. */
static void see_all_of(struct search *search, struct di_flow *flow)
{
	struct di_flow *other;

	see_own(search, flow);
	if (flow->hooks.park != NULL || flow->thread == NULL)
		return;
	see_own(search, flow->thread);
	see_flow(search, flow->thread, IN_ALL);
	for (other = flow->thread->others; other != NULL; other = other->next) {
		see_own(search, other);
		see_flow(search, other, IN_ALL);
	}
}

static void look_at_flow(struct search *search, struct di_flow *flow)
{
	int in_join = flow->joining != DI__JOINS_NOT;

	if (flow->ring_seen == searches + IN_AWAITING) {
		see_runs(search, in_join ? flow->joining_from : flow->awaiting_run);
	} else if (flow->awaited != NULL) {
		see_all_of(search, flow);
	} else {
		see_runs(search, flow->awaiting_run);
		if (flow->joining == DI__JOINS_IN_STEP)
			see_stepping(search, flow);
	}
	see_flow(search, flow->joiner, IN_ALL);
}

static void look_at_call(struct search *search, const struct di_call *call)
{
	const struct di__awaiter *at;

	search->found |= call == search->call;
	see_closes(search, call->entry->home);
	for (at = call->waiters; at != NULL; at = at->next)
		see_awaiter(search, at);
	see_call(search, call->owed);
}

static int look(struct search *search)
{
	while (!search->found && (search->flows != NULL || search->calls != NULL)) {
		struct di_flow *flow = search->flows;
		const struct di_call *call = search->calls;

		if (flow != NULL) {
			search->flows = flow->ring_next;
			flow->ring_listed = 0;
			look_at_flow(search, flow);
		} else {
			search->calls = call->trail;
			look_at_call(search, call);
		}
	}
	for (; search->flows != NULL; search->flows = search->flows->ring_next)
		search->flows->ring_listed = 0;
	return search->found;
}

int di__ring_of_call(const struct di__awaiter *awaiter, const struct di_call *call)
{
	struct search search = { .call = call };

	begin_search();
	see_awaiter(&search, awaiter);
	return look(&search);
}

int di__ring_of_entry(struct di_flow *flow, struct di_entry *asker, const struct di_entry *entry)
{
	struct search search = { .entry = entry };

	begin_search();
	flow->ring_seen = searches + IN_ALL;
	see_entries(&search, asker);
	see_all_of(&search, flow);
	see_flow(&search, flow->joiner, IN_ALL);
	return look(&search);
}

/* ---- Waiting for a close. ---- */

static void leave(struct di__ring_close *close)
{
	*close->link = close->next;
	if (close->next != NULL)
		close->next->link = close->link;
	DI__STORE_RELAXED(di__closes_awaited, di__closes_awaited - 1);
	if (close->flow->run != NULL)
		count(close->flow, close->outer, UINT32_MAX);
}

static void enter(struct di__ring_close *close)
{
	close->next = closes;
	close->link = &closes;
	if (closes != NULL)
		closes->link = &close->next;
	closes = close;
	DI__STORE_RELAXED(di__closes_awaited, di__closes_awaited + 1);
	if (close->flow->run != NULL)
		count(close->flow, close->flow->run, 1);
}

int di__ring_await_close(struct di__ring_close *close, struct di_flow *flow,
			 const struct di_context *context)
{
	struct search search = { .home = context };
	int found = 0;

	close->context = context;
	close->flow = flow;
	close->outer = flow->awaiting_run;
	lock();
	enter(close);
	if (di__rings_possible > 0) {
		begin_search();
		see_flow(&search, flow, IN_ALL);
		found = look(&search);
	}
	if (found)
		leave(close);
	unlock();
	return found;
}

void di__ring_awaited_close(struct di__ring_close *close)
{
	lock();
	leave(close);
	unlock();
}

void di__ring_closed(const struct di_context *context)
{
	struct di__ring_close *close;

	lock();
	for (close = closes; close != NULL; close = close->next) {
		if (close->context == context)
			close->context = NULL;
	}
	unlock();
}

/* ---- Waiting for a flow. ---- */

/* Where a constructor of the flow waits, or a step, others may wait for that. */
static void begin_joining(struct di_flow *flow)
{
	flow->joining = DI__JOINS_OUTSIDE;
	if (flow->run != NULL)
		flow->joining = DI__JOINS_INSIDE;
	if (flow->stepping || flow->calling_back != NULL)
		flow->joining = DI__JOINS_IN_STEP;
	flow->joining_from = flow->awaiting_run;
	if (flow->joining >= DI__JOINS_INSIDE)
		count(flow, flow->run, 1);
}

static void end_joining(struct di_flow *flow)
{
	if (flow->joining >= DI__JOINS_INSIDE)
		count(flow, flow->joining_from, UINT32_MAX);
	flow->joining = DI__JOINS_NOT;
	if (flow->joins != NULL)
		flow->joins->joiner = NULL;
	flow->joins = NULL;
}

static int would_wait(struct di_flow *flow, const struct di_flow *other)
{
	struct search search = { .flow = other };

	if (di__rings_possible == 0)
		return 0;
	begin_search();
	see_flow(&search, flow, IN_ALL);
	return look(&search);
}

static enum di_status join(struct di_flow *flow, struct di_flow *other)
{
	if (flow->joining != DI__JOINS_NOT || other->joiner != NULL)
		return DI_EBUSY;
	begin_joining(flow);
	if (would_wait(flow, other)) {
		end_joining(flow);
		return DI_ECYCLE;
	}
	flow->joins = other;
	other->joiner = flow;
	return DI_OK;
}

enum di_status di_flow_join(struct di_flow *other, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status;

	if (other == NULL || other == flow)
		return di__misuse(err, DI_EINVAL, NULL, "%s",
				  other == NULL ? "there is no flow to wait for"
						: "a flow cannot wait for itself");
	lock();
	status = join(flow, other);
	unlock();
	if (status == DI_OK)
		return DI_OK;
	return di__fail(err, status, NULL, "%s",
			status == DI_ECYCLE ? "it waits for what the caller makes"
					    : "one of the two is in a join already");
}

void di_flow_joined(void)
{
	struct di_flow *flow = di__flow_get();

	lock();
	end_joining(flow);
	unlock();
}

void di__ring_forget(struct di_flow *flow)
{
	lock();
	end_joining(flow);
	if (flow->joiner != NULL)
		flow->joiner->joins = NULL;
	flow->joiner = NULL;
	unlock();
}
