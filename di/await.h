/* SPDX-License-Identifier: MIT */
#ifndef DI_AWAIT_H
#define DI_AWAIT_H

/**
 * Waiting in a fiber for what takes time, as if it were straight code.
 *
 * While a fiber waits its thread goes on with others, which may be who completes what it waits for.
 * A thread's own flow waits for nothing asynchronous, nor does what runs while something
 * asynchronous is being made or has called back: there these are the functions that do not wait,
 * and DI_EAGAIN.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/observer.h"
#include "di/provider.h"

#ifdef __cplusplus
extern "C" {
#endif

struct di_context;
struct di_flow;

/**
 * What provider is as seen from context, as by di_resolve(); but where that is asynchronous, or
 * needs what is, the calling fiber is suspended until it has been made: di_get_async() in one line.
 *
 * Borrowed; NULL with err filled, as by both; DI_ECANCELLED where di_flow_cancel() came. In a
 * constructor a product is to be made for what that makes: so it is di_resolve() there.
 */
DI_API void *di_await(struct di_context *context, const struct di_provider *provider,
		      struct di_error *err);

/**
 * Closes a context, as di_context_close(); but the calling fiber is suspended while finalizers are
 * asynchronous, and while something is being made there: di_context_close_async() in one line.
 *
 * DI_ECYCLE, nothing changed: what is being made in the context waits for the calling constructor
 * or finalizer, or for one that joins the fiber. Cancelling does not end this wait.
 */
DI_API enum di_status di_await_close(struct di_context *context, enum di_outcome outcome,
				     struct di_error *err);

/**
 * Cancels what a flow awaits: its present di_await() returns DI_ECANCELLED and, if nobody else
 * awaits the creation, that is asked to cancel itself (see di_get_cancel()); and if it awaits
 * nothing, its next one that would wait returns so, once.
 *
 * Returns 1 in the first case. Any thread may call it for a flow that is not freed meanwhile; what
 * is asked to cancel itself does so here, and must not wait for the flow's thread.
 */
DI_API int di_flow_cancel(struct di_flow *flow);

/** Takes a cancellation that di_flow_cancel() has left: 1, once. For the flow's own thread. */
DI_API int di_flow_take_cancel(struct di_flow *flow);

#ifdef __cplusplus
}
#endif

#endif
