/* SPDX-License-Identifier: MIT */
#ifndef DI_ENTRY_H
#define DI_ENTRY_H

/* private */

/**
 * Entries on the hot paths: reserving, pushing, popping and ending them. All but the ending under the
 * lock of their home. What is not hot is declared in di/internal.h.
 */

#include "di/internal.h"

#include <string.h>

/** The bytes of an entry with its arguments and storage. */
size_t di__entry_size(const struct di_provider *provider);

/** Keeps the first failure of a finalizer in *status and err, and counts further ones. */
void di__entry_failed(struct di_entry *entry, int cause, enum di_status *status,
		      struct di_error *err);

/** Where the storage of a DI_INIT row stands: behind the arguments, aligned. */
static inline void *di__entry_place(struct di_entry *entry)
{
	uintptr_t at = (uintptr_t)&entry->args[entry->provider->needs_count];
	uintptr_t mask = entry->provider->storage_align - 1;

	return (char *)entry + (((at + mask) & ~mask) - (uintptr_t)entry);
}

/** An entry of its own, for a product or, provider being NULL, a deferred call; NULL without memory. */
static inline struct di_entry *di__entry_new(struct di_context *home,
					     const struct di_provider *provider)
{
	size_t size = di__entry_size(provider);
	struct di_entry *entry = NULL;

	if (DI__LIKELY(size <= UINT32_MAX))
		entry = di__arena_take(&home->arena, &home->container->allocator, size);
	if (DI__UNLIKELY(entry == NULL))
		return NULL;
	/* Not all of it: older and newer are set by the push, value and args as they come. */
	entry->provider = provider;
	entry->home = home;
	entry->owner = NULL;
	entry->more.edges = NULL;
	entry->size = (uint32_t)size;
	entry->state = DI__MAKING;
	entry->marked = 0;
	entry->needs_done = 0;
	entry->product = provider != NULL && !provider->kind->cached;
	entry->has_products = 0;
	entry->maker = NULL;
	entry->asker = NULL;
	entry->waiters = NULL;
	entry->since_ns = 0;
	if (provider != NULL && provider->storage_size > 0)
		entry->value = di__entry_place(entry);
	return entry;
}

/** Puts it on top of its home's stack. */
static inline void di__entry_push(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	entry->older = home->newest;
	entry->newer = NULL;
	if (home->newest != NULL)
		home->newest->newer = entry;
	home->newest = entry;
}

/** The storage of a DI_INIT row, zeroed; for other rows NULL. */
static inline void *di__entry_storage(struct di_entry *entry)
{
	if (entry->provider->storage_size == 0)
		return NULL;
	return memset(entry->value, 0, entry->provider->storage_size);
}

/** The entry of a cached row in its home, to be made; NULL without memory. */
static inline struct di_entry *di__entry_begin(struct di_context *home,
					       const struct di_provider *provider)
{
	struct di_entry **slot = &home->entries[provider->index];
	struct di_entry *entry = *slot;

	if (DI__LIKELY(entry != NULL)) {
		entry->state = DI__MAKING;
		entry->needs_done = 0;
		entry->has_products = 0;
		return entry;
	}
	*slot = di__entry_new(home, provider);
	return *slot;
}

/** Its value is seen no more. */
static inline void di__entry_leave_slot(struct di_entry *entry)
{
	entry->state = DI__KEPT;
	entry->marked = 0;
	if (entry->provider != NULL && !entry->product)
		DI__STORE(entry->home->lane.own[entry->provider->index], NULL);
}

/** Whether an entry that has ended has memory to give back. */
static inline int di__entry_holds(const struct di_entry *entry)
{
	return entry->provider == NULL || entry->product || entry->more.edges != NULL;
}

/** Takes the newest entry off the stack and out of its slot; NULL when there is none. */
static inline struct di_entry *di__entry_pop(struct di_context *context)
{
	struct di_entry *entry = context->newest;

	if (entry == NULL)
		return NULL;
	context->newest = entry->older;
	if (entry->older != NULL)
		entry->older->newer = NULL;
	di__entry_leave_slot(entry);
	return entry;
}

/** Calls what ends the entry, and nothing else. */
static inline int di__entry_run_end(struct di_entry *entry, enum di_outcome outcome)
{
	if (DI__UNLIKELY(entry->provider == NULL))
		return entry->more.deferred(entry->value, outcome);
	if (entry->provider->destroy == NULL)
		return 0;
	return entry->provider->destroy(entry->value, outcome);
}

#endif
