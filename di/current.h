/* SPDX-License-Identifier: MIT */
#ifndef DI_CURRENT_H
#define DI_CURRENT_H

/* private */

/**
 * The current contexts of a flow. All of this is for the flow itself, or for who ends it.
 */

#include "di/internal.h"

/** The innermost current context that covers all the needs, or NULL. */
struct di_context *di__flow_context(const struct di_flow *flow,
				    const struct di_provider *const *needs);
/**
 * Enters a context. DI_ECLOSED without a word in err, DI_ENOMEM, DI_ETHREAD.
 */
enum di_status di__flow_enter(struct di_flow *flow, struct di_context *context,
			      struct di_error *err);
/** How often the flow has entered the context. */
uint32_t di__flow_entered(const struct di_flow *flow, const struct di_context *context);
/** Undoes all enters of that context by the flow. */
void di__flow_forget(struct di_flow *flow, const struct di_context *context);
/** Leaves all that the flow has entered. */
void di__flow_leave_all(struct di_flow *flow);

#endif
