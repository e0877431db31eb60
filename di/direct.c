/* SPDX-License-Identifier: MIT */
#include "di/direct.h"

#include "di/entry.h"
#include "di/probe.h"
#include "di/spread.h"

/*
 * The lock is held by its bias, which proves that no other flow has been here since the context was
 * opened; but not while a constructor runs, and if the bias is over then, others do the rest: what
 * is not hot stands in functions of its own, which give the lock up and go on with care.
 */

/*
 * The entry is of a product, made for the asker if there is one: as its part, if it is what the
 * asker needs first, and that has its memory for good.
 */
static void own(struct di_entry *product, struct di_entry *asker)
{
	product->owner = asker;
	if (asker == NULL)
		return;
	asker->traits |= DI__HAS_PRODUCTS;
	if (asker->needs_done == 0 && asker->part == NULL && product->kept &&
	    (asker->kept || (asker->traits & DI__PRODUCT) == 0)) {
		asker->part = product;
		product->kept = DI__FOR_OWNER;
	}
}

/*
 * An entry for what was not made here before; NULL if it is not to be made here, or not now, and
 * then *refused says whether that is for lack of memory.
 */
static DI__NOINLINE struct di_entry *begin_new(struct di_context *home,
					       const struct di_provider *provider,
					       struct di_entry *asker,
					       const struct di_provider **refused)
{
	struct di_entry *entry;

	*refused = NULL;
	if (provider->create == NULL || !di__is_made_in(home, provider))
		return NULL;
	entry = home->entries[provider->index];
	if (entry != NULL && (entry->traits & DI__PRODUCT) != 0) {
		home->entries[provider->index] = entry->older;
		own(entry, asker);
	} else if (entry != NULL) {
		if (entry->state != DI__KEPT)
			return NULL;
	} else {
		entry = di__entry_new(home, provider);
		if (entry == NULL) {
			*refused = provider;
			return NULL;
		}
		entry->row = provider->index;
		if (!provider->kind->cached)
			own(entry, asker);
		else
			home->entries[provider->index] = entry;
	}
	return entry;
}

static DI__INLINE void start(struct di_flow *flow, struct di_entry *entry, struct di_entry *asker)
{
	entry->state = DI__MAKING;
	entry->marked = 0;
	entry->needs_done = 0;
	entry->maker = flow;
	entry->asker = asker;
}

static DI__INLINE int has_part(const struct di_entry *entry)
{
	return entry->part != NULL && DI__LIKELY(entry->part->state == DI__KEPT);
}

/*
 * Starts a product, the part that it needs first, what that needs first, and so on, with no look
 * whether they are there: products never are. Returns the last, *provider being that of it.
 */
static DI__INLINE struct di_entry *start_product(struct di_flow *flow, struct di_entry *entry,
						 struct di_entry *asker,
						 const struct di_provider **provider)
{
	start(flow, entry, asker);
	if (!has_part(entry))
		return entry;
	do {
		asker = entry;
		entry = asker->part;
		asker->traits |= DI__HAS_PRODUCTS;
		start(flow, entry, asker);
	} while (has_part(entry));
	*provider = entry->provider;
	return entry;
}

/*
 * Begins what is missing. Returns what is to be constructed first, *provider being that of it. What
 * nobody needs is begun here only if it was made before.
 */
static DI__INLINE struct di_entry *begin(struct di_flow *flow, struct di_context *home,
					 const struct di_provider **provider, int32_t row,
					 struct di_entry *asker, const struct di_provider **refused)
{
	const struct di_provider *missing = *provider;
	struct di_entry *entry = home->entries[row];

	if (DI__LIKELY(entry != NULL && entry->state == DI__KEPT &&
		       missing->scope == home->scope)) {
		/* As kept. */
	} else if (asker != NULL && has_part(asker) && asker->part->provider == missing) {
		asker->traits |= DI__HAS_PRODUCTS;
		entry = start_product(flow, asker->part, asker, provider);
		DI__ASSUME(entry != NULL);
		return entry;
	} else if (asker == NULL && entry != NULL && (entry->traits & DI__PRODUCT) != 0) {
		DI__FORGET(missing);
		home->entries[missing->index] = entry->older;
		entry->owner = NULL;
		return start_product(flow, entry, NULL, provider);
	} else if (asker == NULL) {
		return NULL;
	} else {
		entry = begin_new(home, missing, asker, refused);
		if (DI__UNLIKELY(entry == NULL))
			return NULL;
	}
	start(flow, entry, asker);
	return entry;
}

static DI__NOINLINE struct di_entry *begin_otherwise(struct di_flow *flow, struct di_context *home,
						     const struct di_provider **provider,
						     struct di_entry *asker,
						     const struct di_provider **refused)
{
	struct di_entry *entry;

	if (asker != NULL)
		return begin(flow, home, provider, (int32_t)(*provider)->index, asker, refused);
	entry = begin_new(home, *provider, NULL, refused);
	if (DI__LIKELY(entry != NULL))
		start(flow, entry, NULL);
	return entry;
}

/* Whether it is made and kept in home, and its entry has no gaps. */
static DI__INLINE int is_plain(const struct di_context *home, const struct di_provider *provider,
			       int in_root)
{
	return DI__LIKELY(provider->create != NULL) && DI__LIKELY(provider->kind->cached) &&
	       DI__LIKELY(provider->storage_align <= _Alignof(void *)) &&
	       DI__LIKELY(in_root ? provider->kind->home == DI_HOME_ROOT
				  : di__is_made_in(home, provider));
}

/* The same where most is made for the first time. */
static DI__INLINE struct di_entry *begin_first(struct di_flow *flow, struct di_context *home,
					       const struct di_provider **provider, int32_t row,
					       struct di_entry *asker,
					       const struct di_provider **refused, int in_root)
{
	const struct di_provider *missing = *provider;
	struct di_entry **slot = &home->entries[row], *entry = NULL;
	size_t size = 0;

	if (DI__LIKELY(*slot == NULL) && DI__LIKELY(is_plain(home, missing, in_root))) {
		size = di__entry_size(missing);
		entry = di__arena_take_quickly(&home->arena, size);
	}
	if (DI__UNLIKELY(entry == NULL))
		return begin_otherwise(flow, home, provider, asker, refused);
	di__entry_init(entry, home, missing, size);
	entry->row = (uint32_t)row;
	entry->maker = flow;
	entry->asker = asker;
	*slot = entry;
	return entry;
}

static DI__INLINE void publish(struct di_context *home, struct di_entry *entry, void *value)
{
	entry->older = home->newest;
	home->newest = entry;
	entry->state = DI__ALIVE;
	/* Its constructor may have got something of a thread's itself. */
	if (DI__LIKELY((entry->traits & (DI__PRODUCT | DI__OF_THREAD)) == 0))
		DI__STORE(home->lane.own[entry->row], value);
	if (!DI__LOCK_BIASES && (entry->traits & DI__AWAITED) != 0)
		di__wake_made(entry, value);
}

/* What stands begun has been counted as one creation in each home so far. Under no lock. */
static void count_begun(struct di_flow *flow, const struct di_entry *top)
{
	const struct di_entry *entry;

	for (entry = top; entry != NULL && entry->asker != NULL; entry = entry->asker) {
		if (entry->asker->home != entry->home)
			continue;
		di__lock_context(entry->home, flow);
		entry->home->making++;
		di__unlock_context(entry->home, flow);
	}
}

/* Ends the attempt. Under the lock, which it gives up. */
static void *stop(const struct di__direct *direct, struct di_context *home, struct di_error *err,
		  const struct di_provider *asked)
{
	DI__ASSUME(home != NULL);
	direct->flow->run = NULL;
	di__unlock_context(home, direct->flow);
	count_begun(direct->flow, direct->top);
	di__unpark(direct->flow);
	return di__resolve_on(direct, home, err, asked);
}

/* Where begin() has returned NULL, for a need of top or for what was asked. */
static DI__NOINLINE void *leave_it(struct di_flow *flow, struct di_context *home,
				   struct di_entry *top, const struct di_provider *refused,
				   struct di_error *err, const struct di_provider *asked)
{
	struct di__direct direct = { flow, top, 0, 0, refused };

	return stop(&direct, home, err, asked);
}

/* Where the constructor of what is being made has. */
static DI__NOINLINE void *fail(struct di_flow *flow, struct di_context *home, struct di_error *err,
			       const struct di_provider *asked, int cause)
{
	struct di__direct direct = { flow, flow->run->making, 1, cause, NULL };

	di__lock_context(home, flow);
	return stop(&direct, home, err, asked);
}

/* What is made has been awaited, perhaps: the bias ended while the constructor ran. */
static DI__NOINLINE void *go_on_with_care(struct di_flow *flow, struct di_context *home,
					  struct di_error *err, const struct di_provider *asked)
{
	struct di_entry *entry = flow->run->making, *asker = entry->asker;
	struct di__direct direct = { flow, asker, 0, 0, NULL };
	void *value = entry->value;

	di__lock_give_biased(&home->lock);
	di__lock_context(home, flow);
	publish(home, entry, value);
	if ((entry->traits & DI__AWAITED) != 0)
		di__wake_made(entry, value);
	if (asker == NULL || asker->home != home)
		di__making_less(flow, home);
	if (asker != NULL) {
		if (asker->home == home || (entry->traits & DI__OF_THREAD) == 0)
			asker->args[asker->needs_done++] = value;
		return stop(&direct, home, err, asked);
	}
	flow->run = NULL;
	di__unlock_context(home, flow);
	di__unpark(flow);
	return value;
}

/* A creation begins in home. */
static DI__INLINE void enter(struct di__run *run, struct di_context *home)
{
	DI__STORE(home->lane.table, NULL);
	home->making = 1;
	run->home = home;
}

static DI__INLINE void begin_run(struct di__run *run, struct di_flow *flow, struct di_context *home)
{
	run->outer = NULL;
	enter(run, home);
	flow->run = run;
}

/*
 * What is still being made there may be what takes time, and hinders nothing. Or where no lock is
 * biased, it is closing by now.
 */
static DI__NOINLINE void leave_others(struct di_flow *flow, struct di_context *home)
{
	di__lane_update(home, home->container->table);
	di__closer_update(flow, home);
}

/* It has ended there. Gives the lock up. */
static DI__INLINE void leave(struct di_flow *flow, struct di_context *home,
			     const struct di_provider *provider)
{
	if (DI__LIKELY(--home->making == 0) &&
	    (DI__LOCK_BIASES || DI__LIKELY(home->state == DI__OPEN)))
		DI__STORE(home->lane.table, provider->table);
	else
		leave_others(flow, home);
	di__give_claimed(home);
	if (!DI__LOCK_BIASES)
		di__unpark(flow);
}

/* All has. */
static DI__INLINE void *end_run(struct di_flow *flow, struct di_context *home,
				const struct di_provider *asked, void *value)
{
	flow->run = NULL;
	leave(flow, home, asked);
	return value;
}

/*
 * Calls the constructor. Under the lock, which is given up and not taken again. Where many take
 * turns they have places of their own, as products have.
 */
static DI__INLINE int construct(struct di__run *run, struct di_flow *flow, struct di_context *home,
				struct di_entry *entry, const struct di_provider *provider,
				int many)
{
	uint32_t row;
	int cause;

	run->making = entry;
	/* The constructor before it may have entered something. */
	run->entered = flow->entered_count;
	di__give_claimed(home);
	if (!DI__LOCK_BIASES)
		di__unpark(flow);
	if (!many && DI__LIKELY(entry->kept == DI__GIVEN_BACK)) {
		DI__FORGET(provider);
		return provider->create(entry->args, &entry->value);
	}
	row = provider->index;
	DI__SPREAD(row, cause = provider->create(entry->args, &entry->value));
	return cause;
}

/* Whether all is still as it was when di__is_ready() looked; under the lock. */
static DI__INLINE int is_still_ready(const struct di_context *context,
				     const struct di_provider *provider)
{
	return DI__LOCK_BIASES || (DI__LOAD_RELAXED(context->lane.table) != NULL &&
				   !context->careful && context->lane.own[provider->index] == NULL);
}

/* The outer context in which a row lives that does not live in home, if that is clear; or NULL. */
static struct di_context *outer_home(const struct di_context *home,
				     const struct di_provider *provider)
{
	struct di_context *at = home->parent;
	uint32_t mask;

	if (at == NULL || provider->kind->home != DI_HOME_SCOPE || provider->kind->strict)
		return NULL;
	mask = home->container->masks[provider->index];
	if ((home->scope_bits & mask) != 0)
		return NULL;
	while (at->parent != NULL && (at->scope_bits & mask) == 0)
		at = at->parent;
	return at->scope == provider->scope ? at : NULL;
}

/*
 * Where a need lives in an outer context: takes its value to the asker's home and returns the
 * asker, or begins it there. Or NULL. Under the lock of the home of what it returns, or of the
 * asker's.
 */
static DI__NOINLINE struct di_entry *begin_outside(struct di_flow *flow, struct di_entry *asker,
						   const struct di_provider *need,
						   const struct di_provider **refused)
{
	struct di_context *home = asker->home, *at = outer_home(home, need);
	struct di_entry *entry = NULL;
	void *value = at != NULL ? DI__LOAD(at->lane.own[need->index]) : NULL;

	if (value != NULL) {
		di__context_alias(home, need->index, value);
		return asker;
	}
	if (at == NULL || need->create == NULL || !di__is_ready(at, need, flow))
		return NULL;
	di__give_claimed(home);
	if (DI__LIKELY(di__lock_claim(&at->lock)) && DI__LIKELY(is_still_ready(at, need)))
		entry = begin(flow, at, &need, (int32_t)need->index, asker, refused);
	if (DI__UNLIKELY(entry == NULL)) {
		di__lock_give_biased(&at->lock);
		di__lock_context(home, flow);
		return NULL;
	}
	enter(flow->run, at);
	return entry;
}

/* The comparison keeps no register of its own. */
static DI__INLINE int lives_in(const struct di_entry *entry, const struct di_context *home)
{
	const struct di_context *its = entry->home;

	DI__FORGET(its);
	return its == home;
}

/*
 * What the run has just made is there: goes back to the home of who asked for it, whose lock it
 * takes; or NULL. What is of a thread is left for the asker to get, which then is so too.
 */
static DI__NOINLINE struct di_context *go_back(struct di_flow *flow, void *value)
{
	struct di_entry *entry = flow->run->making, *asker = entry->asker;
	struct di_context *home = asker->home;
	int of_thread = (entry->traits & DI__OF_THREAD) != 0;

	leave(flow, entry->home, asker->provider);
	flow->run->home = home;
	if (DI__LIKELY(!of_thread)) {
		if (DI__LIKELY(di__lock_claim(&home->lock)))
			return home;
		di__lock_give_biased(&home->lock);
		asker->args[asker->needs_done++] = value;
	}
	di__lock_context(home, flow);
	return NULL;
}

/* NOLINTBEGIN(misc-no-recursion): each goes to an outer context, of which there are few. */

/* What is asked for lives in an outer context, perhaps. Under the lock of the inner one. */
static DI__NOINLINE void *look_outside(struct di_flow *flow, struct di_context *from,
				       const struct di_provider *refused, struct di_error *err,
				       const struct di_provider *asked)
{
	struct di_context *home = refused == NULL ? outer_home(from, asked) : NULL;
	void *value = home != NULL ? DI__LOAD(home->lane.own[asked->index]) : NULL;

	if (DI__LIKELY(value != NULL)) {
		di__context_alias(from, asked->index, value);
		di__give_claimed(from);
		return value;
	}
	if (home == NULL || asked->create == NULL)
		return leave_it(flow, from, NULL, refused, err, asked);
	/* It is not kept here yet: it may be a thread's, or the row mean another one by then. */
	di__give_claimed(from);
	return di_resolve(home, err, asked);
}

/* What is expected, while all else is met as well. */
enum way {
	AGAIN,        /* there are entries, ... */
	FIRST,        /* ... or not yet, ... */
	FIRST_IN_ROOT /* ... and nothing lives further out */
};

static DI__INLINE struct di_entry *begin_by(enum way way, struct di_flow *flow,
					    struct di_context *home,
					    const struct di_provider **provider, int32_t row,
					    struct di_entry *asker,
					    const struct di_provider **refused)
{
	return way == AGAIN ? begin(flow, home, provider, row, asker, refused)
			    : begin_first(flow, home, provider, row, asker, refused,
					  way == FIRST_IN_ROOT);
}

static DI__INLINE const struct di_provider *gather_by(enum way way, const struct di_context *home,
						      struct di_entry *entry,
						      const struct di_provider *provider, size_t i,
						      int32_t *row)
{
	return way == FIRST_IN_ROOT ? di__gather_in_root(home, entry, provider, i, row)
				    : di__gather_needs(home, entry, provider, i, row);
}

static DI__NOINLINE void *make_first(struct di_flow *flow, struct di_context *context,
				     struct di_error *err, const struct di_provider *asked);

/*
 * Under the lock, which it gives up. The inline path is on: nothing is being made in the context so
 * far.
 */
static DI__INLINE void *make(struct di_flow *flow, struct di_context *context, struct di_error *err,
			     const struct di_provider *asked, enum way way)
{
	const struct di_provider *provider = asked, *refused;
	struct di_context *home = context;
	struct di_entry *entry;
	struct di__run run;
	size_t done = 0;

	entry = begin_by(way, flow, home, &provider, (int32_t)asked->index, NULL, &refused);
	if (DI__UNLIKELY(entry == NULL))
		return way == AGAIN ? make_first(flow, context, err, asked)
				    : look_outside(flow, context, refused, err, asked);
	begin_run(&run, flow, home);
	for (;;) {
		int32_t row = 0;
		const struct di_provider *missing =
			gather_by(way, home, entry, provider, done, &row);
		struct di_entry *asker = entry;
		void *value;
		int cause;

		if (DI__UNLIKELY(missing != NULL)) {
			provider = missing;
			entry = begin_by(way, flow, home, &provider, row, asker, &refused);
			if (DI__LIKELY(entry != NULL)) {
				done = 0;
				continue;
			}
			if (refused == NULL && way != FIRST_IN_ROOT)
				entry = begin_outside(flow, asker, missing, &refused);
			if (DI__UNLIKELY(entry == NULL))
				return leave_it(flow, home, asker, refused, err, asked);
			home = entry->home;
			provider = entry->provider;
			done = entry->needs_done;
			continue;
		}
		DI__FORGET(home);
		cause = construct(&run, flow, home, entry, provider, way == FIRST_IN_ROOT);
		value = entry->value;
		if (DI__UNLIKELY(cause != 0) || DI__UNLIKELY(value == NULL))
			return fail(flow, home, err, asked, cause);
		DI__PROBE(created, provider, home);
		if (DI__UNLIKELY(!di__lock_claim(&home->lock)))
			return go_on_with_care(flow, home, err, asked);
		publish(home, entry, value);
		entry = entry->asker;
		if (entry == NULL)
			return end_run(flow, home, asked, value);
		if (way != FIRST_IN_ROOT && DI__UNLIKELY(!lives_in(entry, home))) {
			home = go_back(flow, value);
			if (DI__UNLIKELY(home == NULL))
				return leave_it(flow, entry->home, entry, NULL, err, asked);
		}
		provider = entry->provider;
		done = entry->needs_done;
		entry->args[done++] = value;
	}
}

static DI__NOINLINE void *make_first_in_root(struct di_flow *flow, struct di_context *root,
					     struct di_error *err, const struct di_provider *asked)
{
	return make(flow, root, err, asked, FIRST_IN_ROOT);
}

static DI__NOINLINE void *make_first_in(struct di_flow *flow, struct di_context *context,
					struct di_error *err, const struct di_provider *asked)
{
	return make(flow, context, err, asked, FIRST);
}

/* What is asked for was not made here before, and what it needs mostly was not either. */
static DI__NOINLINE void *make_first(struct di_flow *flow, struct di_context *context,
				     struct di_error *err, const struct di_provider *asked)
{
	if (context->parent == NULL)
		return make_first_in_root(flow, context, err, asked);
	if (!di__is_made_in(context, asked))
		return look_outside(flow, context, NULL, err, asked);
	return make_first_in(flow, context, err, asked);
}

/* Whether it is worth the attempt; read without the lock. */
static DI__INLINE int fits(const struct di_context *context, const struct di_provider *provider,
			   const struct di_flow *flow)
{
	return DI__LIKELY(context != NULL) && DI__LIKELY(flow->run == NULL) &&
	       di__is_ready(context, provider, flow);
}

/* What was claimed may not be used. */
static DI__NOINLINE void *resolve_otherwise(struct di_context *claimed, struct di_error *err,
					    const struct di_provider *provider)
{
	di__lock_give_biased(&claimed->lock);
	return di__resolve_with_care(claimed, err, provider);
}

static DI__NOINLINE void *resolve_directly(struct di_context *context, struct di_error *err,
					   const struct di_provider *provider, struct di_flow *flow)
{
	if (DI__UNLIKELY(!di__lock_claim(&context->lock)) ||
	    DI__UNLIKELY(!is_still_ready(context, provider)))
		return resolve_otherwise(context, err, provider);
	return make(flow, context, err, provider, AGAIN);
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

/* NOLINTEND(misc-no-recursion) */
