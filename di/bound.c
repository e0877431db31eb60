/* SPDX-License-Identifier: MIT */
#include "di/entry.h"
#include "di/threads.h"

/*
 * Values of a thread where something is made step by step: such stand in no slot, and what is built
 * from them must not outlive them.
 */

enum di__bound di__bound_find(struct di_flow *flow, struct di_context *home,
			      const struct di_provider *provider, void **value,
			      struct di_error *err)
{
	const struct di_entry *entry =
		provider->kind->cached ? home->entries[di__row(home, provider)] : NULL;
	int alive = entry != NULL && entry->state == DI__ALIVE;

	if (di__belongs_elsewhere(home, flow)) {
		if (!home->threaded && !alive && provider->kind->home != DI_HOME_THREAD)
			return DI__NOT_BOUND;
		di__refuse_resolve(home, flow, provider, err);
		return DI__BOUND_ELSEWHERE;
	}
	if (!alive)
		return DI__NOT_BOUND;
	*value = entry->value;
	return DI__BOUND;
}

int di__bound_made(struct di_flow *flow, struct di_context *home, const struct di_entry *entry)
{
	int bound;

	di__lock_context(home, flow);
	bound = (entry->traits & DI__OF_THREAD) != 0;
	di__unlock_context(home, flow);
	return bound;
}

struct di_context *di__bound_created(struct di_entry *entry)
{
	di__thread_created(entry);
	return entry->home;
}

int di__bound_hold(struct di_flow *flow, struct di_entry *entry, struct di_error *err)
{
	const struct di_provider *need = entry->provider->needs[entry->needs_done];

	/* What a row chose is no row. */
	if (di__hold(flow, entry, di__is_row(need) ? need : entry->provider, err) == DI_OK)
		return 1;
	di__error_path(err, entry->provider->name);
	return 0;
}

/* Whether what a constructor has got itself may end before what it makes in home. */
static int may_end_before(const struct di_context *bound, const struct di_context *home)
{
	if (bound->threaded == DI__THREAD_PLACE)
		return 1;
	while (home != NULL && home != bound)
		home = home->parent;
	return home != NULL;
}

int di__bound_hold_base(struct di_flow *flow, struct di_entry *base, const struct di_context *bound,
			const struct di_provider *provider, struct di_error *err)
{
	struct di_entry *entry = base;

	if (!may_end_before(bound, base->home))
		return 1;
	for (; entry != NULL && entry->home == base->home; entry = entry->asker) {
		if (di__hold(flow, entry, provider, err) != DI_OK) {
			di__error_path(err, base->provider->name);
			return 0;
		}
	}
	return 1;
}
