/* SPDX-License-Identifier: MIT */
#include "di/internal.h"

/*
 * The rows that a container covers, in one numbering: its own as the compiler numbered them, and
 * behind them those of its parts. Contexts have arrays for all of them, so that what lives in a
 * context is owned by it alone, whichever table it is of.
 */

uint32_t di__row_of_part(const struct di_container *container, const struct di_provider *provider)
{
	const struct di__part *part;

	if (provider->table == container->table)
		return provider->index;
	part = di__part_of(container, provider->table);
	return part != NULL ? part->first + provider->index : UINT32_MAX;
}

const struct di_provider *di__provider_of_part(const struct di_container *container, uint32_t row)
{
	const struct di__part *part = container->parts;

	while (row - part->first >= part->container->table->count)
		part++;
	return part->container->table->providers[row - part->first];
}

const struct di_provider *di__provider_named(const struct di_container *container, const char *name)
{
	const struct di_provider *found = di_table_find(container->table, name);
	uint32_t i;

	for (i = 0; found == NULL && i < container->parts_count; i++)
		found = di_table_find(container->parts[i].container->table, name);
	return found;
}

int di__covers_all(const struct di_container *container, const struct di_provider *const *needs)
{
	for (; *needs != NULL; needs++) {
		if (*needs != &di__context && !di__covers(container, (*needs)->table))
			return 0;
	}
	return 1;
}

struct di_container *di__owner(struct di_container *container, const struct di_provider *provider)
{
	const struct di__part *part = provider->table != container->table
					      ? di__part_of(container, provider->table)
					      : NULL;

	return part != NULL ? part->container : container;
}
