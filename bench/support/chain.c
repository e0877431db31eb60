/* SPDX-License-Identifier: MIT */
#include "bench/support/chain.h"

#include "bench/support/harness.h"

#include <stdio.h>
#include <stdlib.h>

/* clang-format off */
#define CHAIN_EXPORTS(X) \
	X(constructor, struct part, DI_INIT(part_init)) \
	X(constructor, struct part, DI_INIT(part_init_for, struct part *)) \
	X(destructor,  struct part, part_end)
/* clang-format on */

DI_EXPORTS_DEFINE(chain_exports, CHAIN_EXPORTS);

void chain_name(char name[CHAIN_NAME_SIZE], size_t number)
{
	snprintf(name, CHAIN_NAME_SIZE, "part_%zu", number);
}

static void add_row(struct di_builder *builder, size_t number)
{
	char name[CHAIN_NAME_SIZE], before[CHAIN_NAME_SIZE];
	struct di_argument need = { .kind = DI_ARGUMENT_NEED, .text = before };
	struct di_row row = { .name = name,
			      .kind_name = "singleton",
			      .constructor = number > 0 ? "part_init_for" : "part_init",
			      .arguments = &need,
			      .arguments_count = number > 0,
			      .destructor = "part_end" };

	chain_name(name, number);
	chain_name(before, number - 1);
	bench_must(di_builder_row(builder, &row, NULL) == DI_OK, "no row");
}

const struct di_table *chain_build(size_t rows)
{
	struct di_builder *builder = di_builder_new("chain", NULL, NULL);
	const struct di_table *table;
	size_t i;

	bench_must(di_builder_export(builder, &chain_exports, NULL) == DI_OK, "no exports");
	for (i = 0; i < rows; i++)
		add_row(builder, i);
	table = di_builder_build(builder, NULL);
	bench_must(table != NULL, "no table");
	di_builder_free(builder);
	return table;
}

char *chain_yaml(size_t rows, size_t *size)
{
	static const char head[] = "version: 1\ncontainer: chain\nproviders:\n"
				   "  - {name: part_0, kind: singleton, create: part_init, "
				   "destroy: part_end}\n";
	const size_t room = sizeof(head) + rows * 128;
	char *text = malloc(room);
	size_t i, used;

	bench_must(text != NULL, "no text");
	used = (size_t)snprintf(text, room, "%s", head);
	for (i = 1; i < rows; i++)
		used += (size_t)snprintf(text + used, room - used,
					 "  - {name: part_%zu, kind: singleton, create: "
					 "part_init_for, args: [{ref: part_%zu}], "
					 "destroy: part_end}\n",
					 i, i - 1);
	*size = used;
	return text;
}
