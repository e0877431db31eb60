/* SPDX-License-Identifier: MIT */
#include "di/entry.h"
#include "di/threads.h"

#include <inttypes.h>

/*
 * Contexts that hold what was built from a thread's values.
 */

const char *di__held_name(const struct di_context *context)
{
	const struct di_entry *entry;
	const char *name = "a value of the thread";

	for (entry = context->newest; entry != NULL; entry = entry->older) {
		if ((entry->traits & DI__OF_THREAD) != 0 && entry->provider != NULL)
			name = entry->provider->name;
	}
	return name;
}

enum di_status di__refuse_resolve(const struct di_context *context, const struct di_flow *flow,
				  const struct di_provider *provider, struct di_error *err)
{
	return di__fail(err, DI_ETHREAD, provider,
			"its context, of scope %s, belongs to thread %" PRIu64
			" as long as that has such values there; this is thread %" PRIu64
			": open a context here",
			context->scope->name, DI__LOAD_RELAXED(context->belongs),
			di__thread_id(flow));
}

enum di_status di__refuse_change(const struct di_context *context, struct di_error *err)
{
	return di__fail(err, DI_ETHREAD, NULL,
			"the context of scope %s holds %s, which was built from values of thread "
			"%" PRIu64 ": leave it to that thread",
			context->scope->name, di__held_name(context),
			DI__LOAD_RELAXED(context->belongs));
}

static void bind(struct di_context *context, struct di__thread *thread)
{
	context->thread = thread;
	DI__STORE_RELAXED(context->belongs, thread->flow->id);
	context->entered++;
	context->held_next = thread->held;
	context->held_link = &thread->held;
	if (context->held_next != NULL)
		context->held_next->held_link = &context->held_next;
	thread->held = context;
}

static void unbind(struct di_context *context)
{
	*context->held_link = context->held_next;
	if (context->held_next != NULL)
		context->held_next->held_link = context->held_link;
	context->thread = NULL;
	DI__STORE_RELAXED(context->belongs, 0);
	context->entered--;
}

void di__hold_begun(struct di_flow *flow, struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if (entry->provider->kind->choose != NULL)
		return;
	if (home->belongs == 0)
		bind(home, di__thread_find(flow, home->container));
	if (!home->threaded)
		home->held++;
	entry->traits |= DI__OF_THREAD;
}

/* Under the lock of the entry's home. */
static enum di_status hold(struct di_flow *flow, struct di_entry *entry,
			   const struct di_provider *need, struct di_error *err)
{
	struct di_context *home = entry->home;

	if ((entry->traits & DI__OF_THREAD) != 0)
		return DI_OK;
	if (DI__UNLIKELY((entry->traits & DI__ASYNC) != 0))
		return di__fail(err, DI_ETHREAD, need,
				"it lives with a thread, and %s is made asynchronously, wherever "
				"that completes",
				entry->provider->name);
	/* What chooses keeps nothing. */
	if (entry->provider->kind->choose != NULL)
		entry->traits |= DI__OF_THREAD;
	else if (di__belongs_elsewhere(home, flow))
		return di__refuse_resolve(home, flow, need, err);
	else
		di__hold_begun(flow, entry);
	return DI_OK;
}

enum di_status di__hold(struct di_flow *flow, struct di_entry *entry,
			const struct di_provider *need, struct di_error *err)
{
	struct di_context *home = entry->home;
	enum di_status status;

	if (home->parent == NULL && entry->provider->kind->choose == NULL)
		return di__fail(err, DI_ETHREAD, need,
				"it lives with a thread, and %s, which asks for it, with the "
				"container: it would outlive it",
				entry->provider->name);
	if (di__thread_take(flow, home->container, need, err) == NULL)
		return err->status;
	di__lock_context(home, flow);
	status = hold(flow, entry, need, err);
	di__unlock_context(home, flow);
	return status;
}

void di__let_go(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	entry->traits &= (uint8_t)~DI__OF_THREAD;
	if (home->threaded || entry->provider->kind->choose != NULL)
		return;
	if (--home->held == 0)
		unbind(home);
}

void di__thread_created(struct di_entry *entry)
{
	struct di_container *container = entry->home->container;

	if (entry->home->threaded == DI__THREAD_PLACE)
		entry->number =
			__atomic_add_fetch(&container->thread_creations, 1, __ATOMIC_RELAXED);
	if (entry->provider != NULL && entry->provider->kind->home == DI_HOME_THREAD)
		__atomic_add_fetch(&container->thread_values, 1, __ATOMIC_RELEASE);
}

void di__thread_ended(const struct di_entry *entry)
{
	if (entry->provider != NULL && entry->provider->kind->home == DI_HOME_THREAD)
		__atomic_sub_fetch(&entry->home->container->thread_values, 1, __ATOMIC_RELEASE);
}

static uint32_t depth_of(const struct di_context *context)
{
	uint32_t depth = 0;

	for (; context->parent != NULL; context = context->parent)
		depth++;
	return depth;
}

/* What is further in may have been built from what is further out. */
static struct di_context *deepest(const struct di__thread *thread)
{
	struct di_context *context, *found = NULL;
	uint32_t depth = 0;

	for (context = thread->held; context != NULL; context = context->held_next) {
		uint32_t at = depth_of(context);

		if (at >= depth) {
			depth = at;
			found = context;
		}
	}
	return found;
}

/* Also what was made for it alone. */
static void mark(struct di_context *context)
{
	struct di_entry *entry;

	for (entry = context->newest; entry != NULL; entry = entry->older)
		entry->marked = (entry->traits & DI__OF_THREAD) != 0 ||
				(entry->owner != NULL && entry->owner->marked);
}

void di__held_end(struct di_flow *flow, struct di__thread *thread)
{
	struct di_context *context;

	while ((context = deepest(thread)) != NULL) {
		enum di_status status = DI_OK;
		struct di_entry *todo;

		di__lock_context(context, flow);
		mark(context);
		todo = di__todo_take(&context->newest);
		/* As in a reset, but that what others are making there goes on. */
		context->state = DI__CHANGING;
		di__lane_update(context, NULL);
		di__unlock_context(context, flow);
		di__todo_end(flow, todo, DI_CANCELLED, &status, NULL);
		di__lock_context(context, flow);
		context->state = DI__OPEN;
		di__lane_update(context, context->container->table);
		di__unlock_context(context, flow);
	}
}
