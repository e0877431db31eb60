/* SPDX-License-Identifier: MIT */
#include "di/making.h"

/*
 * Asking creations to cancel themselves, once everybody who awaits them has cancelled: and then
 * also those that they await themselves, and nobody else.
 */

static int is_cancelled(const struct di_call *call)
{
	return DI__LOAD_RELAXED(call->cancelled);
}

/* Whether everybody who awaits it is itself a creation that was asked to cancel. */
static int is_forsaken(const struct di_call *call)
{
	const struct di__awaiter *at;

	for (at = call->waiters; at != NULL; at = at->next) {
		if (at->asker == NULL || !is_cancelled(at->asker))
			return 0;
	}
	return !is_cancelled(call);
}

/* Keeps it from finishing; or 0, because it is about to, or is kept by who cancels it already. */
static int hold(struct di_call *call)
{
	uint32_t pending = !call->held ? DI__LOAD_RELAXED(call->pending) : 0;

	while (pending > 0 && !__atomic_compare_exchange_n(&call->pending, &pending, pending + 1, 0,
							   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
		;
	call->held |= pending > 0;
	return pending > 0;
}

static void append(struct di_call **last, struct di_call *call)
{
	DI__STORE_RELAXED(call->cancelled, 1);
	call->forsaken = 1;
	call->trail = NULL;
	(*last)->trail = call;
	*last = call;
}

/*
 * Marks call, and what it awaits and nobody else does, and lists those that are held. What is
 * about to go on will see that it is marked.
 */
static struct di_call *mark(struct di_call *call)
{
	struct di_call *held = NULL, *last = call;

	append(&last, call);
	call->trail = NULL;
	while (call != NULL) {
		struct di_call *next;
		uint32_t i;

		for (i = 0; i < call->entry->provider->needs_count; i++) {
			struct di_call *need = DI__LOAD(call->needs[i].call);

			if (need != NULL && is_forsaken(need))
				append(&last, need);
		}
		next = call->trail;
		if (hold(call)) {
			call->next_held = held;
			held = call;
		}
		call = next;
	}
	return held;
}

struct di_call *di__cancel_mark(struct di_call *call)
{
	return is_forsaken(call) ? mark(call) : NULL;
}

/* Takes the first of those that are held. What registers later is asked then. */
static di_cancel_fn *take_function(struct di_call **held, void **data)
{
	struct di_call *call = *held;
	di_cancel_fn *function;

	di__waiting_lock();
	*held = call->next_held;
	call->held = 0;
	function = call->cancel;
	*data = call->cancel_data;
	call->cancel = NULL;
	di__waiting_unlock();
	return function;
}

void di__cancel_held(struct di_flow *flow, struct di_call *held)
{
	while (held != NULL) {
		struct di_call *call = held;
		void *data;
		di_cancel_fn *function = take_function(&held, &data);

		if (function != NULL)
			function(data, call);
		di__call_settled(flow, call);
	}
}

void di_call_on_cancel(struct di_call *call, di_cancel_fn *function, void *data)
{
	int asked;

	if (call == NULL || function == NULL)
		return;
	di__waiting_lock();
	asked = is_cancelled(call);
	if (!asked) {
		call->cancel = function;
		call->cancel_data = data;
	}
	di__waiting_unlock();
	if (asked)
		function(data, call);
}
