/* SPDX-License-Identifier: MIT */
#include "di/threads.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static struct di__run no_run;
struct di_flow di__no_flow = {
	.number = DI__LOCK_NOBODY, .thread = &di__no_flow, .place = DI__NOWHERE, .run = &no_run
};
_Thread_local struct di_flow *di__flow DI__TLS_FAST = &di__no_flow;

static _Thread_local struct di_flow thread_flow;
static uint64_t flows, threads;

static pthread_key_t ending;
static pthread_once_t ending_once = PTHREAD_ONCE_INIT;
static int ending_works;

struct di_flow *di_flow_current(void)
{
	return di__flow_get();
}

uint64_t di__flow_id(void)
{
	return __atomic_add_fetch(&flows, 1, __ATOMIC_RELAXED);
}

uint64_t di_flow_number(const struct di_flow *flow)
{
	return flow != NULL ? flow->id : 0;
}

static void leave_one(struct di_flow *flow, struct di_context *context)
{
	di__lock_context(context, flow);
	context->entered--;
	di__unlock_context(context, flow);
}

static pthread_mutex_t places_lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t places_taken;

static void give_place(struct di_flow *flow)
{
	if (flow->place == DI__NOWHERE)
		return;
	pthread_mutex_lock(&places_lock);
	places_taken &= ~(UINT64_C(1) << flow->place);
	pthread_mutex_unlock(&places_lock);
	flow->place = DI__NOWHERE;
}

static void leave_all(struct di_flow *flow)
{
	while (flow->entered_count > 0)
		leave_one(flow, flow->entered[--flow->entered_count]);
	if (flow->entered != flow->entered_few)
		free(flow->entered);
	flow->entered = flow->entered_few;
	flow->entered_room = DI__ENTERED_FEW;
}

void di__flow_empty(struct di_flow *flow)
{
	leave_all(flow);
	di__locals_end(flow);
}

/* What is left of flows that are no threads is the memory, for who frees them. */
static void end_others(struct di_flow *thread)
{
	struct di_flow *other;

	while ((other = thread->others) != NULL) {
		thread->others = other->next;
		if (other->next != NULL)
			other->next->link = &thread->others;
		di__flow_empty(other);
		other->thread = NULL;
	}
}

/*
 * Destructors of others run before and after this, and may begin something anew. So it comes again,
 * and from the last time on nothing begins any more: one round before the system's last, in which
 * it might come too early, and sanitizers have ended.
 */
#define ENDS_MAX (PTHREAD_DESTRUCTOR_ITERATIONS - 1)

/* A thread that ends leaves what it had entered, and then ends what is its own. */
static void end_thread(void *data)
{
	struct di_flow *flow = data;

	di__flow = flow;
	if (++flow->ends < ENDS_MAX)
		pthread_setspecific(ending, flow);
	end_others(flow);
	leave_all(flow);
	di__thread_exit(flow);
	di__locals_end(flow);
	give_place(flow);
}

static void create_ending(void)
{
	ending_works = pthread_key_create(&ending, end_thread) == 0;
}

int di__flow_expect_end(struct di_flow *flow)
{
	pthread_once(&ending_once, create_ending);
	return ending_works && flow->thread->ends < ENDS_MAX &&
	       pthread_setspecific(ending, flow->thread) == 0;
}

/* The lowest free place, so that a thread inherits what one before it has parked. */
static uint32_t take_place(struct di_flow *flow)
{
	uint32_t place = 0;

	if (!di__flow_expect_end(flow))
		return DI__NOWHERE;
	pthread_mutex_lock(&places_lock);
	while (place < DI__NOWHERE && (places_taken >> place & 1) != 0)
		place++;
	if (place < DI__NOWHERE)
		places_taken |= UINT64_C(1) << place;
	pthread_mutex_unlock(&places_lock);
	return place;
}

struct di_flow *di__flow_begin(void)
{
	struct di_flow *flow = &thread_flow;

	flow->number = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED) & DI__LOCK_THREAD;
	flow->id = di__flow_id();
	flow->thread = flow;
	flow->place = take_place(flow);
	flow->entered = flow->entered_few;
	flow->entered_room = DI__ENTERED_FEW;
	pthread_cond_init(&flow->woken, NULL);
	di__flow = flow;
	return flow;
}

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
