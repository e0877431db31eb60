/* SPDX-License-Identifier: MIT */
#include "integrations/fiber/fiber.h"
#include "bench/support/locals.h"
#include "integrations/fiber/switch.h"

#include <pthread.h>
#include <stdlib.h>
#include <ucontext.h>

/* Fibers: what a switch costs, against the bare one and that of libc, and what they do between. */

enum {
	STACK = 64 * 1024
};

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
	const struct work *work = data;

	locals_begin();
	locals_get(work->count, NULL);
	return NULL;
}

static void get(size_t count, void *data)
{
	run(get_often, count, data);
}

static void *begin_and_end(void *data)
{
	const struct work *work = data;

	locals_begin();
	locals_block(work->count, NULL);
	return NULL;
}

static void block(size_t count, void *data)
{
	run(begin_and_end, count, data);
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
	locals_begin();
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
		  .baseline = locals_get_by_hand,
		  .goal = { .most = 5 } },
		{ .name = "fiber local block",
		  .ours = block,
		  .baseline = locals_block_by_hand,
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
