/* SPDX-License-Identifier: MIT */
#include "bench/support/chain.h"
#include "bench/support/harness.h"
#include "bench/support/parts.h"
#include "bench/support/tables.h"

#include <stdlib.h>

/*
 * The first resolve: a new container's last row needs the one before it, and so on to the first; it
 * is resolved, and the container freed. All is divided by the rows, so that it shows whether the
 * cost grows with them. By hand each part has a malloc.
 */

struct chain {
	const struct di_table *table;
	struct part *(*last)(struct di_context *context);
	struct part **parts; /* room for as many as the table has rows */
};

static void resolve_all(size_t count, void *data)
{
	const struct chain *chain = data;

	while (count-- > 0) {
		struct di_container *container = di_container_new(chain->table, NULL, NULL);

		bench_keep(chain->last(di_container_root(container)));
		di_container_free(container, NULL);
	}
}

static void hand_make_all(size_t count, void *data)
{
	const struct chain *chain = data;
	const size_t rows = chain->table->count;

	while (count-- > 0) {
		size_t i;

		if (part_new(&chain->parts[0]) != 0)
			abort();
		for (i = 1; i < rows; i++) {
			if (part_new_for(&chain->parts[i], chain->parts[i - 1]) != 0)
				abort();
		}
		bench_keep(chain->parts[rows - 1]);
		for (i = rows; i-- > 0;)
			part_free(chain->parts[i]);
	}
}

enum {
	MOST = 10000
};

static const struct di_table *built;

static struct part *built_last(struct di_context *context)
{
	return di_resolve(context, NULL, built->providers[built->count - 1]);
}

/* The longest is for the builder: no compiler likes such a table. */
int main(int argc, char **argv)
{
	static struct part *parts[MOST];
	static struct chain chains[] = {
		{ &cold_10, cold_10_last, parts },
		{ &cold_100, cold_100_last, parts },
		{ &cold_1000, cold_1000_last, parts },
		{ NULL, built_last, parts },
	};
#define BENCH(name_, chain_, rows_)                                                                \
	{                                                                                          \
		.name = (name_), .ours = resolve_all, .baseline = hand_make_all,                   \
		.against = "by hand with malloc", .each = (rows_), .data = &chains[chain_]         \
	}
	const struct bench benches[] = {
		BENCH("first resolve, each of 10", 0, 10),
		BENCH("first resolve, each of 100", 1, 100),
		BENCH("first resolve, each of 1000", 2, 1000),
		BENCH("first resolve, each of 10000, built", 3, MOST),
	};
	int status;

	built = chain_build(MOST);
	chains[3].table = built;
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	di_table_free(built, NULL);
	return status;
}
