/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "bench/support/parts.h"

#include <di/di.h>
#include <stdlib.h>

/*
 * Products that need products, made in a context and torn down with it. Each context has several,
 * so that its own opening and closing counts little.
 */

enum {
	IN_CONTEXT = 16,
	DEEPEST = 11
};

/* clang-format off */
#define CHAIN(X, name_, construct_, end_) \
	X(factory, name_##1,  struct part, construct_##_first, end_) \
	X(factory, name_##2,  struct part, construct_(name_##1),  end_) \
	X(factory, name_##3,  struct part, construct_(name_##2),  end_) \
	X(factory, name_##4,  struct part, construct_(name_##3),  end_) \
	X(factory, name_##5,  struct part, construct_(name_##4),  end_) \
	X(factory, name_##6,  struct part, construct_(name_##5),  end_) \
	X(factory, name_##7,  struct part, construct_(name_##6),  end_) \
	X(factory, name_##8,  struct part, construct_(name_##7),  end_) \
	X(factory, name_##9,  struct part, construct_(name_##8),  end_) \
	X(factory, name_##10, struct part, construct_(name_##9),  end_) \
	X(factory, name_##11, struct part, construct_(name_##10), end_)

#define WITH_MALLOC_first (part_new)
#define WITH_MALLOC(need_) (part_new_for, need_)
#define IN_PLACE_first DI_INIT(part_init)
#define IN_PLACE(need_) DI_INIT(part_init_for, need_)

#define CHAINS(X) \
	CHAIN(X, chain_malloc_, WITH_MALLOC, part_free) \
	CHAIN(X, chain_place_, IN_PLACE, part_end)
/* clang-format on */

DI_CONTAINER_DECLARE(chain, CHAINS);
DI_CONTAINER_DEFINE(chain, CHAINS);

static struct di_container *container;

/* For each depth a function, as the accessors are inline. */
#define MAKE(name_)                                                                                \
	static void make_##name_(size_t count, void *data)                                         \
	{                                                                                          \
		struct di_context *root = di_container_root(container);                            \
		int i;                                                                             \
                                                                                                   \
		(void)data;                                                                        \
		while (count-- > 0) {                                                              \
			struct di_context *context =                                               \
				di_context_open(root, &di_scope_request, NULL);                    \
                                                                                                   \
			for (i = 0; i < IN_CONTEXT; i++)                                           \
				bench_keep(name_##_get(context, NULL));                            \
			di_context_close(context, DI_DONE, NULL);                                  \
		}                                                                                  \
	}

MAKE(chain_malloc_1)
MAKE(chain_malloc_4)
MAKE(chain_malloc_11)
MAKE(chain_place_1)
MAKE(chain_place_4)
MAKE(chain_place_11)

/* data: how many parts a product consists of. */
static void hand_malloc(size_t count, void *data)
{
	const int depth = *(const int *)data;
	struct part *made[IN_CONTEXT * DEEPEST];
	int i, k, n;

	while (count-- > 0) {
		for (i = 0, n = 0; i < IN_CONTEXT; i++) {
			if (part_new(&made[n++]) != 0)
				abort();
			for (k = 1; k < depth; k++, n++) {
				if (part_new_for(&made[n], made[n - 1]) != 0)
					abort();
			}
			bench_keep(made[n - 1]);
		}
		while (n > 0)
			part_free(made[--n]);
	}
}

/* An arena of parts: the next one, and all at once at the end. */
static void hand_arena(size_t count, void *data)
{
	const int depth = *(const int *)data;
	struct part arena[IN_CONTEXT * DEEPEST];
	int i, k, n;

	while (count-- > 0) {
		for (i = 0, n = 0; i < IN_CONTEXT; i++) {
			if (part_init(&arena[n++]) != 0)
				abort();
			for (k = 1; k < depth; k++, n++) {
				if (part_init_for(&arena[n], &arena[n - 1]) != 0)
					abort();
			}
			bench_keep(&arena[n - 1]);
		}
		while (n > 0)
			part_end(&arena[--n]);
	}
}

int main(int argc, char **argv)
{
	static int depths[] = { 1, 4, 11 };
#define AGAINST_MALLOC(name_, function_, depth_, ratio_)                                           \
	{                                                                                          \
		.name = (name_), .ours = (function_), .baseline = hand_malloc,                     \
		.against = "by hand with malloc", .data = &depths[depth_], .each = IN_CONTEXT,     \
		.goal = {                                                                          \
			.ratio = (ratio_)                                                          \
		}                                                                                  \
	}
#define AGAINST_ARENA(name_, function_, depth_)                                                    \
	{                                                                                          \
		.name = (name_), .ours = (function_), .baseline = hand_arena,                      \
		.against = "by hand in an arena", .data = &depths[depth_], .each = IN_CONTEXT      \
	}
	const struct bench benches[] = {
		AGAINST_MALLOC("factory, 1 object, malloc", make_chain_malloc_1, 0, 1.5),
		AGAINST_MALLOC("factory, 3 needs deep, malloc", make_chain_malloc_4, 1, 1.5),
		AGAINST_MALLOC("factory, 10 needs deep, malloc", make_chain_malloc_11, 2, 1.5),
		AGAINST_MALLOC("factory, 1 object, DI_INIT", make_chain_place_1, 0, 1),
		AGAINST_MALLOC("factory, 3 needs deep, DI_INIT", make_chain_place_4, 1, 1),
		AGAINST_MALLOC("factory, 10 needs deep, DI_INIT", make_chain_place_11, 2, 1),
		AGAINST_ARENA("factory, 1 object, DI_INIT, arena", make_chain_place_1, 0),
		AGAINST_ARENA("factory, 3 needs deep, DI_INIT, arena", make_chain_place_4, 1),
		AGAINST_ARENA("factory, 10 needs deep, DI_INIT, arena", make_chain_place_11, 2),
	};
	int status;

	container = di_container_new(&chain, NULL, NULL);
	bench_must(container != NULL, "there is no container");
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_container_free(container, NULL);
	return status;
}
