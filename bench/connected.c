/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"

/*
 * A container that connects another one, in whose contexts rows of both are asked for, against a
 * container alone: the same rows of the connected one, in its own contexts.
 */

/* clang-format off */
#define USER(X) \
	X(singleton,        user_a, struct part, (part_new_for, bench_a), part_free) \
	X(context_resource, user_u, struct part, DI_INIT(part_init_for, bench_a), part_end, request) \
	X(context_resource, user_v, struct part, DI_INIT(part_init_for, user_u), part_end, request) \
	X(context_resource, user_w, struct part, DI_INIT(part_init_for, user_v), part_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(user, USER, bench);
DI_CONTAINER_DEFINE(user, USER);

struct pair {
	struct di_context *user, *alone;
};

static void get(size_t count, struct di_context *context)
{
	while (count-- > 0)
		bench_keep(bench_a_get(context, NULL));
}

static void get_connected(size_t count, void *data)
{
	get(count, ((struct pair *)data)->user);
}

static void get_alone(size_t count, void *data)
{
	get(count, ((struct pair *)data)->alone);
}

/* The container's own row. */
static void get_own(size_t count, void *data)
{
	const struct pair *pair = data;

	while (count-- > 0)
		bench_keep(user_a_get(pair->user, NULL));
}

static void resolve(size_t count, struct di_context *context)
{
	while (count-- > 0)
		bench_keep(di_resolve(context, NULL, &bench_a));
}

static void resolve_connected(size_t count, void *data)
{
	resolve(count, ((struct pair *)data)->user);
}

static void resolve_alone(size_t count, void *data)
{
	resolve(count, ((struct pair *)data)->alone);
}

static void open_and_close(size_t count, struct di_context *root)
{
	while (count-- > 0)
		di_context_close(di_context_open(root, &di_scope_request, NULL), DI_DONE, NULL);
}

static void open_connected(size_t count, void *data)
{
	open_and_close(count, ((struct pair *)data)->user);
}

static void open_alone(size_t count, void *data)
{
	open_and_close(count, ((struct pair *)data)->alone);
}

/* Three resources in place, of the connected container's rows. */
static void make_three(size_t count, struct di_context *root)
{
	while (count-- > 0) {
		struct di_context *request = di_context_open(root, &di_scope_request, NULL);

		bench_keep(bench_w_get(request, NULL));
		di_context_close(request, DI_DONE, NULL);
	}
}

static void make_connected(size_t count, void *data)
{
	make_three(count, ((struct pair *)data)->user);
}

static void make_alone(size_t count, void *data)
{
	make_three(count, ((struct pair *)data)->alone);
}

/* The same of its own rows, the first of which needs one of the connected container's. */
static void make_own(size_t count, void *data)
{
	const struct pair *pair = data;

	while (count-- > 0) {
		struct di_context *request = di_context_open(pair->user, &di_scope_request, NULL);

		bench_keep(user_w_get(request, NULL));
		di_context_close(request, DI_DONE, NULL);
	}
}

int main(int argc, char **argv)
{
	static struct pair pair;
#define BENCH(name_, ours_, baseline_)                                                             \
	{                                                                                          \
		.name = (name_), .ours = (ours_), .baseline = (baseline_),                         \
		.against = "a container alone", .data = &pair                                      \
	}
	const struct bench benches[] = {
		BENCH("connected, cached singleton", get_connected, get_alone),
		BENCH("connected, cached singleton of its own", get_own, get_alone),
		BENCH("connected, by library call", resolve_connected, resolve_alone),
		BENCH("connected, context open and close", open_connected, open_alone),
		BENCH("connected, context with 3 resources", make_connected, make_alone),
		BENCH("connected, context with 3 of its own", make_own, make_alone),
	};
	struct di_container *alone = di_container_new(&bench, NULL, NULL);
	struct di_options options = { .abi = DI_ABI, .connected = &alone, .connected_count = 1 };
	struct di_container *using = di_container_new(&user, &options, NULL);
	int status;

	bench_must(alone != NULL && using != NULL, "the containers could not be set up");
	pair = (struct pair){ di_container_root(using), di_container_root(alone) };
	bench_must(bench_a_get(pair.user, NULL) != NULL && user_a_get(pair.user, NULL) != NULL,
		   "nothing could be made");
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_container_free(using, NULL);
	di_container_free(alone, NULL);
	return status;
}
