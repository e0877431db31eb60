/* SPDX-License-Identifier: MIT */
#include "di/override.h"
#include "di/dependents.h"
#include "di/home.h"
#include "di/threads.h"

#include <string.h>

/*
 * Overriding: what a row means in one context and below.
 *
 * Which rows are built from the overridden ones is found once, by affected.c. In the context these
 * rows then have a home of their own, which di__home() sees; nothing is asked when something is
 * resolved.
 */

/* One call: the changes, and for each row of the table whether it is built from them. */
struct plan {
	struct di_context *context;
	const struct di__override *changes;
	size_t count;
	uint8_t *rows;
};

static void find_rows(struct plan *plan)
{
	size_t i;

	memset(plan->rows, 0, plan->context->container->rows);
	for (i = 0; i < plan->count; i++)
		plan->rows[di__row(plan->context, plan->changes[i].provider)] = 1;
	di__add_built_from(plan->context, plan->rows);
}

/*
 * Whether each row stays where it is: what lives in the root has another value there, which all
 * contexts see. So the configuration of a program costs it nothing.
 */
static int keeps_homes(const struct plan *plan)
{
	const struct di_context *context = plan->context;
	size_t i;

	if (context->parent != NULL || context->threads || context->connects)
		return 0;
	for (i = 0; i < plan->count; i++) {
		const struct di__override *change = &plan->changes[i];

		if (change->other != NULL || change->provider->kind->home != DI_HOME_ROOT)
			return 0;
	}
	return 1;
}

/* Memory first, so that nothing fails half-way. */
static int reserve(struct plan *plan)
{
	struct di_context *context = plan->context;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		struct di__substitute *at = context->substitutes;

		if (plan->changes[i].other == NULL)
			continue;
		while (at != NULL && at->provider != plan->changes[i].provider)
			at = at->next;
		if (at != NULL)
			continue;
		at = di__arena_take(&context->arena, &context->container->allocator, sizeof(*at));
		if (at == NULL)
			return 0;
		at->provider = plan->changes[i].provider;
		at->other = NULL;
		at->next = context->substitutes;
		DI__STORE(context->substitutes, at);
	}
	return di__context_needs_flags(context, !keeps_homes(plan));
}

static void apply_one(struct di_context *context, const struct di__override *change)
{
	uint32_t row = di__row(context, change->provider);
	struct di__substitute *at;

	for (at = context->substitutes; at != NULL; at = at->next) {
		if (at->provider == change->provider)
			at->other = change->other;
	}
	if (change->put)
		DI__STORE_RELAXED(context->flags[row], DI__AFRESH);
	else
		DI__STORE_RELAXED(context->flags[row],
				  (uint8_t)(context->flags[row] | DI__OVERRIDDEN));
	DI__STORE(context->lane.own[row], (void *)(uintptr_t)change->value);
}

static void apply(struct plan *plan)
{
	struct di_context *context = plan->context;
	uint32_t row, count = context->container->rows;
	size_t i;

	for (row = 0; row < count; row++) {
		if (!plan->rows[row])
			continue;
		/* What is alive here by now is not built from it. */
		if ((context->flags[row] & DI__OVERRIDDEN) == 0 && !di__is_alive_in(context, row))
			DI__STORE(context->lane.own[row], NULL);
		DI__STORE_RELAXED(context->flags[row],
				  (uint8_t)(context->flags[row] | DI__AFFECTED));
	}
	for (i = 0; i < plan->count; i++)
		apply_one(context, &plan->changes[i]);
}

/*
 * Names what was built from the rows, alive of them: the oldest, of which the others may well be
 * built. Products made for others go with those.
 */
static enum di_status built_from_it(struct di_context *context, const struct di_provider *provider,
				    uint32_t alive, struct di_error *err)
{
	const struct di_entry *entry;
	const char *oldest = "";

	for (entry = context->newest; entry != NULL; entry = entry->older) {
		if (entry->marked && entry->owner == NULL)
			oldest = entry->provider->name;
	}
	if (alive == 1)
		return di__fail(err, DI_EBUSY, provider,
				"%s was built from it here; di_reset() that first", oldest);
	return di__fail(err, DI_EBUSY, provider,
			"%s and %u more were built from it here; di_reset() them first", oldest,
			alive - 1);
}

/* Under the context's lock. */
static enum di_status change_rows(struct plan *plan, struct di_flow *flow, struct di_error *err)
{
	struct di_context *context = plan->context;
	const struct di_provider *first = plan->changes[0].provider;
	enum di_status status = DI_OK;
	uint32_t alive;

	alive = di__mark_built_from(context, plan->rows);
	if (alive > 0)
		status = built_from_it(context, first, alive, err);
	di__unmark(context);
	if (DI__UNLIKELY(context->threads) && status == DI_OK)
		status = di__threads_check_built_from(context, flow, first, plan->rows, err);
	if (status != DI_OK)
		return status;
	if (!reserve(plan))
		return di__fail(err, DI_ENOMEM, first, "for its override");
	apply(plan);
	if (DI__UNLIKELY(context->threads))
		di__threads_overridden(context);
	return DI_OK;
}

/*
 * Whether the need, or what stands for it as seen from context, is target or is built from it as
 * rows says. What an override hides counts: a nested context may begin it afresh.
 */
static int leads_to(const struct di_context *context, const struct di_provider *need,
		    const struct di_provider *target, const uint8_t *rows)
{
	if (!di__is_row(need))
		return 0;
	for (; need != NULL; need = di__stand_in(context, need)) {
		if (need == target || rows[di__row(context, need)])
			return 1;
	}
	return 0;
}

/*
 * Whether provider, as seen from context, is target or needs it, over any number of rows. What
 * stands for a row may stand below it, so one pass is not always enough. The rows are a scratch.
 */
static int reaches(const struct di_context *context, const struct di_provider *provider,
		   const struct di_provider *target, uint8_t *rows)
{
	const struct di_container *container = context->container;
	uint32_t row, i;
	int grown;

	memset(rows, 0, container->rows);
	do {
		grown = 0;
		for (row = 0; row < container->rows; row++) {
			const struct di_provider *at = di__provider_of(container, row);

			for (i = 0; i < di__leads_count(at) && !rows[row]; i++)
				grown |= rows[row] =
					(uint8_t)leads_to(context, at->needs[i], target, rows);
		}
	} while (grown);
	return leads_to(context, provider, target, rows);
}

/* Nobody else changes the context meanwhile. */
static enum di_status carry_out(struct plan *plan, struct di_flow *flow, struct di_error *err)
{
	struct di_context *context = plan->context;
	const uint32_t *masks = context->container->masks;
	enum di_status status;
	size_t i;

	for (i = 0; i < plan->count; i++) {
		const struct di__override *change = &plan->changes[i];

		if (change->other == NULL)
			continue;
		/*
		 * A scope that only the other one has would begin it afresh, and not what is built
		 * from it.
		 */
		if ((masks[di__row(context, change->other)] &
		     ~(masks[di__row(context, change->provider)] |
		       context->container->async_bit)) != 0)
			return di__misuse(err, DI_EINVAL, change->provider,
					  "%s depends on contexts of another scope",
					  change->other->name);
		if (reaches(context, change->other, change->provider, plan->rows))
			return di__misuse(err, DI_EINVAL, change->provider, "%s needs it",
					  change->other->name);
	}
	find_rows(plan);
	di__threads_lock_for(context);
	di__lock_context(context, flow);
	status = change_rows(plan, flow, err);
	di__unlock_context(context, flow);
	di__threads_unlock_for(context);
	return status;
}

enum di_status di__override_rows(struct di_context *context, const struct di__override *changes,
				 size_t count, struct di_error *err)
{
	const struct di_container *container = context->container;
	struct di_flow *flow = di__flow_get();
	struct plan plan = { context, changes, count, NULL };
	enum di_status status = di__prepare(context->container, err);
	size_t i;

	if (status != DI_OK)
		return status;
	if (context->threaded == DI__THREAD_PLACE)
		return di__misuse(err, DI_EINVAL, changes[0].provider,
				  "nothing is overridden or put in a thread's place");
	plan.rows = container->allocator.allocate(container->rows, container->allocator.data);
	if (plan.rows == NULL)
		return di__fail(err, DI_ENOMEM, changes[0].provider, "for its override");
	di__threads_lock_for(context);
	di__lock_context(context, flow);
	status = di__context_begin_change(flow, context, err);
	di__unlock_context(context, flow);
	di__threads_unlock_for(context);
	if (status == DI_OK) {
		status = carry_out(&plan, flow, err);
		di__context_end_change(flow, context);
	}
	container->allocator.release(plan.rows, container->rows, container->allocator.data);
	for (i = 0; status == DI_OK && di__observed(container) && i < count; i++)
		di__tell(context, DI_EVENT_OVERRIDDEN, changes[i].provider->name, 0, DI_DONE, NULL);
	return status;
}

enum di_status di_override(struct di_context *context, const struct di_provider *provider,
			   const void *value, struct di_error *err)
{
	enum di_status status = di__check_provider(context, &provider, err);
	struct di__override one = { provider, value, NULL, 0 };

	if (status != DI_OK)
		return status;
	if (value == NULL)
		return di__misuse(err, DI_ENULL, provider, "an override needs a value");
	return di__override_rows(context, &one, 1, err);
}

static enum di_status check_other(const struct di_provider *provider,
				  const struct di_provider *other, struct di_error *err)
{
	if (!di_type_equal(provider->type, other->type))
		return di__misuse(err, DI_EINVAL, provider, "it provides %s, %s provides %s",
				  provider->type->name, other->name, other->type->name);
	if (other->life > provider->life)
		return di__misuse(err, DI_EINVAL, provider, "%s lives shorter", other->name);
	return DI_OK;
}

enum di_status di_override_with(struct di_context *context, const struct di_provider *provider,
				const struct di_provider *other, struct di_error *err)
{
	enum di_status status = di__check_provider(context, &provider, err);
	struct di__override one = { provider, NULL, NULL, 0 };

	if (status != DI_OK)
		return status;
	if (other == NULL)
		return di__misuse(err, DI_EINVAL, provider,
				  "there is no provider to put in its place");
	status = di__check_provider(context, &other, err);
	one.other = other;
	if (status == DI_OK)
		status = check_other(provider, other, err);
	return status == DI_OK ? di__override_rows(context, &one, 1, err) : status;
}
