/* SPDX-License-Identifier: MIT */
#ifndef DI_RING_H
#define DI_RING_H

/* private */

/**
 * Who would wait for himself, over creations that take time and flows that are suspended.
 *
 * Flows that wait for what other flows make stand in a chain, which wait.c follows; creations
 * that await others end where nothing is asked for any more. Both meet only where the constructor
 * of a fiber awaits what takes time, and a step of that waits for a fiber; or awaits that a context
 * is closed, which waits for what is being made there; or joins a fiber that awaits any of that. A
 * finalizer or a callback may do so as well, and others wait for its end. So as long as none of
 * these awaits or joins, nothing is looked for here that others do not look for.
 *
 * Followed is what stands still because of who begins to wait. Under the locks of steps.c and then
 * of wait.c.
 */

#include "di/making.h"

/** Whether a flow waits for the end of another one. */
enum di__joining {
	DI__JOINS_NOT,
	DI__JOINS_OUTSIDE, /* of what others could wait for */
	DI__JOINS_INSIDE,  /* in a constructor or finalizer */
	DI__JOINS_IN_STEP  /* and what is queued on it stands still */
};

/**
 * How many constructors and finalizers await something asynchronous, or join, as steps may, too.
 * Changed under both locks.
 */
extern uint32_t di__rings_possible;
/** How many flows await that a context is closed; the same. */
extern uint32_t di__closes_awaited;

/** The calling flow awaits something in a constructor; or no more, but perhaps in an outer one. */
void di__ring_await(struct di_flow *flow);
void di__ring_awaited(struct di_flow *flow, struct di__run *outer);

/** A close that a flow awaits. On its C stack. */
struct di__ring_close {
	const struct di_context *context; /* NULL: it is closed */
	struct di_flow *flow;
	struct di__run *outer;               /* see di__ring_awaited() */
	struct di__ring_close *next, **link; /* among all; under both locks */
};

/**
 * The calling flow is about to close the context and to wait for that; or 1, and nothing of it, if
 * what is being made there would go on only afterwards.
 */
int di__ring_await_close(struct di__ring_close *close, struct di_flow *flow,
			 const struct di_context *context);
void di__ring_awaited_close(struct di__ring_close *close);
/** The context is about to be closed, so that it may be opened again. */
void di__ring_closed(const struct di_context *context);

/** The flow ends: nobody finds it here any more. */
void di__ring_forget(struct di_flow *flow);

/** Whether call is awaited by what the awaiter asks for, or the flow that is suspended for it. */
int di__ring_of_call(const struct di__awaiter *awaiter, const struct di_call *call);
/** Whether entry stands still while the calling flow waits, which needs it for asker. */
int di__ring_of_entry(struct di_flow *flow, struct di_entry *asker, const struct di_entry *entry);

/* ---- wait.c ---- */

void di__flows_lock(void);
void di__flows_unlock(void);

#endif
