/* SPDX-License-Identifier: MIT */
#include "di/thread.h"

#include "di/below.h"
#include "di/park.h"
#include "di/spare.h"
#include "di/threads.h"

#include <stdlib.h>
#include <string.h>

static pthread_mutex_t threads_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t containers;

void di__threads_lock(void)
{
	pthread_mutex_lock(&threads_lock);
}

void di__threads_unlock(void)
{
	pthread_mutex_unlock(&threads_lock);
}

enum di_status di__threads_begin(struct di_container *container, struct di_error *err)
{
	uint32_t i, some = container->table->threads;
	enum di_status status;

	for (i = 0; i < container->parts_count; i++)
		some |= container->parts[i].container->root->threads;
	if (DI__LIKELY(!some))
		return DI_OK;
	status = di__prepare(container, err);
	if (status != DI_OK)
		return status;
	container->id = __atomic_add_fetch(&containers, 1, __ATOMIC_RELAXED);
	container->root->threads = 1;
	container->root->careful = 1;
	return DI_OK;
}

/* ---- The flow's table of what it has: containers are never numbered twice. ---- */

/* The container's slot, or the free one where it would stand. */
static inline struct di__thread_slot *slot_of(const struct di_flow *flow, uint64_t id)
{
	uint32_t at = (uint32_t)id & flow->slots_mask;

	while (flow->slots[at].id != id && flow->slots[at].id != 0)
		at = (at + 1) & flow->slots_mask;
	return &flow->slots[at];
}

static inline struct di__thread *find(const struct di_flow *flow, uint64_t id)
{
	return flow->slots != NULL ? slot_of(flow, id)->thread : NULL;
}

struct di__thread *di__thread_find(const struct di_flow *flow, const struct di_container *container)
{
	return container->id != 0 ? find(flow->thread, container->id) : NULL;
}

static void set_slot(struct di_flow *flow, uint64_t id, struct di__thread *thread)
{
	struct di__thread_slot *slot = slot_of(flow, id);

	flow->slots_used += slot->id == 0;
	slot->id = id;
	slot->thread = thread;
}

static void free_slots(struct di_flow *flow)
{
	if (flow->slots != flow->slots_few)
		free(flow->slots);
	flow->slots = NULL;
}

static uint32_t count(const struct di__thread *thread)
{
	uint32_t found = 0;

	for (; thread != NULL; thread = thread->flow_next)
		found++;
	return found;
}

static int begin_slots(struct di_flow *flow, uint32_t needed)
{
	uint32_t size = DI__THREADS_FEW;
	struct di__thread_slot *slots = flow->slots_few;

	while (size / 2 <= needed)
		size *= 2;
	if (size > DI__THREADS_FEW)
		slots = malloc(size * sizeof(*slots));
	if (slots == NULL)
		return 0;
	memset(slots, 0, size * sizeof(*slots));
	if (slots != flow->slots)
		free_slots(flow);
	flow->slots = slots;
	flow->slots_mask = size - 1;
	flow->slots_used = 0;
	return 1;
}

static void set_slots(struct di_flow *flow, struct di__thread *thread)
{
	for (; thread != NULL; thread = thread->flow_next)
		set_slot(flow, thread->container->id, thread);
}

/*
 * Room for one more. What has ended goes, and what others are ending. Under the lock of threads:
 * they may take that from the list.
 */
static int make_slots(struct di_flow *flow)
{
	if (flow->slots != NULL && flow->slots_used < (flow->slots_mask + 1) / 2)
		return 1;
	if (!begin_slots(flow, count(flow->threads) + count(flow->ending)))
		return 0;
	set_slots(flow, flow->threads);
	set_slots(flow, flow->ending);
	return 1;
}

void *di__thread_value(const struct di_context *context, const struct di_table *table,
		       uint32_t index)
{
	const struct di_flow *flow = di__flow;
	const struct di__thread *thread;
	const struct di_entry *entry;

	/* What a constructor asks for is recorded. */
	if (DI__UNLIKELY(flow->run != NULL) ||
	    DI__UNLIKELY(DI__LOAD_RELAXED(context->lane.table) != table) ||
	    DI__UNLIKELY((DI__LOAD_RELAXED(context->overridden) | context->threaded) != 0))
		return NULL;
	thread = find(flow->thread, context->container->id);
	if (DI__UNLIKELY(thread == NULL))
		return NULL;
	entry = thread->place->entries[index];
	return DI__LIKELY(entry != NULL) && DI__LIKELY(entry->state == DI__ALIVE) ? entry->value
										  : NULL;
}

int di__lives_with_thread(const struct di_context *home, const struct di_provider *provider)
{
	const struct di_container *container = home->container;
	uint32_t row = di__row(home, provider);
	const uint8_t *flags = DI__LOAD(home->flags);

	return (container->masks[row] & container->thread_bit) != 0 &&
	       provider->kind->given == NULL &&
	       (flags == NULL || (DI__LOAD_RELAXED(flags[row]) & DI__OVERRIDDEN) == 0);
}

/* ---- Beginning. ---- */

static void begin_place(struct di__thread *thread)
{
	struct di_container *container = thread->container;
	struct di_context *root = container->root, *place = thread->place;

	di__context_init(place, container, DI__ARENA_FIRST);
	di__lock_init(&place->lock, container->biased ? thread->flow->number : 0);
	place->parent = root;
	place->scope = &di__scope_thread;
	place->scope_bits = di__scope_bits(container, &di__scope_thread);
	place->lane.root = root->lane.root;
	place->root_array = root->root_array;
	place->careful = 1;
	place->threaded = DI__THREAD_PLACE;
	place->thread = thread;
	place->belongs = thread->flow->id;
	place->entered = place->held = 1;
	place->state = DI__OPEN;
	place->lane.table = container->table;
	place->since_ns = di__observed(container) ? di__now() : 0;
}

static struct di__thread *allocate(struct di_flow *flow, struct di_container *container)
{
	size_t size =
		sizeof(struct di__thread) + di__context_size(container->rows, DI__ARENA_FIRST);
	struct di__thread *thread = container->allocator.allocate(size, container->allocator.data);

	if (thread == NULL)
		return NULL;
	*thread = (struct di__thread){ .flow = flow, .container = container };
	thread->place = (struct di_context *)(void *)(thread + 1);
	begin_place(thread);
	return thread;
}

/* Where the root is not to be changed, or closing. Under the lock of threads; its state. */
static uint8_t link(struct di__thread *thread, struct di_flow *flow)
{
	struct di_flow *owner = thread->flow;
	struct di_container *container = thread->container;
	struct di_context *root = container->root;
	uint8_t state;

	di__lock_context(root, flow);
	state = root->state;
	thread->place->overridden = root->overridden;
	thread->place->deviates = root->deviates;
	di__unlock_context(root, flow);
	if (state != DI__OPEN)
		return state;
	thread->next = container->threads;
	thread->link = &container->threads;
	if (thread->next != NULL)
		thread->next->link = &thread->next;
	container->threads = thread;
	thread->flow_next = owner->threads;
	thread->flow_link = &owner->threads;
	if (thread->flow_next != NULL)
		thread->flow_next->flow_link = &thread->flow_next;
	owner->threads = thread;
	set_slot(owner, container->id, thread);
	return state;
}

static struct di__thread *begin(struct di_flow *flow, struct di_container *container,
				const struct di_provider *provider, struct di_error *err)
{
	struct di__thread *thread = NULL;
	uint8_t state = DI__OPEN;
	int room;

	di__threads_lock();
	room = di__flow_expect_end(flow) && make_slots(flow->thread);
	if (room)
		thread = allocate(flow->thread, container);
	if (thread != NULL)
		state = link(thread, flow);
	if (state != DI__OPEN)
		di__thread_release(thread, flow);
	di__threads_unlock();
	if (thread == NULL)
		di__fail(err, DI_ENOMEM, provider, "for the thread's place");
	else if (state == DI__CHANGING)
		di__fail(err, DI_EBUSY, provider, "its context is being reset or overridden");
	else if (state != DI__OPEN)
		di__closed(container->root, state, provider, err);
	return state == DI__OPEN ? thread : NULL;
}

struct di__thread *di__thread_take(struct di_flow *flow, struct di_container *container,
				   const struct di_provider *provider, struct di_error *err)
{
	struct di__thread *thread = di__thread_find(flow, container);

	if (DI__LIKELY(thread != NULL))
		return thread;
	thread = begin(flow, container, provider, err);
	if (thread != NULL && di__observed(container))
		di__tell(thread->place, DI_EVENT_OPENED, NULL, 0, DI_DONE, NULL);
	return thread;
}

/* ---- Ending. ---- */

/* The flow goes on finding what it ends: its finalizers are not to begin it anew. */
void di__thread_unlink(struct di__thread *thread, struct di_flow *flow)
{
	*thread->flow_link = thread->flow_next;
	if (thread->flow_next != NULL)
		thread->flow_next->flow_link = thread->flow_link;
	thread->flow_link = NULL;
	if (thread->flow != flow->thread)
		return;
	thread->flow_next = flow->thread->ending;
	flow->thread->ending = thread;
}

static void leave_ending(struct di__thread *thread, struct di_flow *flow)
{
	struct di__thread **link = &flow->thread->ending;

	while (*link != NULL && *link != thread)
		link = &(*link)->flow_next;
	if (*link != NULL)
		*link = thread->flow_next;
}

void di__thread_release(struct di__thread *thread, struct di_flow *flow)
{
	struct di_container *container = thread->container;
	struct di_context *place = thread->place;
	size_t size = sizeof(*thread) + di__context_size(container->rows, DI__ARENA_FIRST);

	leave_ending(thread, flow);
	if (thread->link != NULL) {
		*thread->link = thread->next;
		if (thread->next != NULL)
			thread->next->link = thread->link;
	}
	di__park_clear(place, flow);
	di__context_release_spares(place);
	di__arena_reset(&place->arena, &container->allocator);
	di__lock_release(&place->lock);
	container->allocator.release(thread, size, container->allocator.data);
}

/* Ends a place that the flow has unlinked, or whose thread ends. */
static enum di_status end(struct di_flow *flow, struct di__thread *thread, struct di_error *err)
{
	uint64_t id = thread->container->id;
	enum di_status status = DI_OK, found;
	struct di_error error;

	di__below_end(thread->place, flow, &status, err);
	found = di__context_end(flow, thread->place, DI_DONE, &error);
	di__keep_first(found, &status, err, &error);
	slot_of(flow->thread, id)->thread = NULL;
	/* Until it is out of the list the container is not freed. */
	di__threads_lock();
	di__thread_release(thread, flow);
	di__threads_unlock();
	return status;
}

static void set_closing(struct di_context *place, struct di_flow *flow)
{
	di__lock_context(place, flow);
	place->state = DI__CLOSING;
	DI__STORE(place->lane.table, NULL);
	di__unlock_context(place, flow);
}

/* What connects comes before what it connects, which is older. */
static struct di__thread *unlink_youngest(struct di_flow *flow)
{
	struct di__thread *thread, *youngest = NULL;

	di__threads_lock();
	for (thread = flow->threads; thread != NULL; thread = thread->flow_next) {
		if (youngest == NULL || thread->container->id > youngest->container->id)
			youngest = thread;
	}
	if (youngest != NULL) {
		di__thread_unlink(youngest, flow);
		set_closing(youngest->place, flow);
	}
	di__threads_unlock();
	return youngest;
}

void di__thread_exit(struct di_flow *flow)
{
	struct di__thread *thread;

	while ((thread = unlink_youngest(flow)) != NULL) {
		di__held_end(flow, thread);
		end(flow, thread, NULL);
	}
	if (flow->slots != NULL)
		free_slots(flow);
}

static enum di_status refuse_held(struct di_flow *flow, const struct di__thread *thread,
				  struct di_error *err)
{
	struct di_context *context = thread->held;
	enum di_status status;

	di__lock_context(context, flow);
	status = di__fail(err, DI_EBUSY, NULL,
			  "the context of scope %s holds %s, which was built from the thread's "
			  "values; close it first",
			  context->scope->name, di__held_name(context));
	di__unlock_context(context, flow);
	return status;
}

/* A container that connects this one, and in which the flow has something. */
static const struct di_container *user_of(const struct di_flow *flow,
					  const struct di_container *container)
{
	const struct di__thread *thread;
	uint32_t i;

	for (thread = flow->thread->threads; thread != NULL; thread = thread->flow_next) {
		for (i = 0; i < thread->container->parts_count; i++) {
			if (thread->container->parts[i].container == container)
				return thread->container;
		}
	}
	return NULL;
}

static enum di_status check_place(struct di_flow *flow, struct di_context *place,
				  struct di_error *err)
{
	uint32_t children;
	enum di_status status = DI_OK;

	di__lock_context(place, flow);
	children = di__park_count(place, flow);
	if (place->state == DI__CLOSING)
		status = di__fail(err, DI_ECLOSED, NULL, "the thread's values are ending already");
	else if (place->state != DI__OPEN)
		status = di__fail(err, DI_EBUSY, NULL,
				  "the container's root is being reset or overridden");
	else if (place->making > 0)
		status = di__fail(err, DI_EBUSY, NULL, "a value of the thread is being made");
	else if (place->entered > 1 || children > 0)
		status = di__fail(err, DI_EBUSY, NULL, "the thread's place is %s",
				  children > 0 ? "the parent of an open context" : "entered");
	di__unlock_context(place, flow);
	return status;
}

/* Under the lock of threads. */
static enum di_status check_end(struct di_flow *flow, const struct di__thread *thread,
				struct di_error *err)
{
	const struct di_container *user = user_of(flow, thread->container);

	if (thread->flow_link == NULL)
		return di__fail(err, DI_ECLOSED, NULL, "the thread's values are ending already");
	if (user != NULL)
		return di__fail(err, DI_EBUSY, NULL,
				"the thread has values in the container of %s, which connects %s: "
				"end those first",
				user->table->name, thread->container->table->name);
	if (thread->held != NULL)
		return refuse_held(flow, thread, err);
	return check_place(flow, thread->place, err);
}

enum di_status di_thread_end(struct di_container *container, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	struct di__thread *thread;
	enum di_status status;

	if (container == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no container");
	thread = di__thread_find(flow, container);
	if (thread == NULL)
		return DI_OK;
	di__threads_lock();
	status = check_end(flow, thread, err);
	if (status == DI_OK) {
		di__thread_unlink(thread, flow);
		set_closing(thread->place, flow);
	}
	di__threads_unlock();
	return status == DI_OK ? end(flow, thread, err) : status;
}

size_t di_thread_count(const struct di_container *container)
{
	return container != NULL ? (size_t)DI__LOAD(container->thread_values) : 0;
}
