/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

#include <string.h>

/* Where storage of that alignment begins behind the arguments, counted from the entry. */
static size_t storage_offset(const struct di_entry *entry, const struct di_provider *provider)
{
	uintptr_t at = (uintptr_t)&entry->args[provider->needs_count];
	uintptr_t align = provider->storage_align;

	return (at + align - 1) / align * align - (uintptr_t)entry;
}

static size_t size_of(const struct di_provider *provider)
{
	size_t size = sizeof(struct di_entry);

	if (provider == NULL)
		return size;
	size += provider->needs_count * sizeof(void *);
	if (provider->storage_size > 0)
		size += provider->storage_size + provider->storage_align;
	return size;
}

struct di_entry *di__entry_new(struct di_context *home, const struct di_provider *provider)
{
	size_t size = size_of(provider);
	struct di_entry *entry;

	if (size > UINT32_MAX)
		return NULL;
	entry = di__arena_take(&home->arena, &home->container->allocator, size);
	if (entry == NULL)
		return NULL;
	memset(entry, 0, sizeof(*entry));
	entry->provider = provider;
	entry->home = home;
	entry->size = (uint32_t)size;
	entry->product = provider != NULL && !provider->kind->cached;
	return entry;
}

static void free_edges(struct di_entry *entry)
{
	struct di_context *home = entry->home;
	struct di__edge *edge = entry->more.edges;

	while (edge != NULL) {
		struct di__edge *next = edge->next;

		di__arena_give(&home->arena, &home->container->allocator, edge, sizeof(*edge));
		edge = next;
	}
}

void di__entry_free(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if (entry->provider != NULL)
		free_edges(entry);
	di__arena_give(&home->arena, &home->container->allocator, entry, entry->size);
}

void di__entry_push(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	entry->older = home->newest;
	entry->newer = NULL;
	if (home->newest != NULL)
		home->newest->newer = entry;
	home->newest = entry;
}

void *di__entry_storage(struct di_entry *entry)
{
	char *storage = (char *)entry + storage_offset(entry, entry->provider);

	memset(storage, 0, entry->provider->storage_size);
	return storage;
}

static void leave_slot(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if (entry->provider == NULL || entry->product)
		return;
	DI__STORE(home->lane.own[entry->provider->index], NULL);
	home->entries[entry->provider->index] = NULL;
}

static void unlink_entry(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if (entry->newer != NULL)
		entry->newer->older = entry->older;
	else
		home->newest = entry->older;
	if (entry->older != NULL)
		entry->older->newer = entry->newer;
}

struct di_entry *di__entry_pop(struct di_context *context)
{
	struct di_entry *entry = context->newest;

	if (entry == NULL)
		return NULL;
	context->newest = entry->older;
	if (entry->older != NULL)
		entry->older->newer = NULL;
	leave_slot(entry);
	return entry;
}

static int run_end(struct di_entry *entry, enum di_outcome outcome)
{
	if (entry->provider == NULL)
		return entry->more.deferred(entry->value, outcome);
	if (entry->provider->destroy == NULL)
		return 0;
	return entry->provider->destroy(entry->value, outcome);
}

static void keep_failure(struct di_entry *entry, int cause, enum di_status *status,
			 struct di_error *err)
{
	struct di_error own;
	struct di_error *kept = err != NULL && *status == DI_OK ? err : &own;
	const char *function = entry->provider != NULL ? entry->provider->destructor : "the function";

	if (*status == DI_OK || di__observed(entry->home->container)) {
		di__fail(kept, DI_EFINALIZE, entry->provider, NULL);
		di__error_cause(kept, function, cause);
		di__tell(entry->home, DI_EVENT_FAILED, kept->provider, 0, DI_FAILED, kept);
	}
	if (*status == DI_OK)
		*status = DI_EFINALIZE;
	else if (err != NULL)
		err->more++;
}

void di__entry_end(struct di_flow *flow, struct di_entry *entry, enum di_outcome outcome,
		   enum di_status *status, struct di_error *err)
{
	struct di__run run = { flow->run, entry->home, NULL, flow->entered_count };
	int observed = di__observed(entry->home->container);
	uint64_t begun = observed ? di__now() : 0;
	int cause;

	flow->run = &run;
	cause = run_end(entry, outcome);
	flow->run = run.outer;
	di__probe_torn_down(entry);
	if (observed)
		di__tell(entry->home, DI_EVENT_TORN_DOWN,
			 entry->provider != NULL ? entry->provider->name : "", di__now() - begun,
			 outcome, NULL);
	if (cause != 0)
		keep_failure(entry, cause, status, err);
}

struct di_entry *di__todo_take(struct di_context *context)
{
	struct di_entry *todo = NULL, **end = &todo;
	struct di_entry *entry, *older;

	for (entry = context->newest; entry != NULL; entry = older) {
		older = entry->older;
		if (!entry->marked)
			continue;
		unlink_entry(entry);
		*end = entry;
		end = &entry->older;
	}
	*end = NULL;
	return todo;
}

void di__todo_end(struct di_flow *flow, struct di_entry *todo, enum di_outcome outcome,
		  enum di_status *status, struct di_error *err)
{
	while (todo != NULL) {
		struct di_entry *entry = todo;
		struct di_context *home = entry->home;

		todo = entry->older;
		di__lock_context(home, flow);
		leave_slot(entry);
		di__unlock_context(home, flow);
		di__entry_end(flow, entry, outcome, status, err);
		di__lock_context(home, flow);
		di__entry_free(entry);
		di__unlock_context(home, flow);
	}
}
