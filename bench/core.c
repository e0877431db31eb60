/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"
#include "bench/support/scopes.h"

#include <stdlib.h>

/* What a request costs: reading what exists, contexts, and calling handlers. */

struct fixture {
	struct di_container *container;
	struct di_context *root, *request;
	struct hand_app app;
};

static void get_singleton(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(bench_a_get(fixture->request, NULL));
}

static void hand_get_singleton(size_t count, void *data)
{
	struct fixture *fixture = data;

	while (count-- > 0) {
		struct part *a = __atomic_load_n(&fixture->app.a, __ATOMIC_ACQUIRE);

		bench_keep(a != NULL ? a : hand_a_slowly(&fixture->app));
	}
}

static void get_context_resource(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(bench_x_get(fixture->request, NULL));
}

static void get_by_call(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(di_resolve(fixture->request, NULL, &bench_a));
}

static void hand_get_by_call(size_t count, void *data)
{
	struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(hand_a_by_call(&fixture->app));
}

/* By hand a request's state is a block that comes and goes. */
static void hand_open_and_close(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct part **request = calloc(3, sizeof(*request));

		bench_keep(request);
		free(request);
	}
}

static void hand_scope_of_three(size_t count, void *data)
{
	(void)data;
	while (count-- > 0) {
		struct part *x, *y, *z;

		if (part_new(&x) != 0)
			abort();
		if (part_new_for(&y, x) != 0)
			abort();
		if (part_new_for(&z, y) != 0)
			abort();
		bench_keep(z);
		part_free(z);
		part_free(y);
		part_free(x);
	}
}

static void handle(size_t count, void *data)
{
	const struct fixture *fixture = data;
	int result;

	while (count-- > 0) {
		bench_use(fixture->request, &result, 3, NULL);
		bench_keep(&result);
	}
}

static void hand_handle(size_t count, void *data)
{
	const struct fixture *fixture = data;
	int result;

	while (count-- > 0) {
		result = use_three(3, fixture->app.a, fixture->app.b, fixture->app.c);
		bench_keep(&result);
	}
}

static void make_and_drop(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		struct part *product = bench_f_get(fixture->root, NULL);

		bench_keep(product);
		bench_f_drop(fixture->root, product, NULL);
	}
}

static void hand_make_and_drop(size_t count, void *data)
{
	struct fixture *fixture = data;

	while (count-- > 0) {
		struct part *product;

		if (part_new_for(&product, fixture->app.a) != 0)
			abort();
		bench_keep(product);
		part_free(product);
	}
}

static void handle_new(size_t count, void *data)
{
	const struct fixture *fixture = data;
	int result;

	while (count-- > 0) {
		bench_use_new(fixture->request, &result, 3, NULL);
		bench_keep(&result);
	}
}

static void hand_handle_new(size_t count, void *data)
{
	const struct fixture *fixture = data;
	struct part *product;
	int result;

	while (count-- > 0) {
		if (part_new_for(&product, fixture->app.a) != 0)
			abort();
		result = use_three(3, fixture->app.a, fixture->app.b, product);
		bench_keep(&result);
		part_free(product);
	}
}

static void set_up(struct fixture *fixture)
{
	fixture->container = di_container_new(&bench, NULL, NULL);
	fixture->root = di_container_root(fixture->container);
	fixture->request = di_context_open(fixture->root, &di_scope_request, NULL);
	fixture->app.a = bench_a_get(fixture->request, NULL);
	fixture->app.b = bench_b_get(fixture->request, NULL);
	fixture->app.c = bench_c_get(fixture->request, NULL);
	bench_must(fixture->app.c != NULL && bench_x_get(fixture->request, NULL) != NULL,
		   "the container could not be set up");
}

/* clang-format off */
#define BENCH(name_, ours_, baseline_, ...) \
	{ .name = (name_), .ours = (ours_), .baseline = (baseline_), .data = &fixture, \
	  .goal = { __VA_ARGS__ } }
#define SCOPE(name_, ours_, baseline_, ...) \
	{ .name = (name_), .ours = (ours_), .baseline = (baseline_), .data = &fixture.root, \
	  .goal = { __VA_ARGS__ } }
/* clang-format on */

enum {
	LOOP = 2 /* instructions */
};

int main(int argc, char **argv)
{
	static struct fixture fixture;
	const struct bench benches[] = {
		BENCH("cached singleton", get_singleton, hand_get_singleton,
		      .instructions = 8 + LOOP),
		BENCH("cached context resource", get_context_resource, hand_get_singleton,
		      .instructions = 8 + LOOP),
		BENCH("cached singleton by library call", get_by_call, hand_get_by_call,
		      .instructions = 22 + LOOP),
		SCOPE("context open and close", scope_empty, hand_open_and_close, .most = 20),
		SCOPE("context with 3 resources, malloc", scope_of_three_malloc,
		      hand_scope_of_three, .most = 50),
		SCOPE("context with 3 resources, DI_INIT", scope_of_three, hand_scope_of_three,
		      .most = 25, .instructions = 500),
		BENCH("handler with 3 cached needs", handle, hand_handle, .more_instructions = 25),
		BENCH("handler with a product, in its own context", handle_new, hand_handle_new, 0),
		BENCH("factory product, made and dropped", make_and_drop, hand_make_and_drop, 0),
	};
	int status;

	set_up(&fixture);
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_context_close(fixture.request, DI_DONE, NULL);
	di_container_free(fixture.container, NULL);
	return status;
}
