/* SPDX-License-Identifier: MIT */
#include "bench/support/harness.h"
#include "bench/support/tables.h"

#include <stdlib.h>

/*
 * A container of a macro table comes and goes, and nothing is resolved. By hand an array of
 * pointers comes and goes.
 */

static void new_and_free(size_t count, void *data)
{
	const struct di_table *table = *(const struct di_table *const *)data;

	while (count-- > 0) {
		struct di_container *container = di_container_new(table, NULL, NULL);

		bench_keep(container);
		di_container_free(container, NULL);
	}
}

static void hand_calloc_and_free(size_t count, void *data)
{
	const struct di_table *table = *(const struct di_table *const *)data;

	while (count-- > 0) {
		void **values = calloc(table->count, sizeof(*values));

		bench_keep(values);
		free(values);
	}
}

int main(int argc, char **argv)
{
	static const struct di_table *tables[] = { &rows_10, &rows_100, &rows_200, &rows_1000 };
#define BENCH(name_, table_, most_)                                                                \
	{                                                                                          \
		.name = (name_), .ours = new_and_free, .baseline = hand_calloc_and_free,           \
		.against = "calloc and free of 8 bytes a row", .data = &tables[table_], .goal = {  \
			.most = (most_)                                                            \
		}                                                                                  \
	}
	const struct bench benches[] = {
		BENCH("container of 10, new and free", 0, 0),
		BENCH("container of 100, new and free", 1, 250),
		BENCH("container of 200, new and free", 2, 0),
		BENCH("container of 1000, new and free", 3, 1500),
	};

	return bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
}
