/* SPDX-License-Identifier: MIT */
#include "di/get.h"
#include "di/spare.h"

/*
 * Contexts that are asked for something are not reused before they have answered. One that is
 * closed meanwhile is no spare: who lets go of it last releases it, unless it stands in the place
 * of a flow, which may be looking at it: see park.h.
 */

enum di_status di__pin(struct di_flow *flow, struct di_context *context,
		       const struct di_provider *provider, struct di_error *err)
{
	enum di_status status = DI_OK;
	uint8_t state;

	di__lock_context(context, flow);
	state = DI__LOAD(context->state);
	if (DI__LIKELY(state >= DI__OPEN)) {
		DI__STORE(context->pins, context->pins + 1);
		context->used = 1;
	} else {
		status = DI_ECLOSED;
	}
	di__unlock_context(context, flow);
	if (DI__UNLIKELY(status != DI_OK))
		di__misuse(err, status, provider, "the context was closed before");
	return status;
}

int di__unpin(struct di_flow *flow, struct di_context *context)
{
	uint8_t state;
	int last;

	di__lock_context(context, flow);
	state = context->state;
	DI__STORE(context->pins, context->pins - 1);
	last = context->pins == 0 && state == DI__CLOSED;
	di__unlock_context(context, flow);
	if (DI__UNLIKELY(last)) {
		context->next = NULL;
		di__context_release_list(context);
	}
	return di__is_over(state);
}
