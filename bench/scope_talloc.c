/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "bench/support/scopes.h"

#include <stdlib.h>
#include <talloc.h>

/*
 * Contexts against talloc's: what is allocated below another allocation ends with it, and a
 * destructor is called for each.
 */

struct fixture {
	struct di_context *root; /* first: see scopes.h */
	void *pool;
	struct part *a;
};

static int destroy(struct part *part)
{
	part_end(part);
	return 0;
}

static struct part *make_below(void *pool, struct part *needs)
{
	struct part *part = talloc(pool, struct part);

	if (part == NULL || part_init_for(part, needs) != 0)
		abort();
	talloc_set_destructor(part, destroy);
	return part;
}

static void talloc_empty(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0)
		talloc_free(talloc_new(fixture->pool));
}

static void talloc_of_three(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		void *pool = talloc_new(fixture->pool);

		bench_keep(make_below(pool, make_below(pool, make_below(pool, fixture->a))));
		talloc_free(pool);
	}
}

static void talloc_of_many(size_t count, void *data)
{
	const struct fixture *fixture = data;

	while (count-- > 0) {
		void *pool = talloc_new(fixture->pool);
		int i;

		for (i = 0; i < SCOPE_MANY; i++)
			bench_keep(make_below(pool, fixture->a));
		talloc_free(pool);
	}
}

int main(int argc, char **argv)
{
	static struct fixture fixture;
	const struct bench benches[] = {
		{ .name = "context open and close, talloc",
		  .ours = scope_empty,
		  .baseline = talloc_empty,
		  .against = "talloc",
		  .data = &fixture },
		{ .name = "context of 3 parts, talloc",
		  .ours = scope_of_three,
		  .baseline = talloc_of_three,
		  .against = "talloc",
		  .data = &fixture },
		{ .name = "part in a context of 100, talloc",
		  .ours = scope_of_many,
		  .baseline = talloc_of_many,
		  .against = "talloc",
		  .each = SCOPE_MANY,
		  .data = &fixture },
	};
	struct di_container *container = di_container_new(&bench, NULL, NULL);
	int status;

	fixture.root = di_container_root(container);
	fixture.a = bench_a_get(fixture.root, NULL);
	fixture.pool = talloc_new(NULL);
	bench_must(fixture.a != NULL && fixture.pool != NULL, "nothing could be set up");
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	talloc_free(fixture.pool);
	di_container_free(container, NULL);
	return status;
}
