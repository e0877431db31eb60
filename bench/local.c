/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"

#include <di/di.h>
#include <stdio.h>
#include <stdlib.h>

/* Context-local values: what they cost, at any depth, against a thread-local variable. */

#define LOCALS(X) X(local_a, const int, di_keep) X(local_b, const int, di_keep)

DI_LOCAL_DECLARE(locals, LOCALS);
DI_LOCAL_DEFINE(locals, LOCALS);

enum {
	DEPTH = 1000,
	MANY = 1000
};

static const int numbers[2] = { 1, 2 };
static _Thread_local const int *volatile by_hand;
static struct di_local *map, *large;

static void get(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		bench_keep(local_a_get());
}

static void hand_get(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		bench_keep(by_hand);
}

/* The same, a thousand blocks deep. */
static void get_deep(size_t count, void *data)
{
	static struct di_local_block blocks[DEPTH];
	int i;

	for (i = 0; i < DEPTH; i++) {
		di_local_begin(&locals, &blocks[i], NULL);
		local_b_set(&numbers[i % 2], NULL);
	}
	get(count, data);
	while (i-- > 0)
		di_local_end(&blocks[i], NULL);
}

static void get_named(size_t count, void *data)
{
	const struct di_local *from = *(struct di_local **)data;

	while (count-- > 0)
		bench_keep(di_local_map_get(from, "n500"));
}

static void set(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		local_a_set(&numbers[count % 2], NULL);
}

static void hand_set(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		by_hand = &numbers[count % 2];
}

static void block(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct di_local_block it;

		di_local_begin(&locals, &it, NULL);
		di_local_end(&it, NULL);
	}
}

static void block_with_set(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct di_local_block it;

		di_local_begin(&locals, &it, NULL);
		local_a_set(&numbers[count % 2], NULL);
		di_local_end(&it, NULL);
	}
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

static void capture(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		di_capture_free(di_flow_capture(NULL));
}

static void hand_capture(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		const int **copy = malloc(sizeof(*copy));

		if (copy == NULL)
			abort();
		*copy = by_hand;
		bench_keep(*copy);
		free(copy);
	}
}

static void do_nothing(void *data)
{
	bench_keep(data);
}

static void run(size_t count, void *data)
{
	struct di_capture *it = di_flow_capture(NULL);

	while (count-- > 0)
		di_flow_run(it, do_nothing, data, NULL);
	di_capture_free(it);
}

static enum di_turn yield(void *data, const struct di_message *message, struct di_answer *answer)
{
	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, answer);
	answer->value = data;
	return DI_TURN_YIELD;
}

static void step(size_t count, void *data)
{
	struct di_generator *it = di_generator_new(&locals, DI_AT_CREATION, yield, data, NULL);
	struct di_answer answer;

	while (count-- > 0) {
		di_generator_next(it, &answer, NULL);
		bench_keep(answer.value);
	}
	di_generator_free(it, NULL);
}

static void hand_step(size_t count, void *data)
{
	di_generator_fn *volatile function = yield;
	const struct di_message message = { DI_MESSAGE_SEND, NULL, 0 };
	struct di_answer answer;

	while (count-- > 0) {
		function(data, &message, &answer);
		bench_keep(answer.value);
	}
}

static void set_up(void)
{
	int i;

	map = di_local_map_new("map", NULL, NULL);
	large = di_local_map_new("large", NULL, NULL);
	bench_must(map != NULL && large != NULL && local_a_set(&numbers[0], NULL) == DI_OK &&
			   di_local_map_set(map, "n500", "500", NULL, NULL) == DI_OK,
		   "values could not be set");
	for (i = 0; i < MANY; i++) {
		char name[16];

		snprintf(name, sizeof(name), "n%d", i);
		bench_must(di_local_map_set(large, name, "a value", NULL, NULL) == DI_OK,
			   "values could not be set");
	}
	by_hand = &numbers[0];
}

int main(int argc, char **argv)
{
	const struct bench benches[] = {
		{ .name = "local get", .ours = get, .baseline = hand_get, .goal = { .most = 5 } },
		{ .name = "local get, 1000 blocks deep",
		  .ours = get_deep,
		  .baseline = hand_get,
		  .goal = { .most = 5 } },
		{ .name = "local get by name",
		  .ours = get_named,
		  .baseline = hand_get,
		  .data = &map },
		{ .name = "local get by name of 1000",
		  .ours = get_named,
		  .baseline = hand_get,
		  .data = &large },
		{ .name = "local set", .ours = set, .baseline = hand_set, .goal = { .most = 30 } },
		{ .name = "local block",
		  .ours = block,
		  .baseline = hand_block,
		  .goal = { .most = 40 } },
		{ .name = "local block with a set",
		  .ours = block_with_set,
		  .baseline = hand_block },
		{ .name = "local capture", .ours = capture, .baseline = hand_capture },
		{ .name = "local run", .ours = run, .baseline = hand_block },
		{ .name = "local generator step", .ours = step, .baseline = hand_step },
	};
	int status;

	set_up();
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_local_map_free(map);
	di_local_map_free(large);
	return status;
}
