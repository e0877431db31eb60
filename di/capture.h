/* SPDX-License-Identifier: MIT */
#ifndef DI_CAPTURE_H
#define DI_CAPTURE_H

/**
 * Taking context-local values along: to a new thread, to a job of a pool, to whatever runs later.
 *
 *     job->capture = di_flow_capture(&err);                      where the work is handed over
 *     di_flow_run(job->capture, work, job, &err);                where it is done
 *     di_capture_free(job->capture);
 *
 * A capture is what the flow saw of all namespaces when it was taken; what the flow sets later is
 * not seen. Each run has a private copy: what it sets is seen by nobody else, neither by another
 * run of the same capture, and ends with it. Both are O(1), whatever is captured.
 *
 * A capture belongs to who took it, and may be run and freed on any threads, run on several at
 * once. It holds values; di_flow_capture_contexts() takes the contexts along that the flow has
 * entered. Such a capture keeps none of them from being closed: it is told then that they are.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/local.h"

#ifdef __cplusplus
extern "C" {
#endif

struct di_capture;

/** Captures what the calling flow sees, or returns NULL with DI_ENOMEM. */
DI_API struct di_capture *di_flow_capture(struct di_error *err);

/**
 * The same, and the contexts that the calling flow has entered, whose container cannot be freed
 * before the capture: that is DI_EBUSY, or waits for it. It takes a moment for each context.
 *
 * NULL with DI_ENOMEM, or DI_ECLOSED where one of them is being ended.
 */
DI_API struct di_capture *di_flow_capture_contexts(struct di_error *err);

/**
 * Calls function with what was captured in the place of the calling flow's own values, which are
 * there again afterwards. Captured contexts are entered, above what the flow has entered itself;
 * function may leave them, the innermost first, to close them.
 *
 * DI_EINVAL (NULL); DI_ECLOSED (also where a container is being freed), DI_ETHREAD or DI_ENOMEM (a
 * context cannot be entered), and function is not called. Blocks and contexts that function has
 * left open are DI_EINVAL too; they are gone. It allocates nothing itself, but for more contexts
 * than the flow ever had entered at once.
 */
DI_API enum di_status di_flow_run(const struct di_capture *capture, di_local_fn *function,
				  void *data, struct di_error *err);

/** The same without the contexts: for who is to be told that they are closed. */
DI_API enum di_status di_flow_run_values(const struct di_capture *capture, di_local_fn *function,
					 void *data, struct di_error *err);

/** Frees a capture, which nobody is about to run; runs that are under way are not disturbed. */
DI_API void di_capture_free(struct di_capture *capture);

#ifdef __cplusplus
}
#endif

#endif
