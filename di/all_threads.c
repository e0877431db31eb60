/* SPDX-License-Identifier: MIT */
#include "di/below.h"
#include "di/current.h"
#include "di/dependents.h"
#include "di/entry.h"
#include "di/park.h"
#include "di/threads.h"

#include <inttypes.h>

/*
 * All places of a container: as it is freed, and while its root is changed.
 */

static enum di_status refuse_ending(struct di_error *err)
{
	return di__fail(err, DI_EBUSY, NULL, "a thread is ending its values");
}

/* ---- Freeing. ---- */

static enum di_status check_places(const struct di_container *container, struct di_flow *flow,
				   struct di_error *err)
{
	const struct di__thread *thread;
	enum di_status status = DI_OK;

	for (thread = container->threads; thread != NULL && status == DI_OK; thread = thread->next)
		status = thread->flow_link != NULL ? di__below_check(thread->place, flow, err)
						   : refuse_ending(err);
	return status;
}

static void unlink_all(const struct di_container *container, struct di_flow *flow)
{
	struct di__thread *thread;

	for (thread = container->threads; thread != NULL; thread = thread->next) {
		if (thread->flow_link != NULL)
			di__thread_unlink(thread, flow);
	}
}

enum di_status di__threads_claim(struct di_container *container, struct di_flow *flow,
				 struct di_error *err)
{
	enum di_status status;

	di__threads_lock();
	status = check_places(container, flow, err);
	if (status == DI_OK)
		unlink_all(container, flow);
	di__threads_unlock();
	return status;
}

unsigned di__threads_count_open(struct di_container *container, struct di_flow *flow, char *names,
				size_t size)
{
	const struct di__thread *thread;
	unsigned count = 0;

	for (thread = container->threads; thread != NULL; thread = thread->next)
		count += di__below_count(thread->place, flow, names, size);
	return count;
}

static void set_closing(struct di_context *context, struct di_flow *flow)
{
	di__lock_context(context, flow);
	context->state = DI__CLOSING;
	DI__STORE(context->lane.table, NULL);
	di__unlock_context(context, flow);
}

/* Where the newest value of all stands on top; NULL where there is none. */
static struct di_context *newest_place(const struct di_container *container)
{
	const struct di__thread *thread;
	struct di_context *found = NULL;

	for (thread = container->threads; thread != NULL; thread = thread->next) {
		const struct di_entry *entry = thread->place->newest;

		if (entry != NULL && (found == NULL || entry->number > found->newest->number))
			found = thread->place;
	}
	return found;
}

static void end_values(const struct di_container *container, struct di_flow *flow,
		       enum di_status *status, struct di_error *err)
{
	struct di_context *place;

	while ((place = newest_place(container)) != NULL) {
		struct di_entry *entry = place->newest;
		struct di_error error = { 0 };
		enum di_status found = DI_OK;

		place->newest = entry->older;
		di__entry_leave_slot(entry);
		di__entry_end(flow, entry, (enum di_outcome)place->mark, &found, &error);
		di__entry_free(entry);
		di__keep_first(found, status, err, &error);
	}
}

void di__threads_end(struct di_container *container, struct di_flow *flow, enum di_status *status,
		     struct di_error *err)
{
	struct di__thread *thread;

	/* No further place begins from now on; finalizers may have begun one of ours. */
	di__threads_lock();
	set_closing(container->root, flow);
	unlink_all(container, flow);
	for (thread = container->threads; thread != NULL; thread = thread->next) {
		di__flow_forget(flow, thread->place);
		set_closing(thread->place, flow);
	}
	di__threads_unlock();
	for (thread = container->threads; thread != NULL; thread = thread->next)
		di__below_end(thread->place, flow, status, err);
	end_values(container, flow, status, err);
	for (thread = container->threads; thread != NULL; thread = thread->next) {
		if (di__observed(container))
			di__tell(thread->place, DI_EVENT_CLOSED, NULL, 0,
				 (enum di_outcome)thread->place->mark, NULL);
	}
}

void di__threads_release(struct di_container *container)
{
	struct di_flow *flow = di__flow_get();

	di__threads_lock();
	while (container->threads != NULL)
		di__thread_release(container->threads, flow);
	di__threads_unlock();
}

/* ---- Changing the root. ---- */

static enum di_status begin_change(struct di_context *place, struct di_flow *flow,
				   struct di_error *err)
{
	enum di_status status = DI_OK;

	di__lock_context(place, flow);
	if (place->state != DI__OPEN || place->making > 0)
		status = di__fail(err, DI_EBUSY, NULL,
				  "something is being made, reset or dropped by thread %" PRIu64,
				  place->belongs);
	else if (di__park_end(place, flow) > 0)
		status = di__fail(err, DI_EBUSY, NULL,
				  "a context is open in the place of thread %" PRIu64,
				  place->belongs);
	if (status == DI_OK) {
		place->state = DI__CHANGING;
		di__lane_update(place, NULL);
	}
	di__unlock_context(place, flow);
	return status;
}

static void end_change(struct di_context *place, struct di_flow *flow)
{
	di__lock_context(place, flow);
	if (place->state == DI__CHANGING) {
		place->state = DI__OPEN;
		di__lane_update(place, place->container->table);
	}
	di__unlock_context(place, flow);
}

enum di_status di__threads_begin_change(struct di_context *root, struct di_flow *flow,
					struct di_error *err)
{
	struct di__thread *thread, *done;
	enum di_status status = DI_OK;

	for (thread = root->container->threads; thread != NULL; thread = thread->next) {
		status = thread->flow_link != NULL ? begin_change(thread->place, flow, err)
						   : refuse_ending(err);
		if (status != DI_OK)
			break;
	}
	if (status == DI_OK)
		return DI_OK;
	for (done = root->container->threads; done != thread; done = done->next)
		end_change(done->place, flow);
	return status;
}

void di__threads_end_change(struct di_context *root, struct di_flow *flow)
{
	struct di__thread *thread;

	/* A thread that has ended meanwhile has taken its place out, or is about to. */
	for (thread = root->container->threads; thread != NULL; thread = thread->next)
		end_change(thread->place, flow);
}

/* The name of the oldest that is marked. */
static const char *marked_name(const struct di_context *place)
{
	const struct di_entry *entry;
	const char *name = "";

	for (entry = place->newest; entry != NULL; entry = entry->older) {
		if (entry->marked && entry->provider != NULL)
			name = entry->provider->name;
	}
	return name;
}

static enum di_status refuse_built_from(const struct di_context *place,
					const struct di_provider *provider, struct di_error *err)
{
	return di__fail(err, DI_ETHREAD, provider,
			"%s of thread %" PRIu64 " was built from it: that thread ends it, or "
			"calls di_thread_end()",
			marked_name(place), place->belongs);
}

static void unmark_all(struct di_context *root, struct di_flow *flow)
{
	const struct di__thread *thread;

	di__unmark(root);
	for (thread = root->container->threads; thread != NULL; thread = thread->next) {
		di__lock_context(thread->place, flow);
		if (thread->place->state != DI__CLOSING)
			di__unmark(thread->place);
		di__unlock_context(thread->place, flow);
	}
}

enum di_status di__threads_take_built_from(struct di_context *root, struct di_flow *flow,
					   const struct di_provider *provider,
					   struct di_entry **todo, struct di_error *err)
{
	const struct di__thread *thread;
	struct di_context *own = NULL;
	enum di_status status = DI_OK;

	for (thread = root->container->threads; thread != NULL && status == DI_OK;
	     thread = thread->next) {
		struct di_context *place = thread->place;
		uint32_t count;

		di__lock_context(place, flow);
		count = di__mark_from_row(place, di__row(root, provider));
		if (count > 0 && place->belongs != di__thread_id(flow))
			status = refuse_built_from(place, provider, err);
		else if (count > 0)
			own = place;
		di__unlock_context(place, flow);
	}
	if (status != DI_OK) {
		unmark_all(root, flow);
		return status;
	}
	if (own != NULL) {
		di__lock_context(own, flow);
		*todo = di__todo_take(&own->newest);
		di__unlock_context(own, flow);
	}
	return DI_OK;
}

static enum di_status check_built_from(struct di_context *place, struct di_flow *flow,
				       const struct di_provider *provider, const uint8_t *rows,
				       struct di_error *err)
{
	enum di_status status = DI_OK;

	/* One whose thread has ended since is its own affair. */
	if (place->state == DI__CLOSING)
		return DI_OK;
	if (di__mark_built_from(place, rows) == 0)
		return DI_OK;
	if (place->belongs != di__thread_id(flow))
		status = refuse_built_from(place, provider, err);
	else
		status = di__fail(err, DI_EBUSY, provider,
				  "%s of this thread was built from it; di_reset() that first, or "
				  "di_thread_end()",
				  marked_name(place));
	di__unmark(place);
	return status;
}

enum di_status di__threads_check_built_from(struct di_context *root, struct di_flow *flow,
					    const struct di_provider *provider, const uint8_t *rows,
					    struct di_error *err)
{
	const struct di__thread *thread;
	enum di_status status = DI_OK;

	for (thread = root->container->threads; thread != NULL && status == DI_OK;
	     thread = thread->next) {
		di__lock_context(thread->place, flow);
		status = check_built_from(thread->place, flow, provider, rows, err);
		di__unlock_context(thread->place, flow);
	}
	return status;
}

void di__threads_overridden(struct di_context *root)
{
	const struct di__thread *thread;

	for (thread = root->container->threads; thread != NULL; thread = thread->next) {
		DI__STORE_RELAXED(thread->place->overridden, 1);
		DI__STORE_RELAXED(thread->place->deviates, 1);
	}
}
