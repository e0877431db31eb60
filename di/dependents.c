/* SPDX-License-Identifier: MIT */
#include "di/dependents.h"
#include "di/home.h"

/*
 * What was built from what, among the live entries of one context.
 *
 * Nothing is stored for this but what creation needs anyway: a row's needs, what its constructor
 * resolved itself, and for whom a product was made. A dependent is always newer than what it was
 * built from, so one pass from the oldest entry up finds all.
 */

struct di_entry *di__link_newer(const struct di_context *context)
{
	struct di_entry *newer = NULL, *entry;

	for (entry = context->newest; entry != NULL; entry = entry->older) {
		entry->newer = newer;
		newer = entry;
	}
	return newer;
}

/* Whether the row is what the pass is about: flagged for certain in rows, or the one row. */
static int is_source(const uint8_t *rows, uint32_t row, uint32_t index)
{
	return rows != NULL ? (rows[index] & ~DI__PERHAPS) != 0 : index == row;
}

/*
 * Whether the need is a source itself, or its value here is marked. A product is found by its
 * owner: the row alone does not say which one it was.
 */
static int is_marked(const struct di_context *context, const uint8_t *rows, uint32_t row,
		     const struct di_provider *need)
{
	const struct di_entry *entry;
	uint32_t at;

	if (context->overridden)
		need = di__meaning(context, need);
	if (need->kind->home == DI_HOME_ASKED && need->kind->choose == NULL)
		return 0;
	at = di__row(context, need);
	if (is_source(rows, row, at))
		return 1;
	entry = context->entries[at];
	/* What a thread has was built from values of the root too. */
	if (entry == NULL && context->threaded == DI__THREAD_PLACE)
		entry = context->parent->entries[at];
	return entry != NULL && entry->marked;
}

static int built_from(const struct di_entry *entry, const uint8_t *rows, uint32_t row)
{
	const struct di_provider *provider = entry->provider;
	const struct di__edge *edge;
	uint32_t own = di__row(entry->home, provider);
	uint16_t i;

	if (is_source(rows, row, own))
		return 1;
	for (i = 0; i < provider->needs_count; i++) {
		if (provider->needs[i] != &di__context &&
		    is_marked(entry->home, rows, row, provider->needs[i]))
			return 1;
	}
	for (edge = entry->more.edges; edge != NULL; edge = edge->next) {
		if (is_marked(entry->home, rows, row,
			      di__provider_of(entry->home->container, edge->row)))
			return 1;
	}
	return 0;
}

static uint32_t mark(struct di_context *context, const uint8_t *rows, uint32_t row)
{
	struct di_entry *entry;
	uint32_t count = 0;

	for (entry = di__link_newer(context); entry != NULL; entry = entry->newer) {
		if (entry->provider == NULL)
			continue;
		if (!entry->marked && built_from(entry, rows, row))
			entry->marked = 1;
		if (entry->marked && entry->owner != NULL)
			entry->owner->marked = 1;
		count += entry->marked;
	}
	/* What was made for a marked value alone goes with it. */
	for (entry = context->newest; entry != NULL; entry = entry->older) {
		if (entry->owner != NULL && entry->owner->marked)
			entry->marked = 1;
	}
	return count;
}

uint32_t di__mark_built_from(struct di_context *context, const uint8_t *rows)
{
	return mark(context, rows, 0);
}

uint32_t di__mark_from_row(struct di_context *context, uint32_t row)
{
	return mark(context, NULL, row);
}

void di__mark_products(struct di_entry *newest, const struct di_entry *owner)
{
	struct di_entry *entry;

	for (entry = newest; entry != NULL; entry = entry->older) {
		if (entry->owner != NULL && (entry->owner == owner || entry->owner->marked))
			entry->marked = 1;
	}
}

void di__unmark(struct di_context *context)
{
	struct di_entry *entry;

	for (entry = context->newest; entry != NULL; entry = entry->older)
		entry->marked = 0;
}

/*
 * Whether the value depends on what its constructor asks for: not on what lives in a context that
 * the constructor opened itself, and not where it asks elsewhere altogether.
 */
static int is_need(const struct di_entry *making, struct di_context *context,
		   const struct di_provider *provider)
{
	const struct di_context *home, *at = context, *own = making->home;

	/* For a thread's place the root is not around it, but beside it. */
	if (own->threaded == DI__THREAD_PLACE)
		own = own->parent;
	if (context == own || context == making->home)
		return 1;
	home = di__home(context, di__meaning(context, provider), NULL);
	while (at != NULL && at != own && at != making->home && at != home)
		at = di__outer(at, provider);
	return at != NULL && (at == own || at == making->home);
}

static enum di_status record_row(struct di_flow *flow, struct di_entry *making,
				 const struct di_provider *provider, struct di_error *err)
{
	struct di_context *home = making->home;
	enum di_status status = DI_OK;
	struct di__edge *edge;
	uint32_t row;

	row = di__row(home, provider);
	di__lock_context(home, flow);
	for (edge = making->more.edges; edge != NULL; edge = edge->next) {
		if (edge->row == row)
			break;
	}
	if (edge == NULL) {
		edge = di__arena_take(&home->arena, &home->container->allocator, sizeof(*edge));
		if (edge != NULL) {
			edge->row = row;
			edge->next = making->more.edges;
			making->more.edges = edge;
			making->traits |= DI__HAS_EDGES;
		} else {
			status = di__fail(err, DI_ENOMEM, provider, "for what %s resolves",
					  making->provider->name);
		}
	}
	di__unlock_context(home, flow);
	return status;
}

enum di_status di__record(struct di_flow *flow, struct di_entry *making, struct di_context *context,
			  const struct di_provider *provider, struct di_error *err)
{
	return is_need(making, context, provider) ? record_row(flow, making, provider, err) : DI_OK;
}

/* As seen from a context that the asker's home is in, or that it has opened. */
static enum di_status record_seen(struct di_flow *flow, struct di_entry *asker,
				  struct di_context *from, const struct di_provider *provider,
				  struct di_error *err)
{
	const struct di_context *at = asker->home;

	if (!di__is_row(provider))
		return DI_OK;
	while (at != from) {
		at = at->parent;
		if (at == NULL)
			return di__record(flow, asker, from, provider, err);
	}
	return record_row(flow, asker, provider, err);
}

enum di_status di__record_choice(struct di_flow *flow, const struct di_entry *selector,
				 const struct di_provider *chosen, struct di_error *err)
{
	const struct di_provider *provider = selector->provider;
	struct di_entry *asker = selector->asker;
	const struct di__edge *edge;
	enum di_status status;
	uint16_t i;

	while (asker != NULL && asker->provider->kind->choose != NULL && asker->value != NULL)
		asker = asker->asker;
	if (asker == NULL)
		return DI_OK;
	status = record_seen(flow, asker, selector->home, chosen, err);
	for (i = 0; i < provider->needs_count && status == DI_OK; i++)
		status = record_seen(flow, asker, selector->home, provider->needs[i], err);
	for (edge = selector->more.edges; edge != NULL && status == DI_OK; edge = edge->next)
		status = record_seen(flow, asker, selector->home,
				     di__provider_of(selector->home->container, edge->row), err);
	return status;
}
