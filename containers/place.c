/* SPDX-License-Identifier: MIT */
#include "containers/place.h"

#include <stdlib.h>
#include <string.h>

/*
 * Both tables mostly have their rows in one order: so the one behind the last is looked at first.
 * Once it is another one, the rows are sorted by name.
 */
struct search {
	const struct di_table *table;
	const struct di_provider **sorted; /* as long as the table */
	uint32_t next;
	int is_sorted;
};

static int compare_rows(const void *a, const void *b)
{
	const struct di_provider *const *one = a, *const *other = b;

	return strcmp((*one)->name, (*other)->name);
}

static int compare_name(const void *name, const void *row)
{
	return strcmp(name, (*(const struct di_provider *const *)row)->name);
}

static const struct di_provider *find_sorted(struct search *search, const char *name)
{
	const struct di_table *table = search->table;
	const struct di_provider **found;

	if (!search->is_sorted) {
		memcpy(search->sorted, table->providers,
		       table->count * sizeof(const struct di_provider *));
		qsort(search->sorted, table->count, sizeof(const struct di_provider *),
		      compare_rows);
		search->is_sorted = 1;
	}
	found = bsearch(name, search->sorted, table->count, sizeof(const struct di_provider *),
			compare_name);
	return found != NULL ? *found : NULL;
}

static const struct di_provider *find(struct search *search, const char *name)
{
	const struct di_table *table = search->table;
	const struct di_provider *found;

	if (search->next < table->count && strcmp(table->providers[search->next]->name, name) == 0)
		found = table->providers[search->next];
	else
		found = find_sorted(search, name);
	if (found != NULL)
		search->next = found->index + 1;
	return found;
}

static int is_state(const struct di_provider *provider)
{
	return provider->kind->given != NULL && provider->scope != NULL;
}

/* A row that chooses gives what its options give. */
static int is_kept(const struct di_provider *row)
{
	uint32_t i;

	if (row->kind->choose == NULL)
		return row->kind->cached;
	for (i = 0; i < row->options_count; i++) {
		if (!row->needs[row->needs_count + i]->kind->cached)
			return 0;
	}
	return 1;
}

/* What the compiler has made of the other table's rows must hold for those in their place. */
static enum di_status check_row(const struct di_provider *row, const struct di_provider *other,
				struct di_error *err)
{
	if (!di_type_equal(row->type, other->type))
		return di__fail(err, DI_EINVAL, row, "it provides %s, in %s it is %s",
				row->type->name, other->table->name, other->type->name);
	if (row->life > other->life)
		return di__fail(err, DI_EINVAL, row, "it lives shorter than in %s",
				other->table->name);
	if (other->kind->cached && !is_kept(row))
		return di__fail(err, DI_EINVAL, row, "it is a %s, in %s it is made once: a %s",
				row->kind->name, other->table->name, other->kind->name);
	if (is_state(other) && (!is_state(row) || row->scope != other->scope))
		return di__fail(err, DI_EINVAL, row, "in %s it is a state of scope %s",
				other->table->name, other->scope->name);
	return DI_OK;
}

enum di_status di__place_check(const struct di_table *table, const struct di_table *other,
			       struct di_error *err)
{
	if (other->abi != DI_ABI || other->provider_size != sizeof(struct di_provider))
		return di__misuse(err, DI_EABI, NULL,
				  "%s is to be in the place of %s, whose table "
				  "has abi %u, the library %d",
				  table->name, other->name, (unsigned)other->abi, DI_ABI);
	return DI_OK;
}

size_t di__place_size(const struct di_table *other)
{
	return other->count * sizeof(const struct di_provider *);
}

void *di__place_rows(struct di_container *container, const struct di_table *other, void *memory,
		     struct di_error *err)
{
	const struct di_provider **placed = memory;
	struct search search = { container->table, placed + other->count, 0, 0 };
	uint32_t i;

	container->in_place_of = other;
	container->placed = placed;
	for (i = 0; i < other->count; i++) {
		const struct di_provider *wanted = other->providers[i];

		placed[i] = find(&search, wanted->name);
		if (placed[i] == NULL) {
			di__fail(err, DI_EINVAL, NULL,
				 "%s is to be in the place of %s, and has no %s",
				 container->table->name, other->name, wanted->name);
			return NULL;
		}
		if (check_row(placed[i], wanted, err) != DI_OK)
			return NULL;
	}
	return placed + other->count;
}
