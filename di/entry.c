/* SPDX-License-Identifier: MIT */
#include "di/entry.h"
#include "di/making.h"
#include "di/probe.h"
#include "di/threads.h"

#include <string.h>

static void free_edges(struct di_entry *entry)
{
	struct di_context *home = entry->home;
	struct di__edge *edge = entry->more.edges;

	while (edge != NULL) {
		struct di__edge *next = edge->next;

		di__arena_give(&home->arena, &home->container->allocator, edge, sizeof(*edge));
		edge = next;
	}
	entry->more.edges = NULL;
	entry->traits &= (uint8_t)~DI__HAS_EDGES;
}

void di__entry_free(struct di_entry *entry)
{
	struct di_context *home = entry->home;

	if ((entry->traits & DI__HAS_EDGES) != 0)
		free_edges(entry);
	if (DI__UNLIKELY((entry->traits & DI__OF_THREAD) != 0))
		di__let_go(entry);
	entry->traits &= (uint8_t)~DI__HAS_PRODUCTS;
	if (DI__UNLIKELY((entry->traits & DI__ASYNC) != 0))
		di__call_forget(entry);
	else if ((entry->traits & DI__PRODUCT) != 0)
		di__entry_keep(entry);
	else if ((entry->traits & DI__CALL) != 0)
		di__arena_give(&home->arena, &home->container->allocator, entry, entry->size);
}

void di__entry_failed(struct di_entry *entry, int cause, enum di_status *status,
		      struct di_error *err)
{
	struct di_error own = { 0 };
	struct di_error *kept = err != NULL && *status == DI_OK ? err : &own;
	const char *function =
		entry->provider != NULL ? entry->provider->destructor : "the function";

	if (*status == DI_OK || di__observed(entry->home->container)) {
		di__fail(kept, DI_EFINALIZE, entry->provider, NULL);
		di__error_cause(kept, function, cause);
		di__tell(entry->home, DI_EVENT_FAILED,
			 entry->provider != NULL ? entry->provider->name : "", 0, DI_FAILED, kept);
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
	cause = di__entry_run_end(entry, outcome);
	flow->run = run.outer;
	if (DI__UNLIKELY((entry->traits & DI__OF_THREAD) != 0))
		di__thread_ended(entry);
	DI__PROBE(torn_down, entry->provider, entry->home);
	if (observed)
		di__tell(entry->home, DI_EVENT_TORN_DOWN,
			 entry->provider != NULL ? entry->provider->name : "", di__now() - begun,
			 outcome, NULL);
	if (cause != 0)
		di__entry_failed(entry, cause, status, err);
}

struct di_entry *di__todo_take(struct di_entry **newest)
{
	struct di_entry *todo = NULL, **end = &todo;
	struct di_entry **link = newest;

	while (*link != NULL) {
		struct di_entry *entry = *link;

		if (!entry->marked) {
			link = &entry->older;
			continue;
		}
		*link = entry->older;
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
		di__entry_leave_slot(entry);
		di__unlock_context(home, flow);
		di__entry_end(flow, entry, outcome, status, err);
		di__lock_context(home, flow);
		di__entry_free(entry);
		di__unlock_context(home, flow);
	}
}
