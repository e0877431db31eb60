/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

/*
 * Ending values before their context does: di_reset() for what is kept, drop for products.
 */

static enum di_status lives_elsewhere(const struct di_context *home,
				      const struct di_context *context,
				      const struct di_provider *provider, struct di_error *err)
{
	if (home->container != context->container)
		return di__misuse(
			err, DI_EINVAL, provider,
			"its value lives in the connected container of %s: reset it there",
			home->container->table->name);
	return di__misuse(err, DI_EINVAL, provider,
			  "its value lives in the context of scope %s, this one is of %s: "
			  "reset it there",
			  home->scope->name, context->scope->name);
}

static enum di_status check_home(struct di_context *context, const struct di_provider *provider,
				 struct di_error *err)
{
	struct di_context *home;

	if (provider->kind->given != NULL)
		return di__misuse(err, DI_EINVAL, provider, "it is given, not made");
	home = di__home(context, provider, err);
	if (home == NULL)
		return DI_ENOCONTEXT;
	if (home != context)
		return lives_elsewhere(home, context, provider, err);
	return DI_OK;
}

static int is_overridden(const struct di_context *context, const struct di_provider *provider)
{
	return context->flags != NULL &&
	       (context->flags[di__row(context, provider)] & DI__OVERRIDDEN) != 0;
}

/* Takes what is to end off the stack. Under the lock, of a context that is the caller's to change. */
static enum di_status take_built_from(struct di_context *context,
				      const struct di_provider *provider, struct di_entry **todo,
				      struct di_error *err)
{
	if (is_overridden(context, provider))
		return di__fail(err, DI_EINVAL, provider, "it is overridden here");
	di__mark_from_row(context, di__row(context, provider));
	*todo = di__todo_take(&context->newest);
	return DI_OK;
}

enum di_status di_reset(struct di_context *context, const struct di_provider *provider,
			struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = di__check_provider(context, &provider, err);
	struct di_entry *todo = NULL;
	int changes;

	if (status == DI_OK)
		status = check_home(context, provider, err);
	if (status != DI_OK)
		return status;
	di__lock_context(context, flow);
	status = di__context_begin_change(flow, context, err);
	changes = status == DI_OK;
	if (changes)
		status = take_built_from(context, provider, &todo, err);
	di__unlock_context(context, flow);
	if (!changes)
		return status;
	di__todo_end(flow, todo, DI_DONE, &status, err);
	di__context_end_change(flow, context);
	return status;
}

/* The newest first: what is dropped was mostly made last. */
static struct di_entry **find_product(struct di_context *context,
				      const struct di_provider *provider, const void *value)
{
	struct di_entry **link = &context->newest;

	while (*link != NULL && ((*link)->value != value || (*link)->provider != provider))
		link = &(*link)->older;
	return link;
}

/* Products are older than what they were made for; most have none, and then no stack is walked. */
static struct di_entry *take_with_products(struct di_entry **link)
{
	struct di_entry *entry = *link;

	if ((entry->traits & DI__HAS_PRODUCTS) != 0) {
		entry->marked = 1;
		di__mark_products(entry->older, entry);
		return di__todo_take(link);
	}
	*link = entry->older;
	entry->older = NULL;
	return entry;
}

static enum di_status take_product(struct di_context *context, const struct di_provider *provider,
				   const void *value, struct di_entry **todo, struct di_error *err)
{
	struct di_entry **link, *entry;

	if (di__is_over(context->state))
		return di__closed(context, context->state, provider, err);
	link = find_product(context, provider, value);
	entry = *link;
	if (entry == NULL)
		return di__fail(err, DI_EINVAL, provider,
				"the value is no live product of this context");
	if (entry->owner != NULL)
		return di__fail(err, DI_EBUSY, provider, "the value was made for %s",
				entry->owner->provider->name);
	*todo = take_with_products(link);
	/*
	 * Until it has ended the context must not close, be reset or overridden: as while making.
	 */
	context->making++;
	di__lane_update(context, NULL);
	return DI_OK;
}

/* Products stand in no slot, so that one lock is enough for each; the last ends the change. */
static void end_products(struct di_flow *flow, struct di_context *home, struct di_entry *todo,
			 enum di_status *status, struct di_error *err)
{
	while (todo != NULL) {
		struct di_entry *entry = todo;

		todo = entry->older;
		di__entry_end(flow, entry, DI_DONE, status, err);
		di__lock_context(home, flow);
		di__entry_free(entry);
		if (todo == NULL) {
			home->making--;
			di__lane_update(home, home->container->table);
		}
		di__unlock_context(home, flow);
	}
}

enum di_status di_context_drop(struct di_context *context, const struct di_provider *provider,
			       const void *value, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = di__check_provider(context, &provider, err);
	struct di_entry *todo = NULL;

	if (status != DI_OK)
		return status;
	if (provider->kind->cached)
		return di__misuse(err, DI_EINVAL, provider,
				  "only products of a factory are dropped");
	if (value == NULL)
		return di__misuse(err, DI_EINVAL, provider, "NULL is no product");
	di__lock_context(context, flow);
	status = take_product(context, provider, value, &todo, err);
	di__unlock_context(context, flow);
	if (status != DI_OK)
		return status;
	end_products(flow, context, todo, &status, err);
	return status;
}
