/* SPDX-License-Identifier: MIT */
#include "di/current.h"
#include "di/threads.h"

#include <stdlib.h>
#include <string.h>

/*
 * The current contexts of flows: what they have entered, and the homes of what runs on them.
 */

/* ---- Entering. ---- */

static int make_room(struct di_flow *flow)
{
	struct di_context **grown;
	size_t size = sizeof(struct di_context *) * flow->entered_room;

	if (!di__flow_expect_end(flow))
		return 0;
	if (flow->entered_count < flow->entered_room)
		return 1;
	/* NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): there always is room. */
	grown = malloc(2 * size);
	if (grown == NULL)
		return 0;
	memcpy(grown, flow->entered, size);
	if (flow->entered != flow->entered_few)
		free(flow->entered);
	flow->entered = grown;
	flow->entered_room *= 2;
	return 1;
}

enum di_status di__flow_enter(struct di_flow *flow, struct di_context *context,
			      struct di_error *err)
{
	enum di_status status = DI_OK;

	if ((flow->entered_count == 0 || flow->entered_count == flow->entered_room) &&
	    !make_room(flow))
		return di__fail(err, DI_ENOMEM, NULL, "for entering a context");
	di__lock_context(context, flow);
	if (context->threaded && di__belongs_elsewhere(context, flow))
		status = di__refuse_change(context, err);
	else if (context->state == DI__OPEN || context->state == DI__CHANGING)
		context->entered++;
	else
		status = DI_ECLOSED;
	di__unlock_context(context, flow);
	if (status == DI_OK)
		flow->entered[flow->entered_count++] = context;
	return status;
}

enum di_status di_context_enter(struct di_context *context, struct di_error *err)
{
	enum di_status status;

	if (context == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no context to enter");
	status = di__flow_enter(di__flow_get(), context, err);
	if (status == DI_ECLOSED)
		return di__misuse(err, status, NULL, "a closed context cannot be entered");
	return status;
}

/* ---- Leaving. ---- */

static void leave_one(struct di_flow *flow, struct di_context *context)
{
	di__lock_context(context, flow);
	context->entered--;
	di__unlock_context(context, flow);
}

enum di_status di_context_leave(struct di_context *context, struct di_error *err)
{
	struct di_flow *flow = di__flow_get();
	uint32_t floor = flow->run != NULL ? flow->run->entered : 0;
	const struct di_context *last;

	if (flow->entered_count <= floor)
		return di__misuse(err, DI_EINVAL, NULL,
				  "only the context that was entered last can be left, and %s",
				  floor > 0 ? "none was since this constructor or finalizer began"
					    : "this flow has entered none");
	last = flow->entered[flow->entered_count - 1];
	if (context != last)
		return di__misuse(err, DI_EINVAL, NULL,
				  "only the context that was entered last can be left: "
				  "one of scope %s of %s",
				  last->scope->name, last->container->table->name);
	flow->entered_count--;
	leave_one(flow, context);
	return DI_OK;
}

void di__flow_leave_all(struct di_flow *flow)
{
	while (flow->entered_count > 0)
		leave_one(flow, flow->entered[--flow->entered_count]);
	if (flow->entered != flow->entered_few)
		free(flow->entered);
	flow->entered = flow->entered_few;
	flow->entered_room = DI__ENTERED_FEW;
}

/* What runs on the flow has begun above fewer contexts now. */
static void lower_floors(struct di_flow *flow, const struct di_context *context)
{
	struct di__run *run;

	for (run = flow->run; run != NULL; run = run->outer) {
		uint32_t i, gone = 0;

		for (i = 0; i < run->entered; i++)
			gone += flow->entered[i] == context;
		run->entered -= gone;
	}
}

void di__flow_forget(struct di_flow *flow, const struct di_context *context)
{
	uint32_t i, kept = 0;

	lower_floors(flow, context);
	for (i = 0; i < flow->entered_count; i++) {
		if (flow->entered[i] != context)
			flow->entered[kept++] = flow->entered[i];
	}
	flow->entered_count = kept;
}

/* ---- What is current. ---- */

static int is_of(const struct di_context *context, const struct di_table *table)
{
	return table == NULL || di__covers(context->container, table);
}

/* Where a search of the flow's current contexts stands. */
struct search {
	const struct di_flow *flow;
	const struct di__run *run;
	uint32_t at;
};

/*
 * The next outer one: what was entered, newest first; a running constructor's home stands between.
 */
static DI__INLINE struct di_context *next_current(struct search *search)
{
	const struct di__run *run = search->run;

	if (search->at > (run != NULL ? run->entered : 0))
		return search->flow->entered[--search->at];
	if (run == NULL)
		return NULL;
	search->run = run->outer;
	return run->home;
}

struct di_context *di_context_current(const struct di_table *table)
{
	const struct di_flow *flow = di__flow_get();
	struct search search = { flow, flow->run, flow->entered_count };
	struct di_context *context;

	while ((context = next_current(&search)) != NULL) {
		if (is_of(context, table))
			return context;
	}
	return NULL;
}

struct di_context *di__flow_context(const struct di_flow *flow,
				    const struct di_provider *const *needs)
{
	struct search search = { flow, flow->run, flow->entered_count };
	struct di_context *context;

	do
		context = next_current(&search);
	while (context != NULL && !di__covers_all(context->container, needs));
	return context;
}

const struct di_scope *di_scope_current(const struct di_table *table)
{
	const struct di_context *context = di_context_current(table);

	while (context != NULL && context->scope == &di_scope_none)
		context = context->parent;
	return di_context_scope(context);
}

uint32_t di__flow_entered(const struct di_flow *flow, const struct di_context *context)
{
	uint32_t i, count = 0;

	for (i = 0; i < flow->entered_count; i++)
		count += flow->entered[i] == context;
	return count;
}
