/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "bench/support/numbers.h"

/*
 * See bench/support/numbers.h. One call of that-depends takes 7 800 ns where the goals come from.
 */

#define OURS(name_)                                                                                \
	static void name_##_ours(size_t count, void *data)                                         \
	{                                                                                          \
		struct di_context *root = di_container_root(*(struct di_container **)data);        \
		double sum;                                                                        \
                                                                                                   \
		while (count-- > 0) {                                                              \
			name_(root, &sum, NULL);                                                   \
			bench_keep(&sum);                                                          \
		}                                                                                  \
	}

OURS(inject_identity)
OURS(inject_malloc)
OURS(inject_in_place)

#define BY_HAND(name_)                                                                             \
	static void name_##_baseline(size_t count, void *data)                                     \
	{                                                                                          \
		struct di_context *root = di_container_root(*(struct di_container **)data);        \
		struct number *grandparent = numbers_grandparent_get(root, NULL);                  \
		double sum;                                                                        \
                                                                                                   \
		while (count-- > 0) {                                                              \
			sum = name_(grandparent);                                                  \
			bench_keep(&sum);                                                          \
		}                                                                                  \
	}

BY_HAND(inject_identity_by_hand)
BY_HAND(inject_malloc_by_hand)
BY_HAND(inject_on_stack_by_hand)

int main(int argc, char **argv)
{
	static struct di_container *container;
	const struct bench benches[] = {
		{ .name = "injection of that-depends",
		  .ours = inject_identity_ours,
		  .baseline = inject_identity_by_hand_baseline,
		  .data = &container,
		  .goal = { .most = 78, .ratio = 2 } },
		{ .name = "injection, each part with malloc",
		  .ours = inject_malloc_ours,
		  .baseline = inject_malloc_by_hand_baseline,
		  .against = "by hand with malloc",
		  .data = &container,
		  .goal = { .most = 78, .ratio = 2 } },
		{ .name = "injection, each part with DI_INIT",
		  .ours = inject_in_place_ours,
		  .baseline = inject_malloc_by_hand_baseline,
		  .against = "by hand with malloc",
		  .data = &container,
		  .goal = { .most = 78, .ratio = 2 } },
		{ .name = "injection, each part with DI_INIT, stack",
		  .ours = inject_in_place_ours,
		  .baseline = inject_on_stack_by_hand_baseline,
		  .against = "by hand on the stack",
		  .data = &container },
	};
	int status;

	container = di_container_new(&numbers, NULL, NULL);
	bench_must(container != NULL, "there is no container");
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_container_free(container, NULL);
	return status;
}
