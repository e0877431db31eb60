/* SPDX-License-Identifier: MIT */
#include "di/provider.h"

#include "di/row.h"

#include <string.h>

const struct di_provider *di_table_find(const struct di_table *table, const char *name)
{
	uint32_t i;

	if (table == NULL || name == NULL)
		return NULL;
	for (i = 0; i < table->count; i++) {
		if (strcmp(table->providers[i]->name, name) == 0)
			return table->providers[i];
	}
	return NULL;
}

/* Of no table: the engine knows it by its address. */
const struct di_provider di__context = {
	.name = "DI_CONTEXT",
	.index = UINT32_MAX, /* own[-1] is the context itself */
	.lane = offsetof(struct di__lane, own),
	.constructor = "",
	.destructor = "",
};

const struct di_provider di__choice = {
	.name = "the choice",
	.index = UINT32_MAX,
	.constructor = "",
	.destructor = "",
};

void di_keep(const void *value)
{
	(void)value;
}
