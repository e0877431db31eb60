/* SPDX-License-Identifier: MIT */
#ifndef DI_GATHERING_H
#define DI_GATHERING_H

/* private */

/**
 * Values of threads that need what takes time.
 *
 * What lives with a thread is made there, so no creation that completes anywhere makes it. Instead
 * a call gathers what it needs: one that gets its needs as others do, keeps nothing, and is settled
 * with &di__gathered. Rows that live with the thread, and products, which would be made for it, are
 * gathered likewise. Then who has asked makes it on the spot, on its thread. All threads that ask
 * for a row at once share its gathering.
 */

#include "di/making.h"

/** What a gathering is settled with instead of a value. */
extern char di__gathered;

/** Whether the awaiter is part of a gathering, so that what is made at once is not made for it. */
static inline int di__gathers(const struct di__awaiter *awaiter)
{
	const struct di_call *asker = awaiter->asker;

	return asker != NULL && DI__UNLIKELY((DI__LOAD_RELAXED(asker->state) & DI__GATHERS) != 0) &&
	       (asker->entry->provider->kind->choose == NULL || asker->entry->value != NULL);
}
/** Awaits the gathering of the provider, which home would be the home of. Under no lock. */
enum di__found di__gather(struct di_flow *flow, struct di__awaiter *awaiter,
			  struct di_context *home, const struct di_provider *provider,
			  struct di_error *err);
/** Nobody joins it from now on. Under the lock of its home. */
void di__gathering_leave(const struct di_call *call);
/** Whether the calling thread has the value in that home already, or finds it there. */
int di__is_made_for_thread(struct di_flow *flow, struct di_context *home,
			   const struct di_provider *provider);
/**
 * Makes what has been gathered, on the thread that is to have it; NULL with err filled, also where
 * the context, which is kept, is not open any more. Under no lock.
 */
void *di__make_gathered(struct di_flow *flow, struct di_context *context,
			const struct di_provider *provider, struct di_error *err);

#endif
