/* SPDX-License-Identifier: MIT */
#include "containers/exports.h"
#include "containers/yaml/wire.h"

#include <stdlib.h>
#include <string.h>

/*
 * What rows name of the exports, where the loader itself asks: sorted by name, since each row asks.
 */

static int compare(const struct di_export *export, const char *name, uint32_t kind)
{
	int order = strcmp(export->name, name);

	return order != 0 ? order : (export->kind > kind) - (export->kind < kind);
}

static int compare_exports(const void *left, const void *right)
{
	const struct di_export *const *a = left, *const *b = right;

	return compare(*a, (*b)->name, (*b)->kind);
}

static size_t count_all(const struct di__yaml_wire *wire)
{
	size_t count = 0, i;

	for (i = 0; i < wire->exports_count; i++)
		count += wire->exports[i]->count;
	return count;
}

int di__yaml_exported_sort(struct di__yaml_wire *wire)
{
	size_t count = count_all(wire), i;
	uint32_t k;

	wire->sorted = calloc(count + 1, sizeof(const struct di_export *));
	if (wire->sorted == NULL) {
		wire->faults->no_memory = 1;
		return 0;
	}
	for (i = 0; i < wire->exports_count; i++) {
		for (k = 0; k < wire->exports[i]->count; k++)
			wire->sorted[wire->sorted_count++] = &wire->exports[i]->exports[k];
	}
	qsort(wire->sorted, count, sizeof(const struct di_export *), compare_exports);
	return 1;
}

const struct di_export *di__yaml_exported_find(const struct di__yaml_wire *wire, const char *name,
					       uint32_t kind)
{
	size_t low = 0, high = name != NULL ? wire->sorted_count : 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(wire->sorted[middle], name, kind);

		if (order == 0)
			return wire->sorted[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
