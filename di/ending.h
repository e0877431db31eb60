/* SPDX-License-Identifier: MIT */
#ifndef DI_ENDING_H
#define DI_ENDING_H

/* private */

/**
 * Ending values one by one, where a finalizer may take time: the next one runs when it has
 * completed, on the thread where that happens. It takes no memory of its own.
 */

#include "di/steps.h"

struct di__ending {
	struct di__step step;
	struct di_entry *todo; /* newest first, the one that is being ended included */
	enum di_outcome outcome;
	enum di_status status;
	struct di_error *err; /* takes the first failure; or NULL */
	uint64_t begun_ns;    /* if observed: when the finalizer that is running began */
	/** Runs once all have ended; the ending may go. Under no lock. */
	void (*done)(struct di_flow *flow, struct di__ending *ending);
};

/** Ends what is on the list. Under no lock. */
void di__ending_run(struct di_flow *flow, struct di__ending *ending);
/**
 * Calls the finalizer of the newest of the list, which takes time and is in no slot. Returns
 * whether it is through; else di__ending_go_on() follows where it completes.
 */
int di__ending_begin(struct di_flow *flow, struct di__ending *ending);
/** The newest of the list, which takes time, is through. Ends the others. Under no lock. */
void di__ending_go_on(struct di_flow *flow, struct di__ending *ending);
/** Whether one of the list is ended asynchronously. Under the lock of its home. */
int di__todo_is_slow(const struct di_entry *todo);
/** The same for what is marked, from newest down. */
int di__marked_is_slow(const struct di_entry *newest);

#endif
