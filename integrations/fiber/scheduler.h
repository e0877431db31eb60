/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_FIBER_SCHEDULER_H
#define DI_FIBER_SCHEDULER_H

/**
 * What the sources of the library share. Private to it.
 *
 * A fiber is switched to by its scheduler alone, and back to that. What becomes ready on the
 * scheduler's thread goes to a list of the thread's own; on others to one with a lock.
 */

#include "integrations/fiber/fiber.h"
#include "integrations/fiber/stack.h"
#include "integrations/fiber/switch.h"

#include "di/flow.h"

#include <pthread.h>

/** A list of fibers, first in, first out. */
struct di__fiber_list {
	struct di_fiber *first, **end;
	size_t count;
};

/**
 * Where a fiber waits for one event at a time, which may have come before. Two that do not concern
 * each other have two gates, so that none opens for the wrong reason.
 */
struct di__fiber_gate {
	int state; /* enum di__fiber_gate_state; atomic */
};

enum di__fiber_gate_state {
	DI__GATE_SHUT,
	DI__GATE_OPEN,
	DI__GATE_WAITED /* the fiber is suspended, or about to be */
};

struct di_fiber {
	struct di__fiber_place place;
	struct di_fiber *next; /* in a list */
	struct di_fiber_scheduler *scheduler;
	struct di_flow *flow;
	struct di__fiber_stack *stack;
	di_fiber_fn *function;
	void *data;
	void *result;
	struct di__fiber_gate making;  /* what another flow makes */
	struct di__fiber_gate resumed; /* by di_fiber_resume(), or cancelled */
	struct di__fiber_gate joined;  /* what it joins has ended */
	struct di_fiber *joiner, *joins;
	int cancelling; /* threads that are about to cancel it; atomic */
	int detached, over, is_joined;
};

struct di_fiber_scheduler {
	struct di__fiber_place place; /* who runs fibers, while one runs */
	struct di_fiber *running;
	struct di__fiber_list ready;
	struct di__fiber_stacks stacks;
	struct di_fiber_loop loop;
	uint64_t thread; /* its number */
	size_t alive, handles;
	int posting;   /* how many threads are about to post; atomic */
	int is_posted; /* 1: posted is not empty; atomic, set under the lock */
	pthread_mutex_t lock;
	pthread_cond_t woken;
	struct di__fiber_list posted; /* under the lock */
};

static inline void di__fiber_list_init(struct di__fiber_list *list)
{
	list->first = NULL;
	list->end = &list->first;
	list->count = 0;
}

static inline void di__fiber_list_add(struct di__fiber_list *list, struct di_fiber *fiber)
{
	fiber->next = NULL;
	*list->end = fiber;
	list->end = &fiber->next;
	list->count++;
}

/** Takes the first one of a list that is not empty. */
static inline struct di_fiber *di__fiber_list_take(struct di__fiber_list *list)
{
	struct di_fiber *fiber = list->first;

	list->first = fiber->next;
	if (list->first == NULL)
		list->end = &list->first;
	list->count--;
	return fiber;
}

/**
 * The number of the calling thread, once it has made a scheduler; else 0. Never used again, as that
 * of pthread_self() is.
 */
extern _Thread_local uint64_t di__fiber_thread DI__TLS_FAST;

/** Whether the calling thread is the scheduler's. */
static inline int di__fiber_is_here(const struct di_fiber_scheduler *scheduler)
{
	return scheduler->thread == di__fiber_thread;
}

/** Fills *err, if not NULL, and returns status. */
enum di_status di__fiber_fail(struct di_error *err, enum di_status status, const char *detail);

/** Has a fiber run when its turn comes. Any thread may call it. */
void di__fiber_ready(struct di_fiber *fiber);

/** Suspends the calling fiber until the gate opens, and shuts that. */
void di__fiber_wait(struct di_fiber *fiber, struct di__fiber_gate *gate);
/** Opens a gate of the fiber, which may go on at once. Any thread may call it. */
void di__fiber_open(struct di_fiber *fiber, struct di__fiber_gate *gate);

/** As di__fiber_wait(), or until the fiber is cancelled, and then it returns 1. */
int di__fiber_wait_cancellably(struct di_fiber *fiber, struct di__fiber_gate *gate);
/** Lets a fiber go on that waits at the gate, which stays as it is. Any thread may call it. */
void di__fiber_let_go(struct di_fiber *fiber, struct di__fiber_gate *gate);

/** Goes back to the scheduler, until the calling fiber, which others find, is switched to. */
void di__fiber_go_back(struct di_fiber *fiber);

/** What runs on the stack of a fiber, its data; the last switch away is its end. */
void di__fiber_main(void *data);
/** Frees what a fiber has, which has ended, and tells who joins it. */
void di__fiber_end(struct di_fiber *fiber);

/** Waits until something was posted, unless something is ready. */
void di__fiber_sleep(struct di_fiber_scheduler *scheduler);

#endif
