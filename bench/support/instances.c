/* SPDX-License-Identifier: MIT */
#include "bench/support/instances.h"

#include <di/di.h>
#include <stdlib.h>

void instances_new_and_free(size_t count, void *data)
{
	const struct di_table *table = *(const struct di_table *const *)data;

	while (count-- > 0) {
		struct di_container *container = di_container_new(table, NULL, NULL);

		bench_keep(container);
		di_container_free(container, NULL);
	}
}

void instances_by_hand(size_t count, void *data)
{
	const struct di_table *table = *(const struct di_table *const *)data;

	while (count-- > 0) {
		void **values = calloc(table->count, sizeof(*values));

		bench_keep(values);
		free(values);
	}
}
