/* SPDX-License-Identifier: MIT */
#ifndef DI_FLOW_H
#define DI_FLOW_H

/**
 * Flows: what runs. A flow is a thread or a fiber; each has a stack of the contexts that it has
 * entered, the innermost of which is current. Explicit contexts work without any of this.
 *
 * Entering keeps a context from being closed. A thread that ends leaves what it had entered and
 * closes nothing.
 *
 * Every thread has a flow of its own. Who schedules fibers makes one for each of them by
 * di_flow_new(), and says by di_flow_swap() which of them runs now: what is entered, being made,
 * set (di/local.h) and held in blocks belongs to the flow, and is as it was when its flow runs
 * again. Such a flow belongs to the thread that made it: it runs there alone, and has that thread's
 * thread_singletons. integrations/fiber has fibers that do all this.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/provider.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_capture;
struct di_context;
struct di_flow;

/**
 * What a flow is that is no thread. Zeroed but for abi: waiting blocks its thread, and its
 * context-local values are a copy of the calling flow's.
 */
struct di_flow_options {
	uint32_t abi; /**< DI_ABI */
	int empty;    /**< 1: it begins without values, as a new thread */
	/** It begins with these, which are borrowed until di_flow_new() returns; or NULL. */
	const struct di_capture *capture;
	/**
	 * Suspends the flow, which calls it, until unpark was called for it, perhaps before: not
	 * before and not longer. Together with unpark, or both NULL. Called without locks.
	 */
	void (*park)(void *data);
	/**
	 * Lets park return, once for each call of that. Called on any thread, without locks; it
	 * must not fail, and must not resolve, open or close anything.
	 */
	void (*unpark)(void *data);
	void *data; /**< for both */
};

/**
 * Makes a flow of the calling thread, to be freed by di_flow_free(). It has entered nothing.
 *
 * Copying values is O(1). NULL with DI_EINVAL (one hook without the other), DI_EABI or DI_ENOMEM.
 */
DI_API struct di_flow *di_flow_new(const struct di_flow_options *options, struct di_error *err);

/**
 * Makes a flow of the calling thread its current one, and returns the former; NULL means the
 * thread's own.
 *
 * Returns NULL, and nothing is changed, for a flow of another thread. It costs next to nothing.
 */
DI_API struct di_flow *di_flow_swap(struct di_flow *flow);

/**
 * Ends a flow: leaves what it has entered, closes nothing, and gives up its values. NULL is legal.
 *
 * DI_EINVAL: the thread's own; DI_EBUSY: it is current, makes or calls back something, or waits;
 * DI_ETHREAD: it is of another thread, which has not ended. Nothing is changed then. It never
 * allocates.
 */
DI_API enum di_status di_flow_free(struct di_flow *flow, struct di_error *err);

/**
 * Says that the calling flow is about to wait until other has ended, so that neither waits for the
 * other for ever. What is said holds until di_flow_joined(), or until either of them is freed.
 *
 * DI_ECYCLE: other waits, over any number of flows and creations, for what the caller makes, ends
 * or calls back; from then on whoever would come to wait for that gets DI_ECYCLE. DI_EBUSY: the
 * caller waits for a flow already, or somebody for other. DI_EINVAL: NULL, or the caller. Nothing
 * is said then. Other may be freed once it has ended, and not earlier.
 */
DI_API enum di_status di_flow_join(struct di_flow *other, struct di_error *err);

/** The calling flow waits no more, for whatever reason; nothing if it did not. */
DI_API void di_flow_joined(void);

/** The calling flow; never NULL, borrowed until it is freed or its thread ends. */
DI_API struct di_flow *di_flow_current(void);

/** The number of a flow, unique in the process and never used again; 0 for NULL. */
DI_API uint64_t di_flow_number(const struct di_flow *flow);

/**
 * Makes context the current one of the calling flow, until di_context_leave().
 *
 * DI_EINVAL (NULL), DI_ECLOSED, DI_ENOMEM. A context may be entered several times and by several
 * flows.
 */
DI_API enum di_status di_context_enter(struct di_context *context, struct di_error *err);

/**
 * Undoes the calling flow's newest di_context_enter(), which must have been of this context.
 *
 * DI_EINVAL otherwise, and nothing is changed. It never allocates.
 */
DI_API enum di_status di_context_leave(struct di_context *context, struct di_error *err);

/**
 * The innermost context of that table, or of one that connects it, that the calling flow has
 * entered, or NULL; of any table, where table is NULL.
 *
 * While a constructor or finalizer runs it is the home of its value. Borrowed.
 */
DI_API struct di_context *di_context_current(const struct di_table *table);

/**
 * The current scope of the calling flow: that of di_context_current(), or of the first around it
 * that has one; NULL where nothing is current.
 */
DI_API const struct di_scope *di_scope_current(const struct di_table *table);

/**
 * The first error that a DI_CALLBACK of this flow met since the last call, which also clears it;
 * NULL where there was none. Valid until the flow's next callback or the end of the thread.
 */
DI_API const struct di_error *di_callback_error(void);

#ifdef __cplusplus
}
#endif

#endif
