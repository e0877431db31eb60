/* SPDX-License-Identifier: MIT */
#ifndef DI_BELOW_H
#define DI_BELOW_H

/* private */

/**
 * What is open below a context, when that is to end whatever is open: a container's root, or a
 * thread's place. Nobody opens a context there any more.
 */

#include "di/internal.h"

/** Keeps the first failure in *status and *err, and counts further ones. */
void di__keep_first(enum di_status found, enum di_status *status, struct di_error *err,
		    const struct di_error *error);
/** DI_EBUSY if something is under way in top or below, or another flow has entered it. */
enum di_status di__below_check(struct di_context *top, struct di_flow *flow, struct di_error *err);
/** The same where what is being made asynchronously, and ends so, is waited for. */
enum di_status di__below_check_async(struct di_context *top, struct di_flow *flow,
				     struct di_error *err);
/** The innermost open context, top where there is no other. */
struct di_context *di__below_next(struct di_context *top, struct di_flow *flow);
/** Sets it to closing, whoever of the calling flow has entered it. Under no lock. */
void di__context_end_begin(struct di_flow *flow, struct di_context *context);
/** How many contexts are open below top; names those of the first, if names is still empty. */
unsigned di__below_count(struct di_context *top, struct di_flow *flow, char *names, size_t size);
/** Ends them, innermost first, as DI_CANCELLED, and makes them spares. */
void di__below_end(struct di_context *top, struct di_flow *flow, enum di_status *status,
		   struct di_error *err);
/** Ends what is in a context, as the outcome or the worst mark. It stays closing. */
enum di_status di__context_end(struct di_flow *flow, struct di_context *context,
			       enum di_outcome outcome, struct di_error *err);

#endif
