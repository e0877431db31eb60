/* SPDX-License-Identifier: MIT */
#include "di/dependents.h"
#include "di/entry.h"
#include "di/stepwise.h"

/*
 * Taking back what was begun step by step and does not come about.
 */

/* Ends the products made for owner. Further failures of finalizers are counted in err. */
static enum di_status end_products(struct di_flow *flow, struct di_entry *owner,
				   enum di_outcome outcome, struct di_error *err)
{
	struct di_context *home = owner->home;
	enum di_status status = err->status;
	struct di_entry *todo = NULL;
	/* Who waits for the owner waits for this, too. */
	struct di__run run = { flow->run, home, owner, flow->entered_count };

	di__lock_context(home, flow);
	if ((owner->traits & DI__HAS_PRODUCTS) != 0) {
		di__mark_products(home->newest, owner);
		todo = di__todo_take(&home->newest);
	}
	di__unlock_context(home, flow);
	flow->run = &run;
	di__todo_end(flow, todo, outcome, &status, err);
	flow->run = run.outer;
	return status;
}

enum di_status di__end_chooser_needs(struct di_flow *flow, struct di_entry *selector,
				     struct di_error *err)
{
	struct di_error own = { 0 };
	enum di_status status = DI_OK;

	if ((selector->traits & DI__HAS_PRODUCTS) == 0)
		return DI_OK;
	status = end_products(flow, selector, DI_DONE, &own);
	if (status != DI_OK)
		*err = own;
	return status;
}

/* Takes a creation back: what was made for it alone ends, and who waits for it gets the error. */
static void abandon(struct di_flow *flow, struct di_entry *entry, struct di_error *err)
{
	struct di_context *home = entry->home;

	if (di__observed(home->container)) {
		int constructed = entry->needs_done == entry->provider->needs_count;

		di__tell(home, DI_EVENT_FAILED, entry->provider->name,
			 constructed ? entry->since_ns : 0, DI_FAILED, err);
	}
	end_products(flow, entry, DI_FAILED, err);
	di__lock_context(home, flow);
	entry->state = DI__KEPT;
	di__making_less(flow, home);
	if ((entry->traits & DI__AWAITED) != 0)
		di__wake(entry, NULL, err);
	di__entry_free(entry);
	di__unlock_context(home, flow);
	di__unpark(flow);
}

void di__unwind(struct di_flow *flow, struct di_entry *top, struct di_entry *base,
		struct di_error *err)
{
	struct di_entry *entry = top;

	while (entry != NULL && entry != base) {
		struct di_entry *asker = entry->asker;

		abandon(flow, entry, err);
		if (asker != NULL)
			di__error_path(err, asker->provider->name);
		entry = asker;
	}
	/* One that is DI__ASYNC is no flow's: those that await it have paths of their own. */
	for (entry = base; entry != NULL && entry->maker == flow && entry->asker != NULL;
	     entry = entry->asker)
		di__error_path(err, entry->asker->provider->name);
}

void di__construction_failed(const struct di_provider *provider, int cause, struct di_error *err)
{
	if (cause != 0) {
		di__fail(err, DI_ECREATE, provider, NULL);
		di__error_cause(err, provider->constructor, cause);
	} else {
		di__fail(err, DI_ENULL, provider, "%s made nothing", provider->constructor);
	}
}
