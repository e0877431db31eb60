/* SPDX-License-Identifier: MIT */
#include "di/dependents.h"
#include "di/home.h"
#include "di/making.h"
#include "di/operation.h"
#include "di/threads.h"

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
	if (home != context && provider->kind->home == DI_HOME_THREAD && home->parent == NULL)
		return di__misuse(err, DI_EINVAL, provider,
				  "its value lives with the thread: reset it in the root");
	if (home != context)
		return lives_elsewhere(home, context, provider, err);
	return DI_OK;
}

static int is_overridden(const struct di_context *context, const struct di_provider *provider)
{
	return context->flags != NULL &&
	       (context->flags[di__row(context, provider)] & DI__OVERRIDDEN) != 0;
}

/* Takes what is to end off the stack. Under the lock, where the context is ours to change. */
static enum di_status take_built_from(struct di_flow *flow, const struct di_provider *provider,
				      int waits, struct di__taken *taken, struct di_error *err)
{
	struct di_context *context = taken->context;
	enum di_status status = DI_OK;

	if (is_overridden(context, provider))
		return di__fail(err, DI_EINVAL, provider, "it is overridden here");
	di__mark_from_row(context, di__row(context, provider));
	if (!waits && context->slow_ends > 0 && di__marked_is_slow(context->newest)) {
		di__unmark(context);
		return di__fail(err, DI_EAGAIN, provider,
				"it, or what was built from it, ends asynchronously: use "
				"di_reset_async()");
	}
	if (DI__UNLIKELY(context->threads))
		status = di__threads_take_built_from(context, flow, provider, &taken->of_thread,
						     err);
	if (status == DI_OK)
		taken->todo = di__todo_take(&context->newest);
	return status;
}

/* What a thread has was built from values of the root, which others are making there. */
static void lock_all(struct di_context *context, struct di_flow *flow)
{
	di__threads_lock_for(context);
	if (DI__UNLIKELY(context->threaded == DI__THREAD_PLACE))
		di__lock_context(context->parent, flow);
	di__lock_context(context, flow);
}

static void unlock_all(struct di_context *context, struct di_flow *flow)
{
	di__unlock_context(context, flow);
	if (DI__UNLIKELY(context->threaded == DI__THREAD_PLACE))
		di__unlock_context(context->parent, flow);
	di__threads_unlock_for(context);
}

static enum di_status take_in(struct di_flow *flow, const struct di_provider *provider, int waits,
			      struct di__taken *taken, struct di_error *err)
{
	struct di_context *context = taken->context;
	enum di_status status;
	int changes;

	lock_all(context, flow);
	status = di__context_begin_change(flow, context, err);
	changes = status == DI_OK;
	if (changes)
		status = take_built_from(flow, provider, waits, taken, err);
	unlock_all(context, flow);
	if (changes && status != DI_OK)
		di__context_end_change(flow, context);
	return status;
}

/* Other contexts may hold what is in a place; for its own thread, others are refused anyway. */
static enum di_status check_held(const struct di_context *place, const struct di_flow *flow,
				 const struct di_provider *provider, struct di_error *err)
{
	const struct di_context *held =
		!di__belongs_elsewhere(place, flow) ? place->thread->held : NULL;

	if (held == NULL)
		return DI_OK;
	return di__fail(err, DI_EBUSY, provider,
			"the context of scope %s holds what was built from the thread's values; "
			"close it first",
			held->scope->name);
}

enum di_status di__reset_begin(struct di_context *context, const struct di_provider *provider,
			       int waits, struct di__taken *taken, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = di__check_provider(context, &provider, err);

	*taken = (struct di__taken){ NULL, NULL, NULL };
	if (status == DI_OK)
		status = check_home(context, provider, err);
	if (status != DI_OK)
		return status;
	/* What lives with the thread that asks is reset in its place. */
	if (DI__UNLIKELY(context->threads) && di__lives_with_thread(context, provider)) {
		const struct di__thread *thread = di__thread_find(flow, context->container);

		if (thread == NULL)
			return DI_OK;
		context = thread->place;
	}
	if (DI__UNLIKELY(context->threaded == DI__THREAD_PLACE))
		status = check_held(context, flow, provider, err);
	taken->context = context;
	return status == DI_OK ? take_in(flow, provider, waits, taken, err) : status;
}

enum di_status di_reset(struct di_context *context, const struct di_provider *provider,
			struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di__taken taken;
	enum di_status status = di__reset_begin(context, provider, 0, &taken, err);

	if (status != DI_OK || taken.context == NULL)
		return status;
	di__todo_end(flow, taken.of_thread, DI_DONE, &status, err);
	di__todo_end(flow, taken.todo, DI_DONE, &status, err);
	di__context_end_change(flow, taken.context);
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

static int is_slow(struct di_context *context, struct di_entry *entry)
{
	int slow;

	entry->marked = 1;
	di__mark_products(entry->older, entry);
	slow = di__marked_is_slow(entry);
	di__unmark(context);
	return slow;
}

static enum di_status take_product(struct di_context *context, const struct di_flow *flow,
				   const struct di_provider *provider, const void *value, int waits,
				   struct di_entry **todo, struct di_error *err)
{
	struct di_entry **link, *entry;

	if (di__is_over(context->state))
		return di__closed(context, context->state, provider, err);
	link = find_product(context, provider, value);
	entry = *link;
	if (entry == NULL)
		return di__fail(err, DI_EINVAL, provider,
				"the value is no live product of this context");
	if ((entry->traits & DI__OF_THREAD) != 0 && di__belongs_elsewhere(context, flow))
		return di__refuse_change(context, err);
	if (entry->owner != NULL)
		return di__fail(err, DI_EBUSY, provider, "the value was made for %s",
				entry->owner->provider->name);
	if (!waits && context->slow_ends > 0 && is_slow(context, entry))
		return di__fail(err, DI_EAGAIN, provider,
				"it, or a product made for it, ends asynchronously: use "
				"di_context_drop_async()");
	*todo = take_with_products(link);
	/*
	 * Until it has ended the context must not close, be reset or overridden: as while making.
	 */
	context->making++;
	di__lane_update(context, NULL);
	return DI_OK;
}

void di__drop_end(struct di_flow *flow, struct di_context *context)
{
	di__lock_context(context, flow);
	di__making_less(flow, context);
	di__unlock_context(context, flow);
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
		if (todo == NULL)
			di__making_less(flow, home);
		di__unlock_context(home, flow);
	}
}

/* What is asked in the root and lives with the thread is in the thread's place. */
static struct di_context *where_made(struct di_context *context, const struct di_flow *flow,
				     const struct di_provider *provider)
{
	const struct di__thread *thread;

	if (DI__LIKELY(!context->threads) || !di__lives_with_thread(context, provider))
		return context;
	thread = di__thread_find(flow, context->container);
	return thread != NULL ? thread->place : context;
}

enum di_status di__drop_begin(struct di_context *context, const struct di_provider *provider,
			      const void *value, int waits, struct di__taken *taken,
			      struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	enum di_status status = di__check_provider(context, &provider, err);

	*taken = (struct di__taken){ NULL, NULL, NULL };
	if (status != DI_OK)
		return status;
	if (provider->kind->cached)
		return di__misuse(err, DI_EINVAL, provider,
				  "only products of a factory are dropped");
	if (value == NULL)
		return di__misuse(err, DI_EINVAL, provider, "NULL is no product");
	context = where_made(context, flow, provider);
	taken->context = context;
	di__lock_context(context, flow);
	status = take_product(context, flow, provider, value, waits, &taken->todo, err);
	di__unlock_context(context, flow);
	return status;
}

enum di_status di_context_drop(struct di_context *context, const struct di_provider *provider,
			       const void *value, struct di_error *err)
{
	struct di__taken taken;
	enum di_status status = di__drop_begin(context, provider, value, 0, &taken, err);

	if (status == DI_OK)
		end_products(di__flow_get(), taken.context, taken.todo, &status, err);
	return status;
}
