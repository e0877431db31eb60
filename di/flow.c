/* SPDX-License-Identifier: MIT */
#include "di/current.h"
#include "di/ring.h"
#include "di/threads.h"

#include <limits.h>

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

/* Nobody waits for its end any more. */
static void leave_joins(struct di_flow *flow)
{
	if (DI__UNLIKELY(flow->joiner != NULL || flow->joining != DI__JOINS_NOT))
		di__ring_forget(flow);
}

void di__flow_empty(struct di_flow *flow)
{
	di__flow_leave_all(flow);
	di__locals_end(flow);
	leave_joins(flow);
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
	di__flow_leave_all(flow);
	di__thread_exit(flow);
	di__locals_end(flow);
	leave_joins(flow);
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
