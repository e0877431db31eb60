/* SPDX-License-Identifier: MIT */
#include "di/home.h"
#include "di/override.h"
#include "di/threads.h"

/*
 * Which rows are built from some, as seen from a context: by a pass over the table, and over what
 * constructors resolved themselves, until nothing more is found.
 */

/*
 * Whether the row is flagged, or one that stands for it as seen from context, over any number of
 * steps: 0, DI__PERHAPS or DI__AFFECTED.
 */
static uint8_t flag_of(const struct di_context *context, const uint8_t *rows,
		       const struct di_provider *provider)
{
	uint8_t flag = 0;

	for (; provider != NULL; provider = di__stand_in(context, provider)) {
		if (rows[di__row(context, provider)] != 0 &&
		    rows[di__row(context, provider)] != DI__PERHAPS)
			return DI__AFFECTED;
		flag |= rows[di__row(context, provider)];
	}
	return flag;
}

/* What chooses is seen by what it chose, and a lazy that lives here asks here. */
static int decides_later(const struct di_context *context, const struct di_provider *provider)
{
	return provider->options_count > 0 &&
	       (provider->kind->choose != NULL ||
		di__is_alive_in(context, di__row(context, provider)));
}

/*
 * What is kept and not alive here is made anew here, whatever it will choose: what has got an outer
 * one would differ from what is seen.
 */
static uint8_t settled(const struct di_context *context, const struct di_provider *provider,
		       uint8_t flag)
{
	if (flag != 0 && provider->kind->cached &&
	    !di__is_alive_in(context, di__row(context, provider)))
		return DI__AFFECTED;
	return (flag & DI__AFFECTED) != 0 ? DI__AFFECTED : flag;
}

static uint8_t touches(const struct di_context *context, const uint8_t *rows,
		       const struct di_provider *provider)
{
	uint8_t flag = 0;
	uint32_t i;

	if (di__is_overridden(context, provider))
		return 0;
	for (i = 0; i < di__leads_count(provider); i++) {
		if (di__is_row(provider->needs[i]))
			flag |= flag_of(context, rows, provider->needs[i]);
	}
	if (flag != 0 && decides_later(context, provider))
		return DI__PERHAPS;
	return settled(context, provider, flag);
}

/* Raises the flag of a row; whether it was less. */
static int raise_flag(uint8_t *row, uint8_t flag)
{
	if (flag == 0 || (*row != 0 && (*row != DI__PERHAPS || flag == DI__PERHAPS)))
		return 0;
	*row = flag;
	return 1;
}

static int add_rows(const struct di_context *context, uint8_t *rows)
{
	const struct di_container *container = context->container;
	int grown = 0;
	uint32_t row;

	for (row = 0; row < container->rows; row++) {
		if (rows[row] == 0 || rows[row] == DI__PERHAPS)
			grown |= raise_flag(&rows[row], touches(context, rows,
								di__provider_of(container, row)));
	}
	return grown;
}

static uint8_t touches_recorded(const struct di_context *context, const uint8_t *rows,
				const struct di_entry *entry)
{
	const struct di_container *container = entry->home->container;
	const struct di__edge *edge;
	uint8_t flag = 0;

	if (di__is_overridden(context, entry->provider))
		return 0;
	for (edge = entry->more.edges; edge != NULL; edge = edge->next)
		flag |= flag_of(context, rows, di__provider_of(container, edge->row));
	return settled(context, entry->provider, flag);
}

static DI__INLINE int add_recorded_in(struct di_context *at, const struct di_context *context,
				      uint8_t *rows, struct di_flow *flow)
{
	const struct di_entry *entry;
	int grown = 0;

	di__lock_context(at, flow);
	for (entry = at->newest; entry != NULL; entry = entry->older) {
		uint32_t row;

		if (entry->provider == NULL)
			continue;
		row = di__row(context, entry->provider);
		if (rows[row] == 0 || rows[row] == DI__PERHAPS)
			grown |= raise_flag(&rows[row], touches_recorded(context, rows, entry));
	}
	di__unlock_context(at, flow);
	return grown;
}

static int add_recorded_in_places(const struct di_container *container,
				  const struct di_context *context, uint8_t *rows,
				  struct di_flow *flow)
{
	const struct di__thread *thread;
	int grown = 0;

	if (DI__LIKELY(!container->root->threads))
		return 0;
	di__threads_lock();
	for (thread = container->threads; thread != NULL; thread = thread->next) {
		/* What is being ended is its ender's alone. */
		if (thread->flow_link != NULL)
			grown |= add_recorded_in(thread->place, context, rows, flow);
	}
	di__threads_unlock();
	return grown;
}

/* What constructors resolved themselves stands in no table. */
static int add_recorded(struct di_context *context, uint8_t *rows, struct di_flow *flow)
{
	const struct di_container *container = context->container;
	struct di_context *at;
	int grown = 0;
	uint32_t i;

	for (at = context; at != NULL; at = at->parent)
		grown |= add_recorded_in(at, context, rows, flow);
	grown |= add_recorded_in_places(container, context, rows, flow);
	for (i = 0; i < container->parts_count; i++) {
		const struct di_container *part = container->parts[i].container;

		grown |= add_recorded_in(part->root, context, rows, flow);
		grown |= add_recorded_in_places(part, context, rows, flow);
	}
	return grown;
}

void di__add_built_from(struct di_context *context, uint8_t *rows)
{
	struct di_flow *flow = di__flow_get();
	int grown;

	do {
		grown = add_rows(context, rows);
		grown |= add_recorded(context, rows, flow);
	} while (grown);
}
