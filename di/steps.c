/* SPDX-License-Identifier: MIT */
#include "di/steps.h"

#ifdef DI__LOCK_PLAIN
static struct di__lock waiting = { PTHREAD_MUTEX_INITIALIZER };
#else
static struct di__lock waiting;
#endif

void di__waiting_lock(void)
{
	di__lock_take(&waiting, DI__LOCK_NOBODY);
}

void di__waiting_unlock(void)
{
	di__lock_give(&waiting, DI__LOCK_NOBODY);
}

void di__steps_go_on(struct di_flow *flow)
{
	while (flow->steps != NULL) {
		struct di__step *step = flow->steps;

		flow->steps = step->next;
		step->run(flow, step);
	}
}

/*
 * Whatever runs on the flow has no part in it: what a callback resolves is not what the constructor
 * does that has brought it about.
 */
void di__steps_run(struct di_flow *flow)
{
	struct di__run *outer = flow->run;

	if (flow->stepping)
		return;
	flow->outer_run = outer;
	flow->stepping = 1;
	flow->run = NULL;
	di__steps_go_on(flow);
	flow->run = outer;
	flow->stepping = 0;
}
