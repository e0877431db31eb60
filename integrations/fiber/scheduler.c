/* SPDX-License-Identifier: MIT */
#include "integrations/fiber/scheduler.h"

#include "di/await.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

/* Pinned to its thread, so that it does not matter where a compiler keeps its address. */
static _Thread_local struct di_fiber *current DI__TLS_FAST;

_Thread_local uint64_t di__fiber_thread DI__TLS_FAST;
static uint64_t threads;

struct di_fiber *di_fiber_current(void)
{
	return current;
}

enum di_status di__fiber_fail(struct di_error *err, enum di_status status, const char *detail)
{
	if (err != NULL) {
		*err = (struct di_error){ .status = status };
		snprintf(err->detail, sizeof(err->detail), "%s", detail);
	}
	return status;
}

/* ---- Making and freeing. ---- */

static void init(struct di_fiber_scheduler *scheduler,
		 const struct di_fiber_scheduler_options *options)
{
	size_t kept = options->stacks_kept != 0 ? options->stacks_kept : DI_FIBER_STACKS_KEPT;

	di__fiber_stacks_init(&scheduler->stacks, options->stack_size, kept);
	di__fiber_list_init(&scheduler->ready);
	di__fiber_list_init(&scheduler->posted);
	scheduler->loop = options->loop;
	if (di__fiber_thread == 0)
		di__fiber_thread = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
	scheduler->thread = di__fiber_thread;
	pthread_mutex_init(&scheduler->lock, NULL);
	pthread_cond_init(&scheduler->woken, NULL);
}

struct di_fiber_scheduler *di_fiber_scheduler_new(const struct di_fiber_scheduler_options *options,
						  struct di_error *err)
{
	static const struct di_fiber_scheduler_options usual = { .abi = DI_ABI };
	struct di_fiber_scheduler *scheduler;

	if (options == NULL)
		options = &usual;
	if (options->abi != DI_ABI) {
		di__fiber_fail(err, DI_EABI, "the options of a scheduler");
		return NULL;
	}
	scheduler = calloc(1, sizeof(*scheduler));
	if (scheduler == NULL)
		di__fiber_fail(err, DI_ENOMEM, "for a scheduler");
	else
		init(scheduler, options);
	return scheduler;
}

enum di_status di_fiber_scheduler_free(struct di_fiber_scheduler *scheduler, struct di_error *err)
{
	if (scheduler == NULL)
		return DI_OK;
	if (!di__fiber_is_here(scheduler))
		return di__fiber_fail(err, DI_ETHREAD, "a scheduler is freed by its own thread");
	if (scheduler->alive > 0)
		return di__fiber_fail(err, DI_EBUSY, "fibers have not ended");
	if (scheduler->handles > 0)
		return di__fiber_fail(err, DI_EBUSY, "fibers have not been joined");
	/* Who has resumed the last ones may not have returned yet. */
	while (DI__LOAD(scheduler->posting) != 0)
		sched_yield();
	di__fiber_stacks_release(&scheduler->stacks);
	pthread_cond_destroy(&scheduler->woken);
	pthread_mutex_destroy(&scheduler->lock);
	free(scheduler);
	return DI_OK;
}

size_t di_fiber_count(const struct di_fiber_scheduler *scheduler)
{
	return scheduler != NULL ? scheduler->alive : 0;
}

/* ---- What is ready. ---- */

static void wake(struct di_fiber_scheduler *scheduler)
{
	if (scheduler->loop.wake != NULL)
		scheduler->loop.wake(scheduler->loop.data);
}

/* The fiber may run, end, and its scheduler be freed, as soon as it is in the list. */
static void post(struct di_fiber_scheduler *scheduler, struct di_fiber *fiber)
{
	int was_posted;

	__atomic_add_fetch(&scheduler->posting, 1, __ATOMIC_RELAXED);
	pthread_mutex_lock(&scheduler->lock);
	was_posted = scheduler->is_posted;
	di__fiber_list_add(&scheduler->posted, fiber);
	DI__STORE(scheduler->is_posted, 1);
	if (!was_posted)
		pthread_cond_signal(&scheduler->woken);
	pthread_mutex_unlock(&scheduler->lock);
	if (!was_posted)
		wake(scheduler);
	__atomic_sub_fetch(&scheduler->posting, 1, __ATOMIC_RELEASE);
}

void di__fiber_ready(struct di_fiber *fiber)
{
	struct di_fiber_scheduler *scheduler = fiber->scheduler;
	int idle;

	if (!di__fiber_is_here(scheduler)) {
		post(scheduler, fiber);
		return;
	}
	idle = scheduler->running == NULL && scheduler->ready.count == 0;
	di__fiber_list_add(&scheduler->ready, fiber);
	if (idle)
		wake(scheduler);
}

/* Moves what others have posted behind what is ready. */
static void take_posted(struct di_fiber_scheduler *scheduler)
{
	if (!DI__LOAD(scheduler->is_posted))
		return;
	pthread_mutex_lock(&scheduler->lock);
	*scheduler->ready.end = scheduler->posted.first;
	scheduler->ready.end = scheduler->posted.end;
	scheduler->ready.count += scheduler->posted.count;
	di__fiber_list_init(&scheduler->posted);
	DI__STORE(scheduler->is_posted, 0);
	pthread_mutex_unlock(&scheduler->lock);
}

void di__fiber_sleep(struct di_fiber_scheduler *scheduler)
{
	int cancellable;

	if (scheduler->ready.count > 0)
		return;
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellable);
	pthread_mutex_lock(&scheduler->lock);
	while (!scheduler->is_posted)
		pthread_cond_wait(&scheduler->woken, &scheduler->lock);
	pthread_mutex_unlock(&scheduler->lock);
	pthread_setcancelstate(cancellable, NULL);
}

/* ---- Gates. ---- */

/* Whoever has found the gate open has written that too: what came before is seen from here on. */
static void shut(struct di__fiber_gate *gate)
{
	__atomic_exchange_n(&gate->state, DI__GATE_SHUT, __ATOMIC_ACQ_REL);
}

void di__fiber_wait(struct di_fiber *fiber, struct di__fiber_gate *gate)
{
	int state = DI__GATE_SHUT;

	if (__atomic_compare_exchange_n(&gate->state, &state, DI__GATE_WAITED, 0, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		di__fiber_go_back(fiber);
	else
		shut(gate);
}

void di__fiber_open(struct di_fiber *fiber, struct di__fiber_gate *gate)
{
	int state = DI__LOAD_RELAXED(gate->state), next;

	do {
		next = state == DI__GATE_WAITED ? DI__GATE_SHUT : DI__GATE_OPEN;
	} while (!__atomic_compare_exchange_n(&gate->state, &state, next, 0, __ATOMIC_ACQ_REL,
					      __ATOMIC_RELAXED));
	if (state == DI__GATE_WAITED)
		di__fiber_ready(fiber);
}

void di__fiber_let_go(struct di_fiber *fiber, struct di__fiber_gate *gate)
{
	int state = DI__GATE_WAITED;

	if (__atomic_compare_exchange_n(&gate->state, &state, DI__GATE_SHUT, 0, __ATOMIC_SEQ_CST,
					__ATOMIC_RELAXED))
		di__fiber_ready(fiber);
}

/* Who cancels looks at the gate afterwards, and we here at that: one of us sees the other. */
int di__fiber_wait_cancellably(struct di_fiber *fiber, struct di__fiber_gate *gate)
{
	int state = DI__GATE_SHUT;

	if (!__atomic_compare_exchange_n(&gate->state, &state, DI__GATE_WAITED, 0, __ATOMIC_SEQ_CST,
					 __ATOMIC_ACQUIRE)) {
		shut(gate);
		return 0;
	}
	if (!di_flow_take_cancel(fiber->flow)) {
		di__fiber_go_back(fiber);
		return di_flow_take_cancel(fiber->flow);
	}
	state = DI__GATE_WAITED;
	/* It has been made ready: its turn must come. */
	if (!__atomic_compare_exchange_n(&gate->state, &state, DI__GATE_SHUT, 0, __ATOMIC_SEQ_CST,
					 __ATOMIC_ACQUIRE))
		di__fiber_go_back(fiber);
	return 1;
}

/* ---- Running. ---- */

void di__fiber_go_back(struct di_fiber *fiber)
{
	di__fiber_switch(&fiber->place, &fiber->scheduler->place);
}

void di__fiber_main(void *data)
{
	struct di_fiber *fiber = data;

	di__fiber_arrived(&fiber->scheduler->place);
	fiber->result = fiber->function(fiber->data);
	__atomic_store_n(&fiber->over, 1, __ATOMIC_SEQ_CST);
	di__fiber_leave(&fiber->place, &fiber->scheduler->place);
}

/* A fiber of another scheduler may be what runs this one. */
static void run(struct di_fiber_scheduler *scheduler, struct di_fiber *fiber)
{
	struct di_fiber *outer = current;
	struct di_flow *flow = di_flow_swap(fiber->flow);

	current = scheduler->running = fiber;
	di__fiber_switch(&scheduler->place, &fiber->place);
	scheduler->running = NULL;
	current = outer;
	di_flow_swap(flow);
	if (fiber->over)
		di__fiber_end(fiber);
}

int di_fiber_run_ready(struct di_fiber_scheduler *scheduler)
{
	size_t round;

	if (scheduler == NULL || !di__fiber_is_here(scheduler) || scheduler->running != NULL)
		return 0;
	di__fiber_place_of_caller(&scheduler->place);
	take_posted(scheduler);
	for (round = scheduler->ready.count; round > 0; round--)
		run(scheduler, di__fiber_list_take(&scheduler->ready));
	take_posted(scheduler);
	return scheduler->ready.count > 0;
}

enum di_status di_fiber_run(struct di_fiber_scheduler *scheduler, struct di_error *err)
{
	if (scheduler == NULL)
		return di__fiber_fail(err, DI_EINVAL, "there is no scheduler");
	if (!di__fiber_is_here(scheduler))
		return di__fiber_fail(err, DI_ETHREAD, "fibers are run by their own thread");
	if (scheduler->running != NULL)
		return di__fiber_fail(err, DI_EINVAL, "a fiber cannot run those of its scheduler");
	while (scheduler->alive > 0) {
		if (!di_fiber_run_ready(scheduler) && scheduler->alive > 0)
			di__fiber_sleep(scheduler);
	}
	return DI_OK;
}
