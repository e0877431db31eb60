/* SPDX-License-Identifier: MIT */
#include "di/ending.h"

#include "di/async_row.h"
#include "di/entry.h"
#include "di/making.h"
#include "di/probe.h"

#include <string.h>

int di__todo_is_slow(const struct di_entry *todo)
{
	for (; todo != NULL; todo = todo->older) {
		if (di__ends_slowly(todo))
			return 1;
	}
	return 0;
}

int di__marked_is_slow(const struct di_entry *newest)
{
	for (; newest != NULL; newest = newest->older) {
		if (newest->marked && di__ends_slowly(newest))
			return 1;
	}
	return 0;
}

static void leave_slot(struct di_flow *flow, struct di_entry *entry)
{
	di__lock_context(entry->home, flow);
	di__entry_leave_slot(entry);
	di__unlock_context(entry->home, flow);
}

/* The newest of the list has ended. */
static void take_off(struct di_flow *flow, struct di__ending *ending)
{
	struct di_entry *entry = ending->todo;
	struct di_context *home = entry->home;

	ending->todo = entry->older;
	di__lock_context(home, flow);
	di__entry_free(entry);
	di__unlock_context(home, flow);
}

static void end_slowly_done(struct di_flow *flow, struct di__ending *ending)
{
	struct di_entry *entry = ending->todo;
	struct di_context *home = entry->home;
	int cause = entry->ender->cause;

	DI__PROBE(torn_down, entry->provider, home);
	if (di__observed(home->container))
		di__tell(home, DI_EVENT_TORN_DOWN, entry->provider->name,
			 di__now() - ending->begun_ns, ending->outcome, NULL);
	if (cause != 0)
		di__entry_failed(entry, cause, &ending->status, ending->err);
	take_off(flow, ending);
}

void di__ending_go_on(struct di_flow *flow, struct di__ending *ending)
{
	end_slowly_done(flow, ending);
	di__ending_run(flow, ending);
}

static void go_on(struct di_flow *flow, struct di__step *step)
{
	di__ending_go_on(flow, ((struct di_call *)(void *)step)->ending);
}

int di__ending_begin(struct di_flow *flow, struct di__ending *ending)
{
	struct di_entry *entry = ending->todo;
	struct di__run run = { flow->run, entry->home, NULL, flow->entered_count };
	const struct di_async *async = entry->provider->object;
	struct di_call *call = entry->ender;
	int cause;

	if (di__observed(entry->home->container))
		ending->begun_ns = di__now();
	call->ending = ending;
	call->step.run = go_on;
	call->runner = flow;
	call->state = DI__RUNNING;
	flow->run = &run;
	cause = async->end(call, entry->value, ending->outcome);
	flow->run = run.outer;
	di__call_returned(call, cause);
	/* Who completes it while that runs leaves the rest to us. */
	if (DI__LIKELY((DI__LOAD(call->state) & DI__COMPLETED) != 0))
		return 1;
	return (__atomic_fetch_and(&call->state, ~(uint32_t)DI__RUNNING, __ATOMIC_ACQ_REL) &
		DI__COMPLETED) != 0;
}

/* The creation that fails, or chooses, and waits for the ending; or NULL. */
static struct di_entry *waits_for(struct di__ending *ending)
{
	return ending->step.of == DI__STEP_OF_CALL ? di__call_of(ending)->entry : NULL;
}

/* The newest of the list. Returns whether it is through. */
static int end_newest(struct di_flow *flow, struct di__ending *ending)
{
	struct di_entry *entry = ending->todo;
	struct di__run run = { flow->run, entry->home, waits_for(ending), flow->entered_count };
	int through = 1;

	/* Who awaits the creation waits for the finalizer, too. */
	if (DI__UNLIKELY(run.making != NULL))
		flow->run = &run;
	leave_slot(flow, entry);
	if (DI__LIKELY(!di__ends_slowly(entry))) {
		di__entry_end(flow, entry, ending->outcome, &ending->status, ending->err);
		take_off(flow, ending);
	} else {
		through = di__ending_begin(flow, ending);
		if (through)
			end_slowly_done(flow, ending);
	}
	flow->run = run.outer;
	return through;
}

void di__ending_run(struct di_flow *flow, struct di__ending *ending)
{
	while (ending->todo != NULL) {
		if (!end_newest(flow, ending))
			return;
	}
	ending->done(flow, ending);
}
