/* SPDX-License-Identifier: MIT */
#include "bench/support/chain.h"
#include "bench/support/instances.h"
#include "bench/support/tables.h"

/* Containers of macro tables and of built ones. Those from YAML are in container_yaml.c. */

int main(int argc, char **argv)
{
	static const struct di_table *tables[] = { &rows_10, &rows_100, &rows_200, &rows_1000 };
	static const size_t lengths[] = { 10, 100, 1000, 10000 };
	static const struct di_table *built[4];
	const struct bench benches[] = {
		INSTANCES("container of 10, new and free", &tables[0], 0),
		INSTANCES("container of 100, new and free", &tables[1], 250),
		INSTANCES("container of 200, new and free", &tables[2], 0),
		INSTANCES("container of 1000, new and free", &tables[3], 1500),
		INSTANCES("built container of 10, new and free", &built[0], 0),
		INSTANCES("built container of 100, new and free", &built[1], 250),
		INSTANCES("built container of 1000, new and free", &built[2], 1500),
		INSTANCES("built container of 10000, new and free", &built[3], 0),
	};
	int i, status;

	for (i = 0; i < 4; i++)
		built[i] = chain_build(lengths[i]);
	status = bench_main(argc, argv, benches, sizeof(benches) / sizeof(benches[0]));
	for (i = 0; i < 4; i++)
		di_table_free(built[i], NULL);
	return status;
}
