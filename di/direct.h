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

/**
 * Whether the flow may begin something of the provider's table in the context at all: it is the
 * flow's own, the inline path is on, and no row has another home than it says. Read without the
 * lock.
 */
static DI__INLINE int di__is_ready(const struct di_context *context,
				   const struct di_provider *provider, const struct di_flow *flow)
{
	return DI__LIKELY(DI__LOAD_RELAXED(context->lane.table) == provider->table) &&
	       DI__LIKELY(!DI__LOAD_RELAXED(context->careful)) &&
	       DI__LIKELY(di__lock_is_own(&context->lock, flow->number));
}

/** Whether a value of the row, where there is none, is made in such a context. */
static DI__INLINE int di__is_made_in(const struct di_context *home,
				     const struct di_provider *provider)
{
	const struct di_kind *kind = provider->kind;
	int of_root = provider->scope == NULL && home->parent == NULL;

	if (!kind->cached)
		return kind->home == DI_HOME_ASKED;
	return kind->home != DI_HOME_NEEDS && (provider->scope == home->scope || of_root);
}

/**
 * Others have come to the lock that was claimed: they wait until it is given up. A function of each
 * file, for the compiler knows then which registers it spares.
 */
DI__UNUSED static DI__NOINLINE void di__let_others(struct di_context *home)
{
	di__lock_end_bias(&home->lock);
}
/** Gives up the lock that was claimed; what is not hot is a call. */
static DI__INLINE void di__give_claimed(struct di_context *home)
{
	if (DI__UNLIKELY(!di__lock_resign(&home->lock)))
		di__let_others(home);
}

/**
 * Gets the needs that exist from the i-th up to the first that does not: that and its row, or NULL.
 */
static DI__INLINE const struct di_provider *di__gather_needs(const struct di_context *home,
							     struct di_entry *entry,
							     const struct di_provider *provider,
							     size_t i, int32_t *row)
{
	for (; i < provider->needs_count; i++) {
		const struct di_provider *need = provider->needs[i];
		void *value;

		*row = (int32_t)need->index;
		value = DI__LOAD(di__lane_values(&home->lane, need)[*row]);
		if (DI__UNLIKELY(value == NULL)) {
			entry->needs_done = (uint16_t)i;
			return need;
		}
		entry->args[i] = value;
	}
	return NULL;
}

/** The same in a root, where all values stand in one array. */
static DI__INLINE const struct di_provider *di__gather_in_root(const struct di_context *root,
							       struct di_entry *entry,
							       const struct di_provider *provider,
							       size_t done, int32_t *row)
{
	size_t count = provider->needs_count, i;
	const struct di_provider *const *needs = provider->needs;
	void **own = root->lane.own;

	for (i = done; i < count; i++) {
		const struct di_provider *need = needs[i];
		void *value;

		*row = (int32_t)need->index;
		value = DI__LOAD(own[*row]);
		if (DI__UNLIKELY(value == NULL)) {
			entry->needs_done = (uint16_t)i;
			return need;
		}
		entry->args[i] = value;
	}
	return NULL;
}

#endif
