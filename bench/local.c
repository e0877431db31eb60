/* SPDX-License-Identifier: MIT */
#include "bench/support/locals.h"

#include <stdio.h>
#include <stdlib.h>

/* Context-local values: what they cost, at any depth, against a thread-local variable. */

enum {
	DEPTH = 1000,
	MANY = 1000
};

static struct di_local *map, *large;

/* The same, a thousand blocks deep. */
static void get_deep(size_t count, void *data)
{
	static struct di_local_block blocks[DEPTH];
	int i;

	for (i = 0; i < DEPTH; i++) {
		di_local_begin(&locals, &blocks[i], NULL);
		local_b_set(&locals_numbers[i % 2], NULL);
	}
	locals_get(count, data);
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
		local_a_set(&locals_numbers[count % 2], NULL);
}

static void hand_set(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		locals_by_hand = &locals_numbers[count % 2];
}

static void block_with_set(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct di_local_block it;

		di_local_begin(&locals, &it, NULL);
		local_a_set(&locals_numbers[count % 2], NULL);
		di_local_end(&it, NULL);
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
		*copy = locals_by_hand;
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
	bench_must(map != NULL && large != NULL &&
			   di_local_map_set(map, "n500", "500", NULL, NULL) == DI_OK,
		   "values could not be set");
	for (i = 0; i < MANY; i++) {
		char name[16];

		snprintf(name, sizeof(name), "n%d", i);
		bench_must(di_local_map_set(large, name, "a value", NULL, NULL) == DI_OK,
			   "values could not be set");
	}
	locals_begin();
}

int main(int argc, char **argv)
{
	const struct bench benches[] = {
		{ .name = "local get",
		  .ours = locals_get,
		  .baseline = locals_get_by_hand,
		  .goal = { .most = 5 } },
		{ .name = "local get, 1000 blocks deep",
		  .ours = get_deep,
		  .baseline = locals_get_by_hand,
		  .goal = { .most = 5 } },
		{ .name = "local get by name",
		  .ours = get_named,
		  .baseline = locals_get_by_hand,
		  .data = &map },
		{ .name = "local get by name of 1000",
		  .ours = get_named,
		  .baseline = locals_get_by_hand,
		  .data = &large },
		{ .name = "local set", .ours = set, .baseline = hand_set, .goal = { .most = 30 } },
		{ .name = "local block",
		  .ours = locals_block,
		  .baseline = locals_block_by_hand,
		  .goal = { .most = 40 } },
		{ .name = "local block with a set",
		  .ours = block_with_set,
		  .baseline = locals_block_by_hand },
		{ .name = "local capture", .ours = capture, .baseline = hand_capture },
		{ .name = "local run", .ours = run, .baseline = locals_block_by_hand },
		{ .name = "local generator step", .ours = step, .baseline = hand_step },
	};
	int status;

	set_up();
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_local_map_free(map);
	di_local_map_free(large);
	return status;
}
