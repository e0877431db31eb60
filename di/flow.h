/* SPDX-License-Identifier: MIT */
#ifndef DI_FLOW_H
#define DI_FLOW_H

/**
 * Flows: what runs. A flow is a thread (fibers will be flows too); each has a stack of the contexts
 * that it has entered, the innermost of which is current. Explicit contexts work without any of
 * this.
 *
 * Entering keeps a context from being closed. A thread that ends leaves what it had entered and
 * closes nothing.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/provider.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_context;
struct di_flow;

/** The calling flow; never NULL, borrowed until the thread ends. */
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
