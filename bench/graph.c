/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "bench/support/tables.h"

#include <stddef.h>

/*
 * A container of 100 singletons from nothing: made, its last row resolved, which needs all, freed.
 */

enum {
	NODES = 100
};

static void with_malloc(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct di_container *container = di_container_new(&graph_malloc, NULL, NULL);

		bench_keep(graph_malloc_root(di_container_root(container)));
		di_container_free(container, NULL);
	}
}

static void in_place(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct di_container *container = di_container_new(&graph_init, NULL, NULL);

		bench_keep(graph_init_root(di_container_root(container)));
		di_container_free(container, NULL);
	}
}

static void hand_malloc(size_t count, void *data)
{
	(void)data;
	while (count-- > 0)
		graph_malloc_by_hand();
}

static void hand_arena(size_t count, void *data)
{
	struct node arena[NODES];

	(void)data;
	while (count-- > 0) {
		graph_init_by_hand(arena);
		bench_keep(arena);
	}
}

int main(int argc, char **argv)
{
	const struct bench benches[] = {
		{ .name = "graph of 100, malloc",
		  .ours = with_malloc,
		  .baseline = hand_malloc,
		  .against = "by hand with malloc",
		  .goal = { .ratio = 1.6 } },
		{ .name = "graph of 100, DI_INIT",
		  .ours = in_place,
		  .baseline = hand_malloc,
		  .against = "by hand with malloc",
		  .goal = { .most = 1150 } },
		{ .name = "graph of 100, DI_INIT, arena",
		  .ours = in_place,
		  .baseline = hand_arena,
		  .against = "by hand in an arena" },
	};

	return bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
}
