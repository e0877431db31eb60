/* SPDX-License-Identifier: MIT */
#include "containers/place.h"

#include <string.h>

/* Both tables mostly have their rows in one order: a search begins where the last one ended. */
static const struct di_provider *find(const struct di_table *table, const char *name, uint32_t *at)
{
	uint32_t i;

	for (i = 0; i < table->count; i++) {
		const struct di_provider *provider = table->providers[(*at + i) % table->count];

		if (strcmp(provider->name, name) == 0) {
			*at = provider->index + 1;
			return provider;
		}
	}
	return NULL;
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
	enum di_status status = DI_OK;
	uint32_t i, at = 0;

	if (other->abi != DI_ABI || other->provider_size != sizeof(struct di_provider))
		return di__misuse(err, DI_EABI, NULL,
				  "%s is to be in the place of %s, whose table "
				  "has abi %u, the library %d",
				  table->name, other->name, (unsigned)other->abi, DI_ABI);
	for (i = 0; i < other->count && status == DI_OK; i++) {
		const struct di_provider *wanted = other->providers[i];
		const struct di_provider *row = find(table, wanted->name, &at);

		if (row == NULL)
			return di__fail(err, DI_EINVAL, NULL,
					"%s is to be in the place of %s, and has no %s",
					table->name, other->name, wanted->name);
		status = check_row(row, wanted, err);
	}
	return status;
}

size_t di__place_size(const struct di_table *other)
{
	return other->count * sizeof(const struct di_provider *);
}

void *di__place_rows(struct di_container *container, const struct di_table *other, void *memory)
{
	uint32_t i, at = 0;

	container->in_place_of = other;
	container->placed = memory;
	for (i = 0; i < other->count; i++)
		container->placed[i] = find(container->table, other->providers[i]->name, &at);
	return container->placed + other->count;
}
