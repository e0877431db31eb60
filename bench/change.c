/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"
#include "bench/support/harness.h"
#include "bench/support/scopes.h"

#include <stdlib.h>

/* What is seldom done, or not in every request: overrides, resets, items. */

DI_KEY_DECLARE(trace, const char);
DI_KEY_DEFINE(trace, const char);

struct fixture {
	struct di_context *root; /* first: see scopes.h */
	struct di_context *request;
	struct di_container *container;
	struct part *a;
	const char *trace;
};

/* A context with a value put in place of a's, which b is built from, and restored by its close. */
static void override_and_restore(size_t count, void *data)
{
	const struct fixture *fixture = data;
	struct part fake = { 1, NULL };

	while (count-- > 0) {
		struct di_context *context =
			di_context_open(fixture->root, &di_scope_request, NULL);

		bench_a_override(context, &fake, NULL);
		bench_keep(bench_b_get(context, NULL));
		di_context_close(context, DI_DONE, NULL);
	}
}

static void hand_override_and_restore(size_t count, void *data)
{
	struct part fake = { 1, NULL };

	(void)data;
	while (count-- > 0) {
		struct part *b;

		if (part_new_for(&b, &fake) != 0)
			abort();
		bench_keep(b);
		part_free(b);
	}
}

/* A value of a request's is torn down and made again. */
static void reset(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		bench_keep(bench_y_get(fixture->request, NULL));
		di_reset(fixture->request, &bench_y, NULL);
	}
}

static void hand_reset(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		struct part *y;

		if (part_new_for(&y, fixture->a) != 0)
			abort();
		bench_keep(y);
		part_free(y);
	}
}

static void put_item(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		struct di_context *context =
			di_context_open(fixture->root, &di_scope_request, NULL);

		trace_put(context, "here", NULL);
		di_context_close(context, DI_DONE, NULL);
	}
}

static void fetch_item(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(trace_fetch(fixture->request));
}

static void hand_fetch_item(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		bench_keep(__atomic_load_n(&fixture->trace, __ATOMIC_ACQUIRE));
}

static void set_up(struct fixture *fixture)
{
	fixture->container = di_container_new(&bench, NULL, NULL);
	fixture->root = di_container_root(fixture->container);
	fixture->request = di_context_open(fixture->root, &di_scope_request, NULL);
	fixture->a = bench_a_get(fixture->root, NULL);
	fixture->trace = "there";
	bench_must(bench_x_get(fixture->request, NULL) != NULL &&
			   trace_put(fixture->request, fixture->trace, NULL) == DI_OK,
		   "the container could not be set up");
}

int main(int argc, char **argv)
{
	static struct fixture fixture;
	const struct bench benches[] = {
		{ .name = "context with an override and one value",
		  .ours = override_and_restore,
		  .baseline = hand_override_and_restore,
		  .data = &fixture },
		{ .name = "value made and reset",
		  .ours = reset,
		  .baseline = hand_reset,
		  .data = &fixture },
		{ .name = "context with an item put",
		  .ours = put_item,
		  .baseline = scope_empty,
		  .against = "a context without",
		  .data = &fixture },
		{ .name = "item fetched",
		  .ours = fetch_item,
		  .baseline = hand_fetch_item,
		  .data = &fixture },
	};
	int status;

	set_up(&fixture);
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_context_close(fixture.request, DI_DONE, NULL);
	di_container_free(fixture.container, NULL);
	return status;
}
