/* SPDX-License-Identifier: MIT */
#ifndef DI_ENTRY_H
#define DI_ENTRY_H

/* private */

/**
 * Entries on the hot paths: reserving, pushing, popping and ending them. All but the ending under
 * the lock of their home. What is not hot is declared in di/internal.h.
 */

#include "di/internal.h"

#include <string.h>

/** The bytes of an entry with its arguments, which are aligned for pointers, and storage. */
static inline size_t di__entry_size(const struct di_provider *provider)
{
	size_t slack;

	if (provider == NULL)
		return sizeof(struct di_entry);
	slack = provider->storage_align > _Alignof(void *) ? provider->storage_align : 0;
	return sizeof(struct di_entry) + provider->needs_count * sizeof(void *) +
	       provider->storage_size + slack;
}

/** Keeps the first failure of a finalizer in *status and err, and counts further ones. */
void di__entry_failed(struct di_entry *entry, int cause, enum di_status *status,
		      struct di_error *err);

/** Where the storage of a DI_INIT row stands: behind the arguments, aligned. */
static inline void *di__entry_place(struct di_entry *entry)
{
	void **behind = &entry->args[entry->provider->needs_count];
	uintptr_t at = (uintptr_t)behind, mask = entry->provider->storage_align - 1;

	if (DI__LIKELY(entry->provider->storage_align <= _Alignof(void *)))
		return behind;
	return (char *)entry + (((at + mask) & ~mask) - (uintptr_t)entry);
}

static inline uint8_t di__entry_traits(const struct di_provider *provider)
{
	if (provider == NULL)
		return DI__CALL;
	return (uint8_t)((provider->kind->cached ? 0 : DI__PRODUCT) |
			 (provider->destroy != NULL ? 0 : DI__ENDLESS));
}

/**
 * Whether the row's next product has what was an ended one's. What chooses is none; and an entry
 * that waits for a row with a scope is taken for that of a cached one.
 */
static inline uint8_t di__entry_is_kept(const struct di_provider *provider, size_t size)
{
	return size <= DI__ARENA_LARGEST && provider->create != NULL && provider->scope == NULL;
}

/** Readies a block of that size for an entry that is being made. Its row is set by the caller. */
static DI__INLINE void di__entry_init(struct di_entry *entry, struct di_context *home,
				      const struct di_provider *provider, size_t size)
{
	/* Not all of it: older is set by the push, newer by a pass, value and args as they come. */
	entry->provider = provider;
	entry->home = home;
	entry->owner = NULL;
	entry->more.edges = NULL;
	entry->state = DI__MAKING;
	entry->marked = 0;
	entry->needs_done = 0;
	entry->size = (uint32_t)size;
	entry->traits = di__entry_traits(provider);
	entry->kept = (entry->traits & DI__PRODUCT) != 0 && di__entry_is_kept(provider, size)
			      ? DI__FOR_ROW
			      : DI__GIVEN_BACK;
	entry->maker = NULL;
	entry->asker = NULL;
	entry->waiters = NULL;
	entry->part = NULL;
	entry->value = NULL;
	if (provider != NULL && provider->storage_size > 0)
		entry->value = di__entry_place(entry);
}

/**
 * An entry of its own, for a product or, provider being NULL, a deferred call; NULL without memory.
 */
static inline struct di_entry *di__entry_new(struct di_context *home,
					     const struct di_provider *provider)
{
	size_t size = di__entry_size(provider);
	struct di_entry *entry = NULL;

	if (DI__LIKELY(size <= UINT32_MAX))
		entry = di__arena_take(&home->arena, &home->container->allocator, size);
	if (DI__LIKELY(entry != NULL))
		di__entry_init(entry, home, provider, size);
	return entry;
}

/** Puts it on top of its home's stack. */
static inline void di__entry_push(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	entry->older = home->newest;
	home->newest = entry;
}

/**
 * An entry of the row in its home, to be made; NULL without memory. Of a cached row it is always
 * the same; those of ended products wait in a list.
 */
static inline struct di_entry *di__entry_begin(struct di_context *home,
					       const struct di_provider *provider)
{
	uint32_t row = di__row(home, provider);
	struct di_entry **slot = &home->entries[row];
	struct di_entry *entry = *slot;

	if (DI__UNLIKELY(entry == NULL)) {
		entry = di__entry_new(home, provider);
		if (DI__UNLIKELY(entry == NULL))
			return NULL;
		entry->row = row;
		if (provider->kind->cached)
			*slot = entry;
		return entry;
	}
	if (!provider->kind->cached) {
		*slot = entry->older;
		entry->owner = NULL;
		entry->traits = di__entry_traits(provider);
	}
	entry->state = DI__MAKING;
	entry->marked = 0;
	entry->needs_done = 0;
	return entry;
}

/** Of an ended product. */
static inline void di__entry_keep(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	entry->state = DI__KEPT;
	entry->marked = 0;
	if (entry->kept == DI__FOR_OWNER)
		return;
	if (DI__UNLIKELY(entry->kept == DI__GIVEN_BACK)) {
		di__arena_give(&home->arena, &home->container->allocator, entry, entry->size);
		return;
	}
	entry->older = home->entries[entry->row];
	home->entries[entry->row] = entry;
}

/** Its value is seen no more. */
static inline void di__entry_leave_slot(struct di_entry *entry)
{
	entry->state = DI__KEPT;
	entry->marked = 0;
	if ((entry->traits & (DI__PRODUCT | DI__CALL)) == 0)
		DI__STORE(entry->home->lane.own[entry->row], NULL);
}

/** Calls what ends the entry, and nothing else. */
static inline int di__entry_run_end(struct di_entry *entry, enum di_outcome outcome)
{
	if (DI__UNLIKELY((entry->traits & DI__CALL) != 0))
		return entry->more.deferred(entry->value, outcome);
	if (DI__UNLIKELY((entry->traits & DI__ENDLESS) != 0))
		return 0;
	return entry->provider->destroy(entry->value, outcome);
}

#endif
