/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "di/di.h"

#include <stdlib.h>

/*
 * What it costs that a value may come later, where it comes at once: the same factory, asked for by
 * a get that calls back, and by one that does not.
 */

struct node {
	int number;
};

static struct node node = { 1 };

/* clang-format off */
#define ASYNC(X) \
	X(factory,       bench_plain, struct node, (plain_new), di_keep) \
	X(async_factory, bench_async, struct node, (async_new), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(async, ASYNC);

static int plain_new(struct node **out)
{
	*out = &node;
	return 0;
}

static int async_new(struct di_call *call)
{
	bench_async_complete(call, 0, &node);
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(async, ASYNC);

static void take(void *data, struct node *made, const struct di_error *error)
{
	(void)error;
	*(struct node **)data = made;
}

static void ask(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0) {
		struct node *made = NULL;

		bench_async_get_async(root, take, &made, NULL);
		bench_keep(&made);
		bench_async_drop(root, made, NULL);
	}
}

static void get(size_t count, void *data)
{
	struct di_context *root = data;

	while (count-- > 0) {
		struct node *made = bench_plain_get(root, NULL);

		bench_keep(&made);
		bench_plain_drop(root, made, NULL);
	}
}

int main(int argc, char **argv)
{
	struct di_container *container = di_container_new(&async, NULL, NULL);
	const struct bench benches[] = {
		{ .name = "product that comes at once, made and dropped",
		  .ours = ask,
		  .baseline = get,
		  .data = di_container_root(container) },
	};
	int status;

	bench_must(container != NULL, "the container could not be set up");
	ask(1, di_container_root(container));
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_container_free(container, NULL);
	return status;
}
