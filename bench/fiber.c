/* SPDX-License-Identifier: MIT */
#include "integrations/fiber/fiber.h"
#include "bench/support/harness.h"
#include "integrations/fiber/switch.h"

#include <di/di.h>
#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

/* Fibers: what a switch costs, against the bare one and that of libc, and what they do between. */

#define LOCALS(X) X(fiber_local_a, const int, di_keep)

DI_LOCAL_DECLARE(fiber_locals, LOCALS);
DI_LOCAL_DEFINE(fiber_locals, LOCALS);

enum {
	STACK = 64 * 1024
};

static const int numbers[2] = { 1, 2 };
static _Thread_local const int *volatile by_hand;
static struct di_fiber_scheduler *fibers;

/* ---- There and back ---- */

static struct di__fiber_place here, there;
static struct di_flow *flow_here, *flow_there;

static void go_back(void *data)
{
	(void)data;
	di__fiber_arrived(&here);
	for (;;)
		di__fiber_switch(&there, &here);
}

static void switch_flows(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		di_flow_swap(flow_there);
		di__fiber_switch(&here, &there);
		di_flow_swap(flow_here);
	}
	di_flow_swap(NULL);
}

static void switch_only(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		di__fiber_switch(&here, &there);
}

static ucontext_t context_here, context_there;

static void context_go_back(void)
{
	for (;;)
		swapcontext(&context_there, &context_here);
}

static void switch_contexts(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		swapcontext(&context_here, &context_there);
}

/* ---- In fibers ---- */

struct work {
	size_t count;
	void *data;
};

static void run(di_fiber_fn *function, size_t count, void *data)
{
	struct work work = { count, data };

	bench_must(di_fiber_join(di_fiber_spawn(fibers, function, &work, NULL, NULL), NULL, NULL) ==
			   DI_OK,
		   "a fiber could not be joined");
}

static void *yield_often(void *data)
{
	struct work *work = data;

	while (work->count-- > 0)
		di_fiber_yield();
	return NULL;
}

static void yield(size_t count, void *data)
{
	run(yield_often, count, data);
}

static void *get_often(void *data)
{
	struct work *work = data;

	fiber_local_a_set(&numbers[0], NULL);
	while (work->count-- > 0)
		bench_keep(fiber_local_a_get());
	return NULL;
}

static void get(size_t count, void *data)
{
	run(get_often, count, data);
}

static void hand_get(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		bench_keep(by_hand);
}

static void *begin_and_end(void *data)
{
	struct work *work = data;

	fiber_local_a_set(&numbers[0], NULL);
	while (work->count-- > 0) {
		struct di_local_block block;

		di_local_begin(&fiber_locals, &block, NULL);
		di_local_end(&block, NULL);
	}
	return NULL;
}

static void block(size_t count, void *data)
{
	run(begin_and_end, count, data);
}

static void hand_block(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		const int *before = by_hand;

		by_hand = &numbers[count % 2];
		by_hand = before;
	}
}

static void *do_nothing(void *data)
{
	return data;
}

static void spawn_and_join(size_t count, void *data)
{
	while (count-- > 0)
		di_fiber_join(di_fiber_spawn(fibers, do_nothing, data, NULL, NULL), NULL, NULL);
}

static void create_and_join(size_t count, void *data)
{
	while (count-- > 0) {
		pthread_t thread;

		bench_must(pthread_create(&thread, NULL, do_nothing, data) == 0, "no thread");
		pthread_join(thread, NULL);
	}
}

static void set_up(void)
{
	static _Alignas(64) char stack[STACK], context_stack[STACK];
	const struct di_flow_options options = { .abi = DI_ABI };

	fibers = di_fiber_scheduler_new(NULL, NULL);
	flow_here = di_flow_new(&options, NULL);
	flow_there = di_flow_new(&options, NULL);
	bench_must(fibers != NULL && flow_here != NULL && flow_there != NULL, "no memory");
	di__fiber_place_of_caller(&here);
	di__fiber_place_init(&there, stack, sizeof(stack), go_back, NULL);
	getcontext(&context_there);
	context_there.uc_stack.ss_sp = context_stack;
	context_there.uc_stack.ss_size = sizeof(context_stack);
	makecontext(&context_there, context_go_back, 0);
	by_hand = &numbers[0];
}

int main(int argc, char **argv)
{
	const struct bench benches[] = {
		{ .name = "fiber flow there and back",
		  .ours = switch_flows,
		  .baseline = switch_only,
		  .against = "the bare switch" },
		{ .name = "fiber switch there and back",
		  .ours = switch_only,
		  .baseline = switch_contexts,
		  .against = "swapcontext()" },
		{ .name = "fiber yield",
		  .ours = yield,
		  .baseline = switch_only,
		  .against = "the bare switch there and back" },
		{ .name = "fiber spawn and join",
		  .ours = spawn_and_join,
		  .baseline = create_and_join,
		  .against = "a thread" },
		{ .name = "fiber local get",
		  .ours = get,
		  .baseline = hand_get,
		  .goal = { .most = 5 } },
		{ .name = "fiber local block",
		  .ours = block,
		  .baseline = hand_block,
		  .goal = { .most = 40 } },
	};
	int status;

	set_up();
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_flow_free(flow_here, NULL);
	di_flow_free(flow_there, NULL);
	di_fiber_scheduler_free(fibers, NULL);
	return status;
}
