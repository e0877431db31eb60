/* SPDX-License-Identifier: MIT */
#include "containers/build.h"

#include "providers/dict.h"
#include "providers/list.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

/*
 * The descriptor of a checked row, and what it leads to.
 */

/* ---- Parts of a descriptor. ---- */

static const struct di_provider *provider_of(const struct di__build *build,
					     const struct di__target *target)
{
	return target->row != NULL ? &build->providers[target->row->index] : target->provider;
}

static uint32_t count_needs(const struct di__built_row *row)
{
	uint32_t i, count = 0;

	for (i = 0; i < row->arguments_count; i++)
		count += row->arguments[i].kind == DI_ARGUMENT_NEED;
	return count;
}

/* The needs of its function, and behind them a free place for each further one. */
static const struct di_provider **build_needs(struct di__build *build,
					      const struct di__built_row *row, uint32_t further)
{
	uint32_t i, count = 0;
	const struct di_provider **needs =
		di__build_take(build, count_needs(row) + further + 1, sizeof(struct di_provider *));

	for (i = 0; needs != NULL && i < row->arguments_count; i++) {
		if (row->arguments[i].kind == DI_ARGUMENT_NEED)
			needs[count++] = provider_of(build, &row->arguments[i].target);
	}
	return needs;
}

/* What a plain pointer, a string, points to must last as long as the table. */
static const void *keep_pointer(struct di__build *build, const struct di__built_argument *argument)
{
	if (argument->kind == DI_ARGUMENT_OBJECT || argument->pointer == NULL)
		return argument->pointer;
	return di__build_copy(build, argument->pointer);
}

static void build_argument(struct di__build *build, const struct di__built_argument *from,
			   const struct di_parameter *parameter, struct di__bound_argument *to)
{
	to->parameter = parameter;
	to->is_need = from->kind == DI_ARGUMENT_NEED;
	to->field = from->field;
	to->value = from->value;
	to->pointer = keep_pointer(build, from);
}

/* NULL where the needs as they are fill the parameters. */
static const struct di__binding *build_binding(struct di__build *build,
					       const struct di__built_row *row)
{
	struct di__binding *binding;
	int is_plain = 1;
	uint32_t i;

	for (i = 0; i < row->arguments_count; i++)
		is_plain &= row->arguments[i].kind == DI_ARGUMENT_NEED &&
			    row->arguments[i].path == NULL;
	if (is_plain)
		return NULL;
	binding = di__build_take(build, 1,
				 sizeof(*binding) +
					 row->arguments_count * sizeof(struct di__bound_argument));
	if (binding == NULL)
		return NULL;
	binding->export = row->maker->export;
	binding->count = row->arguments_count;
	for (i = 0; i < row->arguments_count; i++)
		build_argument(build, &row->arguments[i], &binding->export->parameters[i],
			       &binding->arguments[i]);
	return binding;
}

static const struct di_type *build_type(struct di__build *build, const struct di__built_row *row)
{
	struct di_type *type;
	char name[256];

	if (row->found_type != NULL)
		return row->found_type;
	type = di__build_take(build, 1, sizeof(*type));
	if (type == NULL)
		return NULL;
	type->is_const = row->provides.is_const;
	if (row->provides.base->length < sizeof(name) - 8) {
		type->name =
			di__build_copy(build, di__type_text(row->provides, name, sizeof(name)));
		return type;
	}
	type->name = di__build_copy(build, row->type);
	return type;
}

/* ---- Rows by shape. ---- */

static void build_async(struct di__build *build, const struct di__built_row *row,
			const struct di__binding *binding, struct di_provider *provider)
{
	const struct di_export *maker = row->maker->export;
	struct di__built_async *built = di__build_take(build, 1, sizeof(*built));

	if (built == NULL)
		return;
	built->async.begin = binding != NULL ? di__begin_bound : maker->begin;
	built->async.end = row->ender != NULL ? row->ender->export->end : NULL;
	built->async.constructor = maker->function;
	built->binding = binding;
	provider->object = built;
}

static void build_made(struct di__build *build, const struct di__built_row *row,
		       struct di_provider *provider)
{
	const struct di_export *maker = row->maker->export;
	const struct di__binding *binding = build_binding(build, row);

	provider->needs = build_needs(build, row, 0);
	provider->needs_count = (uint16_t)count_needs(row);
	provider->destroy = row->ender != NULL ? row->ender->export->destroy : NULL;
	if (row->found_kind->async) {
		build_async(build, row, binding, provider);
	} else {
		provider->create = binding != NULL ? di__create_bound : maker->create;
		provider->object = binding;
	}
	provider->storage_size = maker->storage_size;
	provider->storage_align = maker->storage_align;
	provider->constructor = maker->name;
	provider->destructor = row->ender != NULL ? row->ender->export->name : "di_keep";
}

static void build_object(struct di__build *build, const struct di__built_row *row,
			 struct di_provider *provider)
{
	union di__scalar *value;

	if (row->value->pointer != NULL) {
		provider->object = keep_pointer(build, row->value);
		return;
	}
	value = di__build_take(build, 1, sizeof(*value));
	if (value != NULL)
		*value = row->value->value;
	provider->object = value;
}

static void build_members(struct di__build *build, const struct di__built_row *row,
			  const struct di_provider **needs)
{
	uint32_t i;

	for (i = 0; i < row->members_count; i++)
		needs[i] = provider_of(build, &row->members[i].target);
}

static const char *const *build_keys(struct di__build *build, const struct di__built_row *row)
{
	const char **keys = di__build_take(build, row->members_count, sizeof(char *));
	uint32_t i;

	for (i = 0; keys != NULL && i < row->members_count; i++)
		keys[i] = di__build_copy(build, row->members[i].key);
	return keys;
}

static const char *quoted(struct di__build *build, const char *key)
{
	size_t size = strlen(key) + 3;
	char *text = di__build_take(build, 1, size);

	if (text != NULL)
		snprintf(text, size, "\"%s\"", key);
	return text;
}

static void build_selector(struct di__build *build, const struct di__built_row *row,
			   struct di_provider *provider)
{
	struct di__built_choice *choice = di__build_take(build, 1, sizeof(*choice));
	uint32_t count = count_needs(row);
	const struct di_provider **needs = build_needs(build, row, 1 + row->members_count);

	if (choice == NULL || needs == NULL)
		return;
	needs[count++] = &di__choice;
	build_members(build, row, needs + count);
	choice->choice.keys = build_keys(build, row);
	if (row->always != NULL) {
		choice->always = di__build_copy(build, row->always);
		choice->choice.choose = di__choose_always;
		provider->constructor = quoted(build, row->always);
	} else {
		choice->binding = build_binding(build, row);
		choice->choice.choose =
			choice->binding != NULL ? di__choose_bound : row->maker->export->choose;
		provider->constructor = row->maker->export->name;
	}
	provider->needs = needs;
	provider->needs_count = (uint16_t)count;
	provider->options_count = row->members_count;
	provider->object = choice;
}

static void build_holder(struct di__build *build, const struct di__built_row *row,
			 struct di_provider *provider)
{
	const struct di_provider **needs = build_needs(build, row, row->members_count);
	int is_list = row->shape == DI__SHAPE_LIST;

	if (needs == NULL)
		return;
	build_members(build, row, needs);
	provider->needs = needs;
	provider->needs_count = (uint16_t)row->members_count;
	provider->create = is_list ? di__create_list : di__create_dict;
	provider->object = is_list ? NULL : build_keys(build, row);
	provider->storage_size =
		is_list ? di__list_size(row->members_count) : di__dict_size(row->members_count);
	provider->storage_align = alignof(void *);
	if (row->is_new)
		provider->kind = is_list ? &di_list_made_anew : &di_dict_made_anew;
	else
		provider->kind = is_list ? &di_list : &di_dict;
}

static void build_lazy(struct di__build *build, const struct di__built_row *row,
		       struct di_provider *provider)
{
	const struct di_provider **needs = build_needs(build, row, 2);

	if (needs == NULL)
		return;
	needs[0] = &di__context;
	build_members(build, row, needs + 1);
	provider->needs = needs;
	provider->needs_count = 1;
	provider->options_count = 1;
	provider->create = di__create_lazy;
	provider->object = row->holder->export;
	provider->storage_size = di__lazy_size();
	provider->storage_align = alignof(void *);
}

void di__build_row(struct di__build *build, const struct di__built_row *row)
{
	struct di_provider *provider = &build->providers[row->index];

	provider->name = di__build_copy(build, row->name->text);
	provider->table = &build->built->table;
	provider->kind = row->found_kind;
	provider->type = build_type(build, row);
	provider->index = row->index;
	provider->life = (uint16_t)row->life;
	build->built->table.threads |= row->life == di__scope_thread__rank;
	provider->lane =
		(uint32_t)(row->found_kind->home == DI_HOME_ROOT ? offsetof(struct di__lane, root)
								 : offsetof(struct di__lane, own));
	provider->scope = di__build_scope(build, row->found_scope);
	provider->constructor = provider->destructor = "";
	switch (row->shape) {
	case DI__SHAPE_MADE:
		build_made(build, row, provider);
		break;
	case DI__SHAPE_OBJECT:
		build_object(build, row, provider);
		break;
	case DI__SHAPE_SELECTOR:
		build_selector(build, row, provider);
		break;
	case DI__SHAPE_LIST:
	case DI__SHAPE_DICT:
		build_holder(build, row, provider);
		break;
	case DI__SHAPE_LAZY:
		build_lazy(build, row, provider);
		break;
	default:
		break;
	}
}
