/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

/*
 * Resolving: from a provider and a context to a value.
 *
 * A creation is an entry that stands in its home, reserved and unfinished, while its needs are got one
 * by one and its constructor runs. Creations that wait for their needs are linked by `asker`, so that a
 * chain of any length takes heap and not stack. Locks are held to look and to publish; what others make
 * meanwhile is waited for in wait.c.
 */

enum step { READY, BEGUN, FAILED };

/* One call of di_resolve(). */
struct request {
	struct di_flow *flow;
	struct di_entry *base; /* the creation whose constructor calls us, or NULL */
	struct di_entry *top;  /* the innermost creation begun by this call, or NULL */
	struct di_error *err;
};

enum di_status di__check_provider(const struct di_context *context,
				  const struct di_provider *provider, struct di_error *err)
{
	if (context == NULL || provider == NULL)
		return di__misuse(err, DI_EINVAL, provider, "there is no %s",
				  context == NULL ? "context" : "provider");
	if (provider->table != context->container->table)
		return di__misuse(err, DI_EINVAL, provider->table != NULL ? provider : NULL,
				  "it is of the table %s, the context of %s",
				  provider->table != NULL ? provider->table->name : "(none)",
				  context->container->table->name);
	return DI_OK;
}

/* Keeps an outer value where the inline path of `from` looks next time; memory is not needed for it. */
static void alias(struct di_flow *flow, struct di_context *from, const struct di_context *home,
		  const struct di_provider *provider, void *value)
{
	struct di_context *target = provider->kind->home == DI_HOME_ROOT ? from->root_array : from;
	uint32_t row = provider->index;

	if (target == home || !provider->kind->cached)
		return;
	di__lock_context(target, flow);
	if (target->state == DI__OPEN && target->lane.own[row] == NULL &&
	    (target->flags == NULL || target->flags[row] == 0))
		di__context_alias(target, row, value);
	di__unlock_context(target, flow);
}

static enum step refuse(const struct request *request, struct di_context *home,
			const struct di_provider *provider, enum di_status status,
			const char *detail)
{
	di__unlock_context(home, request->flow);
	di__fail(request->err, status, provider, "%s", detail);
	return FAILED;
}

/* A value that the row carries, or that had to be put. Under home's lock, which it gives up. */
static enum step obtain_given(const struct request *request, struct di_context *home,
			      const struct di_provider *provider, void **value)
{
	*value = (void *)(uintptr_t)provider->kind->given(provider);
	if (*value == NULL)
		return refuse(request, home, provider, DI_ENOVALUE, "put one first");
	DI__STORE(home->lane.own[provider->index], *value);
	di__unlock_context(home, request->flow);
	return READY;
}

/* Reserves a creation. Under home's lock, which it gives up. */
static enum step begin_creation(struct request *request, struct di_context *home,
				const struct di_provider *provider)
{
	struct di_entry *asker = request->top != NULL ? request->top : request->base;
	struct di_entry *entry;

	if (home->state != DI__OPEN)
		return refuse(request, home, provider,
			      home->state == DI__RESETTING ? DI_EBUSY : DI_ECLOSED,
			      home->state == DI__RESETTING ? "its context is being reset" :
							     "its context is closed");
	entry = di__entry_new(home, provider);
	if (entry == NULL)
		return refuse(request, home, provider, DI_ENOMEM, "for its place on the stack");
	entry->maker = request->flow;
	entry->asker = asker;
	if (entry->product && asker != NULL && asker->home == home) {
		entry->owner = asker;
		asker->has_products = 1;
	}
	if (!entry->product)
		home->entries[provider->index] = entry;
	home->making++;
	DI__STORE(home->lane.table, NULL);
	di__unlock_context(home, request->flow);
	request->top = entry;
	return BEGUN;
}

/* Looks for the value at its home, and begins its creation where there is none. */
static enum step obtain_at(struct request *request, struct di_context *from,
			   struct di_context *home, const struct di_provider *provider,
			   void **value)
{
	struct di_flow *flow = request->flow;
	struct di_entry *entry;

	*value = home->lane.own[provider->index];
	if (*value != NULL) {
		di__unlock_context(home, flow);
		alias(flow, from, home, provider, *value);
		return READY;
	}
	if (provider->kind->given != NULL)
		return obtain_given(request, home, provider, value);
	entry = provider->kind->cached ? home->entries[provider->index] : NULL;
	if (entry == NULL)
		return begin_creation(request, home, provider);
	*value = di__wait(flow, entry, request->top != NULL ? request->top : request->base,
			  request->err);
	return *value != NULL ? READY : FAILED;
}

static enum step obtain(struct request *request, struct di_context *from,
			const struct di_provider *provider, void **value)
{
	for (;;) {
		const struct di_provider *other = NULL;
		struct di_context *home;

		if (provider == &di__context) {
			*value = from;
			return READY;
		}
		home = di__home(from, provider, request->err);
		if (home == NULL)
			return FAILED;
		di__lock_context(home, request->flow);
		if (DI__UNLIKELY(home->substitutes != NULL))
			other = di__substitute(home, provider);
		if (DI__LIKELY(other == NULL))
			return obtain_at(request, from, home, provider, value);
		di__unlock_context(home, request->flow);
		provider = other;
	}
}

/* ---- Making. ---- */

static void end_products(struct di_flow *flow, struct di_entry *owner)
{
	struct di_context *home = owner->home;
	enum di_status status = DI_OK;
	struct di_entry *todo;

	if (!owner->has_products)
		return;
	di__lock_context(home, flow);
	di__mark_products(home, owner);
	todo = di__todo_take(home);
	di__unlock_context(home, flow);
	di__todo_end(flow, todo, DI_FAILED, &status, NULL);
}

/* Takes a creation back: what was made for it alone ends, and who waits for it gets the error. */
static void abandon(struct request *request, struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if (di__observed(home->container))
		di__tell(home, DI_EVENT_FAILED, entry->provider->name, 0, DI_FAILED, request->err);
	end_products(request->flow, entry);
	di__lock_context(home, request->flow);
	if (!entry->product)
		home->entries[entry->provider->index] = NULL;
	home->making--;
	di__lane_update(home, home->container->table);
	if (entry->waiters != NULL)
		di__wake(entry, NULL, request->err);
	di__entry_free(entry);
	di__unlock_context(home, request->flow);
}

/* Abandons every creation of this call; each adds its name to the path. */
static void *fail(struct request *request)
{
	struct di_entry *entry = request->top;

	while (entry != NULL && entry != request->base) {
		struct di_entry *asker = entry->asker;

		abandon(request, entry);
		if (asker != NULL)
			di__error_path(request->err, asker->provider->name);
		entry = asker;
	}
	for (entry = request->base; entry != NULL && entry->asker != NULL; entry = entry->asker)
		di__error_path(request->err, entry->asker->provider->name);
	return NULL;
}

static void publish(struct request *request, struct di_entry *entry, void *value)
{
	struct di_context *home = entry->home;

	di__lock_context(home, request->flow);
	entry->value = value;
	di__entry_push(entry);
	if (!entry->product)
		DI__STORE(home->lane.own[entry->provider->index], value);
	home->making--;
	di__lane_update(home, home->container->table);
	if (DI__UNLIKELY(entry->waiters != NULL))
		di__wake(entry, value, NULL);
	di__unlock_context(home, request->flow);
}

static void *construction_failed(struct request *request, const struct di_provider *provider,
				 int cause)
{
	if (cause != 0) {
		di__fail(request->err, DI_ECREATE, provider, NULL);
		di__error_cause(request->err, provider->constructor, cause);
	} else {
		di__fail(request->err, DI_ENULL, provider, "%s made nothing", provider->constructor);
	}
	return NULL;
}

/* Runs the constructor of a creation whose needs are there, under no lock. */
static void *construct(struct request *request, struct di_entry *entry)
{
	const struct di_provider *provider = entry->provider;
	struct di_flow *flow = request->flow;
	struct di_context *home = entry->home;
	int observed = di__observed(home->container);
	uint64_t begun = observed ? di__now() : 0, made = 0;
	void *value = provider->storage_size > 0 ? di__entry_storage(entry) : NULL;
	struct di__run run = { flow->run, home, entry, flow->entered_count };
	int cause;

	flow->run = &run;
	cause = provider->create(entry->args, &value);
	flow->run = run.outer;
	if (DI__UNLIKELY(cause != 0 || value == NULL))
		return construction_failed(request, provider, cause);
	di__probe_created(entry);
	if (DI__UNLIKELY(observed))
		entry->since_ns = made = di__now();
	publish(request, entry, value);
	if (DI__UNLIKELY(observed))
		di__tell(home, DI_EVENT_CREATED, provider->name, made - begun, DI_DONE, NULL);
	return value;
}

/* Makes what is begun, innermost first, until another need must be looked at; NULL on failure. */
static void *make_ready(struct request *request, void *value)
{
	while (request->top != NULL) {
		struct di_entry *entry = request->top;
		struct di_entry *asker = entry->asker;

		if (value != NULL)
			entry->args[entry->needs_done++] = value;
		if (entry->needs_done < entry->provider->needs_count)
			return value;
		value = construct(request, entry);
		if (value == NULL)
			return NULL;
		request->top = asker != request->base ? asker : NULL;
	}
	return value;
}

static void *run(struct request *request, struct di_context *from,
		 const struct di_provider *provider)
{
	for (;;) {
		void *value = NULL;
		enum step step = obtain(request, from, provider, &value);

		if (step == FAILED) {
			struct di_entry *asker =
				request->top != NULL ? request->top : request->base;

			if (asker != NULL)
				di__error_path(request->err, asker->provider->name);
			return fail(request);
		}
		if (step == READY || request->top->provider->needs_count == 0) {
			value = make_ready(request, value);
			if (value == NULL)
				return fail(request);
			if (request->top == NULL)
				return value;
		}
		from = request->top->home;
		provider = request->top->provider->needs[request->top->needs_done];
	}
}

/* What a constructor resolves from its value's home is one of the value's needs, for di_reset(). */
static enum di_status record(struct di_flow *flow, struct di_entry *making,
			     const struct di_provider *provider, struct di_error *err)
{
	struct di_context *home = making->home;
	enum di_status status = DI_OK;
	struct di__edge *edge;

	di__lock_context(home, flow);
	for (edge = making->more.edges; edge != NULL; edge = edge->next) {
		if (edge->row == provider->index)
			break;
	}
	if (edge == NULL) {
		edge = di__arena_take(&home->arena, &home->container->allocator, sizeof(*edge));
		if (edge != NULL) {
			edge->row = provider->index;
			edge->next = making->more.edges;
			making->more.edges = edge;
		} else {
			status = di__fail(err, DI_ENOMEM, provider, "for what %s resolves",
					  making->provider->name);
		}
	}
	di__unlock_context(home, flow);
	return status;
}

/* The inline path is off: whether that is because the context is gone. */
static int is_closed(struct di_flow *flow, struct di_context *context)
{
	int closed;

	di__lock_context(context, flow);
	closed = context->state == DI__CLOSED;
	di__unlock_context(context, flow);
	return closed;
}

void *di_resolve(struct di_context *context, struct di_error *err,
		 const struct di_provider *provider)
{
	struct di_flow *flow = di__flow_get();
	struct di_entry *base = flow->run != NULL ? flow->run->making : NULL;
	struct di_error own;
	struct request request = { flow, base, NULL, err != NULL ? err : &own };

	if (provider == &di__context)
		return context;
	if (di__check_provider(context, provider, err) != DI_OK)
		return NULL;
	if (DI__LOAD_RELAXED(context->lane.table) == NULL && is_closed(flow, context)) {
		di__misuse(err, DI_ECLOSED, provider, "the context was closed before");
		return NULL;
	}
	if (base != NULL && base->home == context &&
	    record(flow, base, provider, request.err) != DI_OK)
		return NULL;
	return run(&request, context, provider);
}
