/* SPDX-License-Identifier: MIT */
#ifndef DI_STEPS_H
#define DI_STEPS_H

/* private */

/**
 * What a flow is to do next of what is asynchronous: creations that have what they need, callbacks
 * that are due. Each is a step in a queue of the flow that brought it about, so that nothing calls
 * itself, however long a chain of creations is that complete at once.
 *
 * Who waits for whom is guarded by one lock for the process, which is taken after any context's.
 */

#include "di/internal.h"

/** What a step is the first member of, where that matters to rings. */
enum di__step_of {
	DI__STEP_OF_OTHER,
	DI__STEP_OF_CALL,
	DI__STEP_OF_GET,
	DI__STEP_OF_OPERATION
};

/** Part of what is to be done; gone, or queued anew, once it runs. */
struct di__step {
	struct di__step *next;
	void (*run)(struct di_flow *flow, struct di__step *step);
	enum di__step_of of;
};

/** Queues a step of the calling flow. */
static inline void di__step_add(struct di_flow *flow, struct di__step *step)
{
	step->next = NULL;
	if (flow->steps == NULL)
		flow->steps = step;
	else
		flow->last_step->next = step;
	flow->last_step = step;
}

/** Runs what the calling flow has queued, unless it is at it already. Under no lock. */
void di__steps_run(struct di_flow *flow);

/** Runs what is queued, as part of a step that is not. */
void di__steps_go_on(struct di_flow *flow);

/** Whether nothing of the user's runs on the flow, and it has queued nothing. */
static DI__INLINE int di__step_may_begin(const struct di_flow *flow)
{
	return DI__LIKELY(flow->run == NULL) && DI__LIKELY(!flow->stepping) &&
	       DI__LIKELY(flow->steps == NULL);
}
/** Begins a step that is not queued, where one may begin; and ends it. */
static inline void di__step_begin(struct di_flow *flow)
{
	flow->outer_run = NULL;
	flow->stepping = 1;
}
static inline void di__step_end(struct di_flow *flow)
{
	if (DI__UNLIKELY(flow->steps != NULL))
		di__steps_go_on(flow);
	flow->stepping = 0;
}

void di__waiting_lock(void);
void di__waiting_unlock(void);

#endif
