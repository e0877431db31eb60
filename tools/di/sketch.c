/* SPDX-License-Identifier: MIT */
#include "tools/di/loaded.h"

#include <stdlib.h>
#include <string.h>

/*
 * The table of rows that a builder has checked, and may not be able to build: what is known of them
 * for graphs, and for rows of other containers.
 */

struct sketch {
	struct di__pool pool;
	struct di_table table;
};

enum {
	TYPE_SIZE = 256
};

static const struct di_type *type_of(struct sketch *sketch, const struct di__built_row *row)
{
	struct di_type *type = di__pool_array(&sketch->pool, 1, sizeof(*type));
	char buffer[TYPE_SIZE];
	const char *text = type_text(row, buffer, sizeof(buffer));

	if (type == NULL)
		return NULL;
	/* One without a name is not known. */
	text = text != NULL ? text : "";
	*type = (struct di_type){ .size = 0,
				  .name = di__pool_copy(&sketch->pool, text, strlen(text)),
				  .is_const = strncmp(text, "const ", 6) == 0 };
	return type->name != NULL ? type : NULL;
}

static const struct di_provider *provider_of(const struct sketch *sketch,
					     const struct di__target *target)
{
	return target->row != NULL ? sketch->table.providers[target->row->index] : target->provider;
}

static int is_holder(const struct di__built_row *row)
{
	return row->shape == DI__SHAPE_LIST || row->shape == DI__SHAPE_DICT;
}

/* Needs first, what is chosen or led to behind them. */
static int add_needs(struct sketch *sketch, const struct di__built_row *row,
		     struct di_provider *provider)
{
	uint32_t count = di__targets_count(row), i, known = 0;
	const struct di_provider **needs =
		di__pool_array(&sketch->pool, count + 1, sizeof(const struct di_provider *));

	if (needs == NULL)
		return 0;
	for (i = 0; i < count; i++) {
		const struct di_provider *need = provider_of(sketch, di__target_at(row, i));

		if (need != NULL)
			needs[known++] = need;
		if (need != NULL && (i < row->arguments_count || is_holder(row)))
			provider->needs_count++;
	}
	provider->needs = needs;
	provider->options_count = known - provider->needs_count;
	return 1;
}

static int add_keys(struct sketch *sketch, const struct di__built_row *row,
		    struct di_provider *provider)
{
	struct di_choice *choice = di__pool_array(&sketch->pool, 1, sizeof(*choice));
	const char **keys =
		di__pool_array(&sketch->pool, row->members_count + 1, sizeof(const char *));
	uint32_t i, known = 0;

	if (choice == NULL || keys == NULL)
		return 0;
	for (i = 0; i < row->members_count; i++) {
		const struct di__target *target = &row->members[i].target;

		if (target->row != NULL || target->provider != NULL)
			keys[known++] = row->members[i].key;
	}
	choice->keys = keys;
	provider->object = choice;
	return 1;
}

static const char *word(const struct di__name *name)
{
	return name != NULL ? name->text : "";
}

static int draw(struct sketch *sketch, const struct di__built_row *row,
		struct di_provider *provider)
{
	provider->name = row->name->text;
	provider->table = &sketch->table;
	provider->kind = row->found_kind;
	provider->type = type_of(sketch, row);
	provider->index = row->index;
	provider->life = (uint16_t)row->life;
	provider->scope = row->found_scope;
	provider->constructor = word(row->constructor);
	provider->destructor = word(row->destructor);
	return provider->type != NULL && add_needs(sketch, row, provider) &&
	       (row->shape != DI__SHAPE_SELECTOR || add_keys(sketch, row, provider));
}

static int draw_rows(struct sketch *sketch, const struct di_builder *builder)
{
	struct di_provider *providers =
		di__pool_array(&sketch->pool, builder->count + 1, sizeof(*providers));
	const struct di_provider **list = di__pool_array(&sketch->pool, builder->count + 1,
							 sizeof(const struct di_provider *));
	uint32_t i;

	if (providers == NULL || list == NULL)
		return 0;
	for (i = 0; i < builder->count; i++)
		list[i] = &providers[i];
	sketch->table.providers = list;
	sketch->table.count = builder->count;
	for (i = 0; i < builder->count; i++) {
		if (!draw(sketch, builder->order[i], &providers[i]))
			return 0;
	}
	return 1;
}

static int draw_connected(struct sketch *sketch, const struct di_builder *builder)
{
	const struct di_table **connects = di__pool_array(
		&sketch->pool, builder->connected_count + 1, sizeof(const struct di_table *));
	const struct di__connected *connected;

	if (connects == NULL)
		return 0;
	for (connected = builder->connected; connected != NULL; connected = connected->next)
		connects[sketch->table.connects_count++] = connected->table;
	sketch->table.connects = connects;
	return 1;
}

const struct di_table *loaded_table(struct loaded *loaded)
{
	const struct di_builder *builder = loaded->wire.builder;
	struct sketch *sketch = loaded->sketch;

	if (sketch != NULL)
		return &sketch->table;
	sketch = calloc(1, sizeof(*sketch));
	if (sketch == NULL) {
		loaded->faults.no_memory = 1;
		return NULL;
	}
	di__pool_init(&sketch->pool, NULL);
	loaded->sketch = sketch;
	sketch->table.abi = DI_ABI;
	sketch->table.provider_size = sizeof(struct di_provider);
	sketch->table.name = builder->name;
	if (draw_rows(sketch, builder) && draw_connected(sketch, builder))
		return &sketch->table;
	loaded->faults.no_memory = 1;
	return NULL;
}

void sketch_free(struct sketch *sketch)
{
	if (sketch == NULL)
		return;
	di__pool_release(&sketch->pool);
	free(sketch);
}
