/* SPDX-License-Identifier: MIT */
#include "di/dependents.h"
#include "di/direct.h"
#include "di/stepwise.h"

/*
 * Resolving: from a provider and a context to a value. What exists is found here; what does not is
 * made in direct.c, or in stepwise.c.
 */

enum di_status di__check_provider(const struct di_context *context,
				  const struct di_provider **provider, struct di_error *err)
{
	const struct di_provider *given = *provider;

	if (context == NULL || given == NULL)
		return di__misuse(err, DI_EINVAL, given, "there is no %s",
				  context == NULL ? "context" : "provider");
	if (!di__covers(context->container, given->table))
		return di__misuse(err, DI_EINVAL, given->table != NULL ? given : NULL,
				  "it is of the table %s, the context of %s",
				  given->table != NULL ? given->table->name : "(none)",
				  context->container->table->name);
	*provider = di__own_row(context->container, given);
	return DI_OK;
}

/* The inline path is off: whether that is because the context is gone. */
static int is_closed(struct di_flow *flow, struct di_context *context)
{
	uint8_t state;

	di__lock_context(context, flow);
	state = DI__LOAD(context->state);
	di__unlock_context(context, flow);
	return di__is_over(state) && state != DI__CLOSING;
}

/* A row that the context covers. */
static DI__NOINLINE void *resolve_covered(struct di_context *context, struct di_error *err,
					  const struct di_provider *provider)
{
	struct di_flow *flow = di__flow_get();
	struct di_entry *base = flow->run != NULL ? flow->run->making : NULL;
	struct di_error own;

	if (err == NULL)
		err = &own;
	if (DI__LOAD_RELAXED(context->lane.table) == NULL && is_closed(flow, context)) {
		di__misuse(err, DI_ECLOSED, provider, "the context was closed before");
		return NULL;
	}
	if (base != NULL && di__record(flow, base, context, provider, err) != DI_OK)
		return NULL;
	return di__make_stepwise(flow, context, provider, base, NULL, err);
}

/*
 * Until it is done the container must not be freed, although nothing need be made in its contexts.
 */
static DI__NOINLINE void *resolve_in_part(struct di_context *context, struct di_error *err,
					  const struct di_provider *provider)
{
	struct di_container *container = context->container;
	void *value;

	if (provider == &di__context)
		return context;
	if (di__check_provider(context, &provider, err) != DI_OK)
		return NULL;
	__atomic_add_fetch(&container->asking, 1, __ATOMIC_RELAXED);
	value = resolve_covered(context, err, provider);
	__atomic_sub_fetch(&container->asking, 1, __ATOMIC_RELEASE);
	return value;
}

/* NOLINTBEGIN(misc-no-recursion): it is one step, to the row that stands for another table's. */

/* No row of the container's own. What exists is found as the inline path finds what is. */
static DI__NOINLINE void *resolve_across(struct di_context *context, struct di_error *err,
					 const struct di_provider *provider)
{
	const struct di_provider *own = di__own_row(context->container, provider);
	const struct di__part *part;

	if (own != provider)
		return di_resolve(context, err, own);
	part = di__part_of(context->container, provider->table);
	if (DI__LIKELY(part != NULL) && DI__LIKELY(DI__LOAD_RELAXED(context->lane.table) != NULL)) {
		void **values = di__lane_values(&context->lane, provider);
		void *value = DI__LOAD(values[part->first + provider->index]);

		if (DI__LIKELY(value != NULL))
			return value;
	}
	return resolve_in_part(context, err, provider);
}

void *di__resolve_with_care(struct di_context *context, struct di_error *err,
			    const struct di_provider *provider)
{
	if (DI__UNLIKELY(context == NULL || provider == NULL)) {
		di__check_provider(context, &provider, err);
		return NULL;
	}
	if (DI__UNLIKELY(provider->table != context->container->table))
		return resolve_across(context, err, provider);
	return resolve_covered(context, err, provider);
}

void *di__resolve_on(const struct di__direct *direct, struct di_context *home, struct di_error *err,
		     const struct di_provider *provider)
{
	struct di_error own;

	if (direct->top == NULL && direct->refused == NULL)
		return di__resolve_with_care(home, err, provider);
	if (err == NULL)
		err = &own;
	if (direct->failed && direct->top != NULL) {
		di__construction_failed(direct->top->provider, direct->cause, err);
	} else if (direct->refused != NULL) {
		di__no_memory(direct->refused, err);
		if (direct->top != NULL)
			di__error_path(err, direct->top->provider->name);
	} else {
		return di__make_stepwise(direct->flow, home, provider, NULL, direct->top, err);
	}
	di__unwind(direct->flow, direct->top, NULL, err);
	return NULL;
}

void *di_resolve(struct di_context *context, struct di_error *err,
		 const struct di_provider *provider)
{
	if (DI__LIKELY(context != NULL && provider != NULL && provider->table != NULL) &&
	    DI__LIKELY(DI__LOAD_RELAXED(context->lane.table) == provider->table)) {
		void *value = DI__LOAD(di__lane_values(&context->lane, provider)[provider->index]);

		if (DI__LIKELY(value != NULL))
			return value;
		return di__resolve_missing(context, err, provider);
	}
	return di__resolve_with_care(context, err, provider);
}

/* NOLINTEND(misc-no-recursion) */
