/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"

#include "di/di.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Tables built at run time: a chain of singletons, and layers of a hundred that need eight each.
 * What is built by hand of the same rows is an array of names with the needs by number, copied and
 * sorted by its order: what no builder can do without.
 */

enum {
	MOST = 10000,
	LAYER = 100
};

struct node {
	int number;
};

static struct node nodes[MOST];

static int node_new(struct node **out)
{
	*out = nodes;
	return 0;
}

static int node_of_1(struct node **out, struct node *a)
{
	*out = a;
	return 0;
}

static int node_of_8(struct node **out, struct node *a, struct node *b, struct node *c,
		     struct node *d, struct node *e, struct node *f, struct node *g, struct node *h)
{
	*out = a + (b - c) + (d - e) + (f - g) + (h - h);
	return 0;
}

/* clang-format off */
#define EXPORTS(X) \
	X(constructor, struct node, (node_new)) \
	X(constructor, struct node, (node_of_1, struct node *)) \
	X(constructor, struct node, (node_of_8, struct node *, struct node *, struct node *, \
				     struct node *, struct node *, struct node *, struct node *, \
				     struct node *))
/* clang-format on */

DI_EXPORTS_DEFINE(exports, EXPORTS);

static char names[MOST][16];
static struct di_argument needs[MOST][8];

struct plan {
	int rows, width; /* of a layer; 1: a chain */
	struct di_builder *builder;
};

static void add_rows(struct di_builder *builder, const struct plan *plan)
{
	for (int i = 0; i < plan->rows; i++) {
		size_t count = i < plan->width ? 0 : plan->width == 1 ? 1 : 8;
		struct di_row row = { .name = names[i],
				      .kind_name = "singleton",
				      .constructor = count == 0   ? "node_new"
						     : count == 1 ? "node_of_1"
								  : "node_of_8",
				      .arguments = needs[i],
				      .arguments_count = count,
				      .destructor = "di_keep" };

		for (size_t k = 0; k < count; k++)
			needs[i][k].text =
				names[plan->width == 1 ? i - 1
						       : i / LAYER * LAYER - LAYER +
								 (i * 7 + (int)k * 13) % LAYER];
		bench_must(di_builder_row(builder, &row, NULL) == DI_OK, "a row");
	}
}

static struct di_builder *fill(const struct plan *plan)
{
	struct di_builder *builder = di_builder_new("large", NULL, NULL);

	di_builder_export(builder, &exports, NULL);
	add_rows(builder, plan);
	return builder;
}

static void build(size_t count, void *data)
{
	while (count-- > 0) {
		struct di_builder *builder = fill(data);
		const struct di_table *table = di_builder_build(builder, NULL);

		bench_must(table != NULL, "a table");
		di_builder_free(builder);
		di_table_free(table, NULL);
	}
}

static void check(size_t count, void *data)
{
	struct plan *plan = data;

	if (plan->builder == NULL)
		plan->builder = fill(plan);
	while (count-- > 0)
		bench_must(di_builder_check(plan->builder, NULL) == DI_OK, "a check");
}

/* Copies the rows' names, and finds each need by its name in a table of hashes that is there. */
static void by_hand(size_t count, void *data)
{
	const struct plan *plan = data;

	while (count-- > 0) {
		for (int i = 0; i < plan->rows; i++) {
			char *copy = malloc(sizeof(names[i]));

			memcpy(copy, names[i], sizeof(names[i]));
			bench_keep(copy);
			free(copy);
		}
	}
}

/* clang-format off */
#define BENCH(name_, does_, rows_, width_, ...) \
	{ .name = name_, .ours = does_, .baseline = by_hand, .against = "copying the names", \
	  .data = &(struct plan){ rows_, width_, NULL }, .goal = { __VA_ARGS__ } }
/* clang-format on */

int main(int argc, char **argv)
{
	struct bench benches[] = {
		BENCH("check a chain of 1000", check, 1000, 1, .most = 40000),
		BENCH("check a chain of 10000", check, 10000, 1, .most = 400000),
		BENCH("check layers of 10000", check, 10000, LAYER, .most = 0),
		BENCH("build a chain of 1000", build, 1000, 1, .most = 500000),
		BENCH("build a chain of 10000", build, 10000, 1, .most = 5000000),
		BENCH("build layers of 10000", build, 10000, LAYER, .most = 0),
	};

	for (int i = 0; i < MOST; i++)
		snprintf(names[i], sizeof(names[i]), "node_%d", i);
	return bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
}
