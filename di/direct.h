/* SPDX-License-Identifier: MIT */
#ifndef DI_DIRECT_H
#define DI_DIRECT_H

/* private */

/**
 * Making directly: a value and what it needs in its own home, where nothing is in the way.
 *
 * Most values are made by the flow that asks first, in a context that is its own, that overrides
 * nothing and that nobody observes, from needs that exist or can be made likewise. What is begun
 * takes part in everything as if it had been begun step by step; where it meets anything else,
 * stepwise.c goes on with it so.
 */

#include "di/internal.h"

/** An attempt that has ended without a value. */
struct di__direct {
	struct di_flow *flow;
	struct di_entry *top;              /* the innermost of what stands begun, or NULL */
	int failed;                        /* 1: its constructor has, ... */
	int cause;                         /* ... and returned this */
	const struct di_provider *refused; /* for this there is no memory, or NULL */
};

/** Goes on with it, or reports its failure. */
void *di__resolve_on(const struct di__direct *direct, struct di_context *home, struct di_error *err,
		     const struct di_provider *provider);
/** Resolves where no attempt is made. */
void *di__resolve_with_care(struct di_context *context, struct di_error *err,
			    const struct di_provider *provider);

/** Gets the needs that exist from the i-th up to the first that does not: that, or NULL. */
static DI__INLINE const struct di_provider *di__gather_needs(const struct di_context *home,
							     struct di_entry *entry,
							     const struct di_provider *provider,
							     size_t i)
{
	for (; i < provider->needs_count; i++) {
		const struct di_provider *need = provider->needs[i];
		int32_t index = (int32_t)need->index;
		void *value = DI__LOAD(di__lane_values(&home->lane, need)[index]);

		if (DI__UNLIKELY(value == NULL)) {
			entry->needs_done = (uint16_t)i;
			return need;
		}
		entry->args[i] = value;
	}
	return NULL;
}

#endif
