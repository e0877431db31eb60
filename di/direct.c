/* SPDX-License-Identifier: MIT */
#include "di/direct.h"

#include "di/entry.h"
#include "di/probe.h"

/* The home rule, where nothing is overridden, for what is kept. */
static DI__INLINE int lives_in(const struct di_context *home, const struct di_provider *provider)
{
	return provider->scope == home->scope || (provider->scope == NULL && home->parent == NULL);
}

/* An entry for what was not made here before; NULL if it is not to be made here, or not now. */
static DI__NOINLINE struct di_entry *begin_new(struct di__direct *direct, struct di_context *home,
					       const struct di_provider *provider,
					       struct di_entry *asker)
{
	int product = provider->kind->home == DI_HOME_ASKED;
	struct di_entry *entry;

	if (provider->create == NULL || (product && provider->kind->cached))
		return NULL;
	if (!product && (!lives_in(home, provider) || home->entries[provider->index] != NULL))
		return NULL;
	entry = di__entry_new(home, provider);
	if (entry == NULL) {
		direct->refused = provider;
		return NULL;
	}
	if (!product) {
		home->entries[provider->index] = entry;
		entry->row = provider->index;
	} else if (asker != NULL) {
		entry->owner = asker;
		asker->traits |= DI__HAS_PRODUCTS;
	}
	return entry;
}

static DI__INLINE struct di_entry *begin(struct di__direct *direct, struct di_context *home,
					 const struct di_provider *provider, struct di_entry *asker)
{
	struct di_entry *entry = home->entries[provider->index];

	if (DI__UNLIKELY(entry == NULL || entry->state != DI__KEPT || !lives_in(home, provider))) {
		entry = begin_new(direct, home, provider, asker);
		if (DI__UNLIKELY(entry == NULL))
			return NULL;
	}
	entry->state = DI__MAKING;
	entry->marked = 0;
	entry->needs_done = 0;
	entry->maker = direct->flow;
	entry->asker = asker;
	return entry;
}

/*
 * It ends without a value; top is the innermost of what stands begun, which is counted as one
 * creation so far. Under the lock.
 */
static DI__NOINLINE void *stop(struct di__direct *direct, struct di_context *home,
			       struct di_entry *top)
{
	direct->top = top;
	for (; top != NULL && top->asker != NULL; top = top->asker)
		home->making++;
	return NULL;
}

static DI__NOINLINE void *fail(struct di__direct *direct, struct di_context *home,
			       struct di_entry *entry, int cause)
{
	direct->failed = 1;
	direct->cause = cause;
	di__lock_take_own(&home->lock);
	return stop(direct, home, entry);
}

/* Gets the needs that exist, up to the first that does not: that, or NULL. */
static DI__INLINE const struct di_provider *gather(const struct di_context *home,
						   struct di_entry *entry)
{
	const struct di_provider *const *needs = entry->provider->needs;
	uint32_t i, count = entry->provider->needs_count;

	for (i = entry->needs_done; i < count; i++) {
		void **values = di__lane_values(&home->lane, needs[i]);
		void *value = DI__LOAD(values[(int32_t)needs[i]->index]);

		if (DI__UNLIKELY(value == NULL)) {
			entry->needs_done = (uint16_t)i;
			return needs[i];
		}
		entry->args[i] = value;
	}
	return NULL;
}

/* Runs the constructor; the lock, which is ours before and after, is not while it runs. */
static DI__INLINE void *construct(struct di__direct *direct, struct di_context *home,
				  struct di_entry *entry)
{
	const struct di_provider *provider = entry->provider;
	void *value = entry->value;
	int cause;

	direct->run.making = entry;
	direct->run.entered = direct->flow->entered_count;
	di__lock_give_own(&home->lock);
	cause = provider->create(entry->args, &value);
	if (DI__UNLIKELY(cause != 0) || DI__UNLIKELY(value == NULL))
		return fail(direct, home, entry, cause);
	DI__PROBE(created, provider, home);
	di__lock_take_own(&home->lock);
	entry->value = value;
	entry->state = DI__ALIVE;
	entry->older = home->newest;
	home->newest = entry;
	if (DI__LIKELY((entry->traits & (DI__PRODUCT | DI__AWAITED)) == 0)) {
		DI__STORE(home->lane.own[provider->index], value);
		return value;
	}
	if ((entry->traits & DI__PRODUCT) == 0)
		DI__STORE(home->lane.own[provider->index], value);
	if ((entry->traits & DI__AWAITED) != 0)
		di__wake(entry, value, NULL);
	return value;
}

/* Makes the value of the entry, and before it what is missing. NULL where it stops. */
static DI__INLINE void *make(struct di__direct *direct, struct di_context *home,
			     struct di_entry *entry)
{
	for (;;) {
		const struct di_provider *missing = gather(home, entry);
		struct di_entry *asker = entry;
		void *value;

		if (missing != NULL) {
			entry = begin(direct, home, missing, asker);
			if (DI__UNLIKELY(entry == NULL))
				return stop(direct, home, asker);
			continue;
		}
		value = construct(direct, home, entry);
		if (DI__UNLIKELY(value == NULL))
			return NULL;
		entry = entry->asker;
		if (entry == NULL)
			return value;
		entry->args[entry->needs_done++] = value;
	}
}

/* Under the lock. The inline path is on: nothing is being made in the context so far. */
static DI__INLINE void *make_first(struct di__direct *direct, struct di_context *home,
				   const struct di_provider *provider)
{
	struct di_entry *entry = begin(direct, home, provider, NULL);
	void *value;

	if (DI__UNLIKELY(entry == NULL))
		return NULL;
	DI__STORE(home->lane.table, NULL);
	home->making = 1;
	direct->run.outer = NULL;
	direct->run.home = home;
	direct->flow->run = &direct->run;
	value = make(direct, home, entry);
	direct->flow->run = NULL;
	if (DI__LIKELY(value != NULL) && DI__LIKELY(--home->making == 0))
		DI__STORE(home->lane.table, provider->table);
	return value;
}

/* Whether it is worth the attempt; read without the lock. */
static DI__INLINE int fits(const struct di_context *context, const struct di_provider *provider,
			   const struct di_flow *flow)
{
	return DI__LIKELY(flow != NULL && context != NULL && provider != NULL) &&
	       DI__LIKELY(flow->run == NULL) &&
	       DI__LIKELY(DI__LOAD_RELAXED(context->lane.table) == provider->table) &&
	       DI__LIKELY((DI__LOAD_RELAXED(context->overridden) | context->careful) == 0) &&
	       DI__LIKELY(di__lock_is_own(&context->lock, flow->number));
}

static DI__NOINLINE void *resolve_directly(struct di_context *context, struct di_error *err,
					   const struct di_provider *provider, struct di_flow *flow)
{
	struct di__direct direct;
	void *value = NULL;

	direct.flow = flow;
	direct.top = NULL;
	direct.failed = 0;
	direct.refused = NULL;
	di__lock_take_own(&context->lock);
	/* Meanwhile another flow may have overridden something. */
	if (DI__LIKELY(DI__LOAD_RELAXED(context->lane.table) != NULL && !context->overridden &&
		       context->lane.own[provider->index] == NULL))
		value = make_first(&direct, context, provider);
	di__lock_give_own(&context->lock);
	if (DI__LIKELY(value != NULL))
		return value;
	return di__resolve_on(&direct, context, err, provider);
}

/* Neither way is inlined, so that nothing is saved on the stack before it is clear which it is. */
void *di__resolve_missing(struct di_context *context, struct di_error *err,
			  const struct di_provider *provider)
{
	struct di_flow *flow = di__flow;

	if (DI__LIKELY(fits(context, provider, flow)))
		return resolve_directly(context, err, provider, flow);
	return di__resolve_with_care(context, err, provider);
}
