/* SPDX-License-Identifier: MIT */
#include "di/stepwise.h"

#include "di/dependents.h"
#include "di/entry.h"
#include "di/home.h"
#include "di/probe.h"
#include "di/threads.h"

/*
 * A creation is an entry that stands in its home, reserved and unfinished, while its needs are got
 * one by one and its constructor runs. Creations that wait for their needs are linked by `asker`,
 * so that a chain of any length takes heap and not stack. A home's lock is kept from one step to
 * the next and given up before anything of the user's runs; what others make meanwhile is waited
 * for in wait.c.
 */

enum step {
	READY,
	BEGUN,
	FAILED,   /* what was looked for */
	UNDECIDED /* the innermost creation itself: it chose nothing */
};

/*
 * One call of di_resolve(). Only inlined functions take its address, so that it stays in registers.
 */
struct request {
	struct di_flow *flow;
	struct di_entry *base;     /* the creation whose constructor calls us, or NULL */
	struct di_entry *top;      /* the innermost creation begun by this call, or NULL */
	struct di_context *locked; /* whose lock we hold, or NULL */
	struct di__run *run;       /* the flow's run while we are at it */
	struct di_context *bound;  /* where the last value lives, if it is of a thread; or NULL */
	struct di_error *err;
};

static DI__INLINE void unlock(struct request *request)
{
	if (request->locked != NULL)
		di__unlock_context(request->locked, request->flow);
	request->locked = NULL;
}

static DI__INLINE void lock(struct request *request, struct di_context *context)
{
	if (request->locked == context)
		return;
	unlock(request);
	di__lock_context(context, request->flow);
	request->locked = context;
}

/* The creation for which something is got. */
static DI__INLINE struct di_entry *asker_of(const struct request *request)
{
	return request->top != NULL ? request->top : request->base;
}

/* ---- Looking. ---- */

/* A value that is seen from the context already. */
static DI__INLINE void *peek(const struct di_context *from, const struct di_provider *provider)
{
	if (!provider->kind->cached)
		return NULL;
	return DI__LOAD(di__lane_values(&from->lane, provider)[di__row(from, provider)]);
}

/* di__home() for what is asked where it lives, as most is. */
static DI__INLINE struct di_context *
home_of(struct di_context *from, const struct di_provider *provider, struct di_error *err)
{
	if (DI__LIKELY(provider->scope == from->scope &&
		       (DI__LOAD_RELAXED(from->overridden) | from->connects) == 0))
		return from;
	return di__home(from, provider, err);
}

/* Keeps an outer value where the inline path of `from` looks next time. Under no lock. */
static DI__NOINLINE void alias(struct di_flow *flow, struct di_context *from,
			       const struct di_context *home, const struct di_provider *provider,
			       void *value)
{
	struct di_context *target =
		provider->kind->home == DI_HOME_ROOT ? DI__LOAD(from->root_array) : from;
	uint32_t row = di__row(target, provider);

	if (target == home || !provider->kind->cached || target->threaded == DI__THREAD_PLACE)
		return;
	di__lock_context(target, flow);
	if (target->state == DI__OPEN && target->lane.own[row] == NULL &&
	    (target->flags == NULL || target->flags[row] == 0))
		di__context_alias(target, row, value);
	di__unlock_context(target, flow);
}

/* A value that the row carries, or that had to be put. Under home's lock. */
static DI__NOINLINE void *obtain_given(struct di_context *home, const struct di_provider *provider,
				       struct di_error *err)
{
	void *value = (void *)(uintptr_t)provider->kind->given(provider);

	if (value == NULL)
		di__fail(err, DI_ENOVALUE, provider, "put one first");
	else if (home->parent != NULL)
		di__context_alias(home, di__row(home, provider), value);
	else
		DI__STORE(home->lane.own[di__row(home, provider)], value);
	return value;
}

void di__no_memory(const struct di_provider *provider, struct di_error *err)
{
	di__fail(err, DI_ENOMEM, provider, "for its place on the stack");
}

void di__refuse_creation(const struct di_context *home, const struct di_provider *provider,
			 struct di_error *err)
{
	if (home->state == DI__OPEN)
		di__no_memory(provider, err);
	else if (home->state == DI__CHANGING)
		di__fail(err, DI_EBUSY, provider, "its context is being reset or overridden");
	else
		di__closed(home, home->state, provider, err);
}

static DI__NOINLINE enum step refuse_creation(const struct di_context *home,
					      const struct di_provider *provider,
					      struct di_error *err)
{
	di__refuse_creation(home, provider, err);
	return FAILED;
}

/* What only a get that calls back can make, or one is making already. */
static DI__NOINLINE enum step refuse_async(const struct request *request,
					   const struct di_provider *provider,
					   const struct di_entry *entry)
{
	const struct di__run *run = request->run;

	while (run != NULL && (entry == NULL || run->making != entry))
		run = run->outer;
	if (run != NULL)
		di__fail(request->err, DI_ECYCLE, provider, "while it is being made");
	else if (entry != NULL && entry->state == DI__MAKING)
		di__fail(request->err, DI_EAGAIN, provider,
			 "it is being made, asynchronously: ask for it by a get that calls back");
	else
		di__fail(request->err, DI_EAGAIN, provider,
			 "it is not there yet: ask for it by %s_get_async()",
			 di__is_built(provider) ? "di" : provider->name);
	return FAILED;
}

/*
 * Who a product is made for: not what chose it, which keeps nothing; but where that is awaited, it
 * is not clear before the end who has it.
 */
void di__set_owner(struct di_entry *product, struct di_entry *asker)
{
	while (asker != NULL && asker->provider->kind->choose != NULL && asker->value != NULL &&
	       (asker->traits & DI__ASYNC) == 0)
		asker = asker->asker;
	if (asker == NULL || asker->home != product->home)
		return;
	product->owner = asker;
	asker->traits |= DI__HAS_PRODUCTS;
}

static DI__INLINE enum step begin_creation(struct request *request, struct di_context *home,
					   const struct di_provider *provider)
{
	struct di_entry *asker = asker_of(request);
	struct di_entry *entry = di__entry_begin(home, provider);

	if (DI__UNLIKELY(entry == NULL))
		return refuse_creation(home, provider, request->err);
	entry->maker = request->flow;
	entry->asker = asker;
	if (DI__UNLIKELY((entry->traits & DI__PRODUCT) != 0) && asker != NULL)
		di__set_owner(entry, asker);
	if (DI__UNLIKELY(home->threaded == DI__THREAD_PLACE) ||
	    DI__UNLIKELY(provider->kind->home == DI_HOME_THREAD))
		di__hold_begun(request->flow, entry);
	home->making++;
	DI__STORE(home->lane.table, NULL);
	request->top = entry;
	return BEGUN;
}

/* Looks for the value at its home, and begins its creation where there is none. */
static DI__INLINE enum step obtain_at(struct request *request, struct di_context *from,
				      struct di_context *home, const struct di_provider *provider,
				      void **value)
{
	struct di_entry *entry = NULL;
	uint32_t row = di__row(home, provider);
	uint64_t belongs;

	*value = DI__LOAD(home->lane.own[row]);
	if (*value != NULL) {
		unlock(request);
		alias(request->flow, from, home, provider, *value);
		return READY;
	}
	if (DI__UNLIKELY(provider->kind->given != NULL)) {
		*value = obtain_given(home, provider, request->err);
		return *value != NULL ? READY : FAILED;
	}
	/* Read once: who closes gives it up at any time, and has the entries to itself. */
	belongs = DI__LOAD_RELAXED(home->belongs);
	if (DI__UNLIKELY(belongs != 0) &&
	    (home->state != DI__CLOSING || belongs == di__thread_id(request->flow))) {
		enum di__bound found =
			di__bound_find(request->flow, home, provider, value, request->err);

		if (found == DI__BOUND)
			request->bound = home;
		if (found != DI__NOT_BOUND)
			return found == DI__BOUND ? READY : FAILED;
	}
	/* Nothing is being made where nothing may be; and who closes has the entries to itself. */
	if (DI__UNLIKELY(home->state != DI__OPEN))
		return refuse_creation(home, provider, request->err);
	if (DI__LIKELY(provider->kind->cached))
		entry = home->entries[row];
	if (DI__LIKELY(entry == NULL || entry->state != DI__MAKING))
		return DI__LIKELY(!provider->kind->async) ? begin_creation(request, home, provider)
							  : refuse_async(request, provider, NULL);
	if (DI__UNLIKELY((entry->traits & DI__ASYNC) != 0))
		return refuse_async(request, provider, entry);
	request->locked = NULL;
	request->run->making = NULL;
	*value = di__wait(request->flow, entry, asker_of(request), request->err);
	if (*value == NULL)
		return FAILED;
	if (DI__UNLIKELY(DI__LOAD_RELAXED(home->belongs) == di__thread_id(request->flow)) &&
	    di__bound_made(request->flow, home, entry))
		request->bound = home;
	return READY;
}

/* Which row it is to be, asked under no lock; NULL with err filled. */
static DI__NOINLINE const struct di_provider *
choose(struct di_flow *flow, struct di_entry *selector, struct di_error *err)
{
	const struct di_provider *provider = selector->provider, *chosen;

	flow->run->home = selector->home;
	flow->run->making = selector;
	flow->run->entered = flow->entered_count;
	chosen = provider->kind->choose(provider, selector->args, err);
	flow->run->making = NULL;
	selector->value = (void *)(uintptr_t)chosen;
	if (chosen == NULL)
		return NULL;
	if (di__end_chooser_needs(flow, selector, err) == DI_OK &&
	    di__record_choice(flow, selector, chosen, err) == DI_OK)
		return chosen;
	di__error_path(err, provider->name);
	return NULL;
}

/*
 * What depends on a thread's values lives in its place, where else it would in the root. One that
 * lives further in, because of an override, belongs to the thread there.
 */
static DI__NOINLINE struct di_context *with_thread(struct request *request, struct di_context *home,
						   const struct di_provider *provider)
{
	const struct di__thread *thread;

	if (home->threaded == DI__THREAD_PLACE || !di__lives_with_thread(home, provider))
		return home;
	unlock(request);
	thread = di__thread_take(request->flow, home->container, provider, request->err);
	if (thread == NULL)
		return NULL;
	return home->threads ? thread->place : home;
}

static DI__INLINE enum step obtain(struct request *request, struct di_context *from,
				   const struct di_provider *provider, void **value)
{
	request->bound = NULL;
	if (DI__UNLIKELY(provider->kind == NULL)) {
		*value = from;
		if (provider == &di__context || request->top == NULL)
			return READY;
		unlock(request);
		provider = choose(request->flow, request->top, request->err);
		if (provider == NULL)
			return UNDECIDED;
		if (provider == &di__context)
			return READY;
	}
	*value = peek(from, provider);
	if (*value != NULL)
		return READY;
	for (;;) {
		const struct di_provider *other = NULL;
		struct di_context *home = home_of(from, provider, request->err);

		if (home != NULL && (DI__UNLIKELY(home->threads) ||
				     DI__UNLIKELY(provider->kind->home == DI_HOME_THREAD)))
			home = with_thread(request, home, provider);
		if (DI__UNLIKELY(home == NULL))
			return FAILED;
		lock(request, home);
		if (DI__UNLIKELY(home->substitutes != NULL))
			other = di__substitute(home, provider);
		if (DI__LIKELY(other == NULL))
			return obtain_at(request, from, home, provider, value);
		provider = other;
	}
}

/* ---- Making. ---- */

/* Under the lock, which is given up. */
static DI__NOINLINE void wake(struct request *request, struct di_entry *entry, void *value)
{
	di__wake_made(entry, value);
	unlock(request);
	di__unpark(request->flow);
}

static DI__INLINE void publish(struct request *request, struct di_entry *entry, void *value)
{
	struct di_context *home = entry->home;

	di__lock_context(home, request->flow);
	request->locked = home;
	entry->value = value;
	entry->state = DI__ALIVE;
	di__entry_push(entry);
	if ((entry->traits & (DI__PRODUCT | DI__OF_THREAD)) == 0)
		DI__STORE(home->lane.own[entry->row], value);
	else if (DI__UNLIKELY((entry->traits & DI__OF_THREAD) != 0))
		request->bound = di__bound_created(entry);
	if (--home->making == home->idle)
		di__lane_update(home, home->container->table);
	di__closer_update(request->flow, home);
	if (DI__UNLIKELY((entry->traits & DI__AWAITED) != 0))
		wake(request, entry, value);
}

/* What construct() does between looking and publishing, with the clock. */
static DI__NOINLINE int create_observed(struct di_entry *entry, void **value, uint64_t *took_ns)
{
	uint64_t begun = di__now();
	int cause = entry->provider->create(entry->args, value);

	entry->since_ns = di__now();
	*took_ns = entry->since_ns - begun;
	if (cause != 0 || *value == NULL)
		entry->since_ns = *took_ns;
	return cause;
}

/* Runs the constructor of a creation whose needs are there, under no lock. */
static DI__INLINE void *construct(struct request *request, struct di_entry *entry)
{
	const struct di_provider *provider = entry->provider;
	struct di_context *home = entry->home;
	di__made value = entry->value;
	uint64_t took_ns = 0;
	int cause;

	unlock(request);
	request->bound = NULL;
	request->run->home = home;
	request->run->making = entry;
	request->run->entered = request->flow->entered_count;
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): every entry has a home. */
	if (DI__LIKELY(!di__observed(home->container)))
		cause = provider->create(entry->args, &value);
	else
		cause = create_observed(entry, &value, &took_ns);
	if (DI__UNLIKELY(cause != 0 || value == NULL)) {
		di__construction_failed(provider, cause, request->err);
		return NULL;
	}
	DI__PROBE(created, provider, home);
	publish(request, entry, value);
	if (DI__UNLIKELY(di__observed(home->container))) {
		unlock(request);
		request->run->making = NULL;
		di__tell(home, DI_EVENT_CREATED, provider->name, took_ns, DI_DONE, NULL);
	}
	return value;
}

static DI__NOINLINE void forget(struct di_flow *flow, struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if (home == NULL) /* clang-tidy does not know that every entry has one */
		return;
	di__lock_context(home, flow);
	entry->state = DI__KEPT;
	di__making_less(flow, home);
	di__entry_free(entry);
	di__unlock_context(home, flow);
}

/* The value that was chosen, of a creation that keeps nothing itself. */
static DI__INLINE void *hand_on(struct request *request, struct di_entry *entry)
{
	void *value = entry->args[entry->needs_done - 1];

	if (DI__UNLIKELY((entry->traits & DI__OF_THREAD) != 0) && request->bound == NULL)
		request->bound = entry->home;
	unlock(request);
	forget(request->flow, entry);
	return value;
}

/* Makes what is begun, innermost first, until another need must be looked at; NULL on failure. */
static DI__INLINE void *make_ready(struct request *request, void *value)
{
	while (request->top != NULL) {
		struct di_entry *entry = request->top;
		struct di_entry *asker;

		if (DI__UNLIKELY(request->bound != NULL)) {
			unlock(request);
			if (!di__bound_hold(request->flow, entry, request->err))
				return NULL;
		}
		if (value != NULL)
			entry->args[entry->needs_done++] = value;
		if (entry->needs_done < entry->provider->needs_count)
			return value;
		asker = entry->asker;
		if (DI__LIKELY(entry->provider->create != NULL))
			value = construct(request, entry);
		else
			value = hand_on(request, entry);
		if (DI__UNLIKELY(value == NULL))
			return NULL;
		request->top = asker != request->base ? asker : NULL;
	}
	return value;
}

/* What the innermost creation needs next, or NULL: all that it needs is there. */
static DI__INLINE const struct di_provider *next_need(const struct di_entry *entry)
{
	/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): if not READY, it is BEGUN. */
	const struct di_provider *provider = entry->provider;

	return entry->needs_done < provider->needs_count ? provider->needs[entry->needs_done]
							 : NULL;
}

/* Gets the provider's value, or what next_need() says. */
static DI__INLINE void *run(struct request *request, struct di_context *from,
			    const struct di_provider *provider)
{
	for (;;) {
		void *value = NULL;
		enum step step = BEGUN;

		if (DI__LIKELY(provider != NULL))
			step = obtain(request, from, provider, &value);
		if (DI__UNLIKELY(step >= FAILED)) {
			unlock(request);
			if (step == FAILED && asker_of(request) != NULL)
				di__error_path(request->err, asker_of(request)->provider->name);
			break;
		}
		if (step == READY || next_need(request->top) == NULL) {
			value = make_ready(request, value);
			if (DI__UNLIKELY(value == NULL))
				break;
			if (request->top == NULL) {
				unlock(request);
				return value;
			}
		}
		from = request->top->home;
		provider = next_need(request->top);
	}
	return NULL;
}

void *di__make_stepwise(struct di_flow *flow, struct di_context *context,
			const struct di_provider *provider, struct di_entry *base,
			struct di_entry *top, struct di_error *err)
{
	struct di__run frame = { flow->run, NULL, NULL, flow->entered_count };
	struct request request = { flow, base, top, NULL, &frame, NULL, err };
	void *value;

	flow->run = &frame;
	if (top != NULL)
		value = run(&request, top->home, next_need(top));
	else
		value = run(&request, context, provider);
	flow->run = frame.outer;
	if (DI__UNLIKELY(request.bound != NULL) && base != NULL && value != NULL &&
	    !di__bound_hold_base(flow, base, request.bound, provider, err))
		value = NULL;
	if (DI__UNLIKELY(value == NULL))
		di__unwind(flow, request.top, base, err);
	return value;
}
