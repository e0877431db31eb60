/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "bench/support/parts.h"

#include <di/di.h>

/* What a value for each thread costs. */

/* clang-format off */
#define THREADED(X) \
	X(singleton,        threaded_a, struct part, (part_new), part_free) \
	X(thread_singleton, threaded_t, struct part, (part_new_for, threaded_a), part_free) \
	X(context_resource, threaded_x, struct part, (part_new_for, threaded_t), part_free, request)
/* clang-format on */

DI_CONTAINER_DECLARE(threaded, THREADED);
DI_CONTAINER_DEFINE(threaded, THREADED);

static int use(int passed, struct part *t, struct part *a)
{
	return passed + (t == a);
}

DI_HANDLER(threaded_use, int, (int), (use, threaded_t, threaded_a));

enum {
	MANY = 100
};

struct fixture {
	struct di_container *containers[MANY];
	struct di_context *first, *request;
	struct part *shared;
};

static _Thread_local struct part *own;

static void get_thread_singleton(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(threaded_t_get(fixture->first, NULL));
}

static void hand_get(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(own != NULL ? own : fixture->shared);
}

/* Of a hundred containers, all used by the thread. */
static void get_in_many(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count > 0) {
		size_t i;

		for (i = 0; i < MANY && count > 0; i++, count--) {
			struct di_context *root = di_container_root(fixture->containers[i]);

			bench_keep(threaded_t_get(root, NULL));
		}
	}
}

static void handle(size_t count, void *data)
{
	const struct fixture *fixture = data;
	int result;

	while (count-- > 0) {
		threaded_use(fixture->first, &result, 3, NULL);
		bench_keep(&result);
	}
}

static void hand_handle(size_t count, void *data)
{
	const struct fixture *fixture = data;
	int result;

	while (count-- > 0) {
		result = use(3, own, fixture->shared);
		bench_keep(&result);
	}
}

/* It stands in no slot, so that it is asked for with care each time. */
static void get_held(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(threaded_x_get(fixture->request, NULL));
}

int main(int argc, char **argv)
{
	static struct fixture fixture;
	const struct bench benches[] = {
		{ .name = "cached thread_singleton",
		  .ours = get_thread_singleton,
		  .baseline = hand_get,
		  .against = "a _Thread_local pointer",
		  .data = &fixture },
		{ .name = "cached thread_singleton of 100 containers",
		  .ours = get_in_many,
		  .baseline = hand_get,
		  .against = "a _Thread_local pointer",
		  .data = &fixture },
		{ .name = "handler with a thread_singleton",
		  .ours = handle,
		  .baseline = hand_handle,
		  .data = &fixture },
		{ .name = "cached context resource built from one",
		  .ours = get_held,
		  .baseline = hand_get,
		  .against = "a _Thread_local pointer",
		  .data = &fixture },
	};
	int i, status;

	for (i = 0; i < MANY; i++) {
		fixture.containers[i] = di_container_new(&threaded, NULL, NULL);
		fixture.first = di_container_root(fixture.containers[i]);
		own = threaded_t_get(fixture.first, NULL);
		bench_must(own != NULL, "there is no value");
	}
	fixture.shared = threaded_a_get(fixture.first, NULL);
	fixture.first = di_context_open(fixture.first, &di_scope_request, NULL);
	fixture.request =
		di_context_open(di_context_parent(fixture.first), &di_scope_request, NULL);
	bench_must(threaded_x_get(fixture.request, NULL) != NULL, "there is no value");
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_context_close(fixture.request, DI_DONE, NULL);
	di_context_close(fixture.first, DI_DONE, NULL);
	for (i = 0; i < MANY; i++)
		di_container_free(fixture.containers[i], NULL);
	return status;
}
