/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include "providers/dict.h"
#include "providers/list.h"

#include <stdalign.h>
#include <stdio.h>
#include <string.h>

/*
 * Descriptors of checked rows. Everything of a table stands in a pool of its own, so that it does
 * not need the builder: but for exports, scopes and connected tables, which both borrow.
 */

struct built_table {
	struct di_table table; /* first */
	uint32_t users;
	struct di__pool pool;
	const struct di_scope **scopes;
	uint32_t scopes_count;
};

struct build {
	struct di_builder *builder;
	struct built_table *built;
	struct di__pool *pool;
	struct di_provider *providers; /* in the order of the table */
	struct di_scope **made_scopes; /* copies of the builder's, in its order */
	struct {
		const struct di_scope *given, *found;
	} scopes[DI__SCOPES_MAX + 1]; /* of rows; some have none */
	uint32_t scopes_count;
	int failed;
};

static void *take(struct build *build, size_t count, size_t size)
{
	void *taken = di__pool_array(build->pool, count > 0 ? count : 1, size);

	build->failed |= taken == NULL;
	return taken;
}

static const char *copy(struct build *build, const char *text)
{
	const char *copied = di__pool_copy(build->pool, text, strlen(text));

	build->failed |= copied == NULL;
	return copied;
}

/* ---- Parts of a descriptor. ---- */

static const struct di_provider *provider_of(const struct build *build,
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
static const struct di_provider **build_needs(struct build *build, const struct di__built_row *row,
					      uint32_t further)
{
	uint32_t i, count = 0;
	const struct di_provider **needs =
		take(build, count_needs(row) + further + 1, sizeof(struct di_provider *));

	for (i = 0; needs != NULL && i < row->arguments_count; i++) {
		if (row->arguments[i].kind == DI_ARGUMENT_NEED)
			needs[count++] = provider_of(build, &row->arguments[i].target);
	}
	return needs;
}

/* What a plain pointer, a string, points to must last as long as the table. */
static const void *keep_pointer(struct build *build, const struct di__built_argument *argument)
{
	if (argument->kind == DI_ARGUMENT_OBJECT || argument->pointer == NULL)
		return argument->pointer;
	return copy(build, argument->pointer);
}

static void build_argument(struct build *build, const struct di__built_argument *from,
			   const struct di_parameter *parameter, struct di__bound_argument *to)
{
	to->parameter = parameter;
	to->is_need = from->kind == DI_ARGUMENT_NEED;
	to->field = from->field;
	to->value = from->value;
	to->pointer = keep_pointer(build, from);
}

/* NULL where the needs as they are fill the parameters. */
static const struct di__binding *build_binding(struct build *build, const struct di__built_row *row)
{
	struct di__binding *binding;
	int is_plain = 1;
	uint32_t i;

	for (i = 0; i < row->arguments_count; i++)
		is_plain &= row->arguments[i].kind == DI_ARGUMENT_NEED &&
			    row->arguments[i].path == NULL;
	if (is_plain)
		return NULL;
	binding = take(build, 1,
		       sizeof(*binding) + row->arguments_count * sizeof(struct di__bound_argument));
	if (binding == NULL)
		return NULL;
	binding->export = row->maker->export;
	binding->count = row->arguments_count;
	for (i = 0; i < row->arguments_count; i++)
		build_argument(build, &row->arguments[i], &binding->export->parameters[i],
			       &binding->arguments[i]);
	return binding;
}

static const struct di_type *build_type(struct build *build, const struct di__built_row *row)
{
	struct di_type *type;
	char name[256];

	if (row->found_type != NULL)
		return row->found_type;
	type = take(build, 1, sizeof(*type));
	if (type == NULL)
		return NULL;
	type->is_const = row->provides.is_const;
	if (row->provides.base->length < sizeof(name) - 8) {
		type->name = copy(build, di__type_text(row->provides, name, sizeof(name)));
		return type;
	}
	type->name = copy(build, row->type);
	return type;
}

/* ---- Rows by shape. ---- */

static void build_async(struct build *build, const struct di__built_row *row,
			const struct di__binding *binding, struct di_provider *provider)
{
	const struct di_export *maker = row->maker->export;
	struct di__built_async *built = take(build, 1, sizeof(*built));

	if (built == NULL)
		return;
	built->async.begin = binding != NULL ? di__begin_bound : maker->begin;
	built->async.end = row->ender != NULL ? row->ender->export->end : NULL;
	built->async.constructor = maker->function;
	built->binding = binding;
	provider->object = built;
}

static void build_made(struct build *build, const struct di__built_row *row,
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

static void build_object(struct build *build, const struct di__built_row *row,
			 struct di_provider *provider)
{
	union di__scalar *value;

	if (row->value->pointer != NULL) {
		provider->object = keep_pointer(build, row->value);
		return;
	}
	value = take(build, 1, sizeof(*value));
	if (value != NULL)
		*value = row->value->value;
	provider->object = value;
}

static void build_members(struct build *build, const struct di__built_row *row,
			  const struct di_provider **needs)
{
	uint32_t i;

	for (i = 0; i < row->members_count; i++)
		needs[i] = provider_of(build, &row->members[i].target);
}

static const char *const *build_keys(struct build *build, const struct di__built_row *row)
{
	const char **keys = take(build, row->members_count, sizeof(char *));
	uint32_t i;

	for (i = 0; keys != NULL && i < row->members_count; i++)
		keys[i] = copy(build, row->members[i].key);
	return keys;
}

static const char *quoted(struct build *build, const char *key)
{
	size_t size = strlen(key) + 3;
	char *text = take(build, 1, size);

	if (text != NULL)
		snprintf(text, size, "\"%s\"", key);
	return text;
}

static void build_selector(struct build *build, const struct di__built_row *row,
			   struct di_provider *provider)
{
	struct di__built_choice *choice = take(build, 1, sizeof(*choice));
	uint32_t count = count_needs(row);
	const struct di_provider **needs = build_needs(build, row, 1 + row->members_count);

	if (choice == NULL || needs == NULL)
		return;
	needs[count++] = &di__choice;
	build_members(build, row, needs + count);
	choice->choice.keys = build_keys(build, row);
	if (row->always != NULL) {
		choice->always = copy(build, row->always);
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

static void build_holder(struct build *build, const struct di__built_row *row,
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

static void build_lazy(struct build *build, const struct di__built_row *row,
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

/* A scope that the builder has made stands in the table too. */
static const struct di_scope *find_scope(const struct build *build, const struct di_scope *scope)
{
	const struct di__made_scope *at;
	uint32_t i = 0;

	for (at = build->builder->scopes; at != NULL; at = at->next, i++) {
		if (&at->scope == scope)
			return build->made_scopes[i];
	}
	return scope;
}

/* Many may have been made, but rows have few, which are looked for once. */
static const struct di_scope *scope_of(struct build *build, const struct di_scope *scope)
{
	uint32_t i;

	for (i = 0; i < build->scopes_count; i++) {
		if (build->scopes[i].given == scope)
			return build->scopes[i].found;
	}
	build->scopes[i].given = scope;
	build->scopes[i].found = find_scope(build, scope);
	build->scopes_count++;
	return build->scopes[i].found;
}

static void build_row(struct build *build, const struct di__built_row *row)
{
	struct di_provider *provider = &build->providers[row->index];

	provider->name = copy(build, row->name->text);
	provider->table = &build->built->table;
	provider->kind = row->found_kind;
	provider->type = build_type(build, row);
	provider->index = row->index;
	provider->life = (uint16_t)row->life;
	build->built->table.threads |= row->life == di__scope_thread__rank;
	provider->lane =
		(uint32_t)(row->found_kind->home == DI_HOME_ROOT ? offsetof(struct di__lane, root)
								 : offsetof(struct di__lane, own));
	provider->scope = scope_of(build, row->found_scope);
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

/* ---- The table. ---- */

static void add_scope(struct build *build, const struct di_scope *scope)
{
	build->built->scopes[build->built->scopes_count++] = scope;
}

static void build_scopes(struct build *build)
{
	const struct di_builder *builder = build->builder;
	const struct di__given_scope *given;
	const struct di__made_scope *made;
	size_t count = 0, i = 0;

	for (made = builder->scopes; made != NULL; made = made->next)
		count++;
	build->made_scopes = take(build, count, sizeof(struct di_scope *));
	for (given = builder->given_scopes; given != NULL; given = given->next)
		i++;
	build->built->scopes = take(build, count + i, sizeof(struct di_scope *));
	if (build->failed)
		return;
	for (given = builder->given_scopes; given != NULL; given = given->next)
		add_scope(build, given->scope);
	for (made = builder->scopes, i = 0; made != NULL; made = made->next, i++) {
		struct di_scope *scope = take(build, 1, sizeof(*scope));
		const char *name = copy(build, made->scope.name);

		if (scope == NULL || name == NULL)
			return;
		*scope = (struct di_scope){ name, made->scope.rank };
		build->made_scopes[i] = scope;
		add_scope(build, scope);
	}
}

static void build_connected(struct build *build)
{
	const struct di_builder *builder = build->builder;
	const struct di_table **tables =
		take(build, builder->connected_count, sizeof(struct di_table *));
	const struct di__connected *at;
	uint32_t i = 0;

	for (at = builder->connected; tables != NULL && at != NULL; at = at->next)
		tables[i++] = at->table;
	build->built->table.connects = tables;
	build->built->table.connects_count = builder->connected_count;
}

static void build_rows(struct build *build)
{
	struct di_builder *builder = build->builder;
	const struct di_provider **providers =
		take(build, builder->count, sizeof(struct di_provider *));
	uint32_t i;

	build->providers = take(build, builder->count, sizeof(struct di_provider));
	for (i = 0; i < builder->count && !build->failed; i++) {
		providers[i] = &build->providers[i];
		build_row(build, builder->order[i]);
	}
	build->built->table.providers = providers;
	build->built->table.count = builder->count;
}

static void count_connected(const struct di_table *table, uint32_t added)
{
	uint32_t i;

	for (i = 0; i < table->connects_count; i++) {
		if (table->connects[i]->users != NULL)
			__atomic_add_fetch(table->connects[i]->users, added, __ATOMIC_ACQ_REL);
	}
}

static const struct di_table *build_table(struct di_builder *builder, struct di_error *err)
{
	struct di__pool pool;
	struct build build = { .builder = builder };

	di__pool_init(&pool, &builder->pool.allocator);
	build.built = di__pool_array(&pool, 1, sizeof(*build.built));
	if (build.built != NULL) {
		build.built->pool = pool;
		build.pool = &build.built->pool;
		build.built->table = (struct di_table){ .abi = DI_ABI,
							.provider_size = sizeof(struct di_provider),
							.name = copy(&build, builder->name),
							.users = &build.built->users };
		build_scopes(&build);
		build_connected(&build);
		if (!build.failed)
			build_rows(&build);
	}
	if (build.built != NULL && !build.failed) {
		count_connected(&build.built->table, 1);
		return &build.built->table;
	}
	di__fail(err, DI_ENOMEM, NULL, "for the table %s", builder->name);
	if (build.built != NULL)
		di__pool_release(build.pool);
	return NULL;
}

const struct di_table *di_builder_build(struct di_builder *builder, struct di_error *err)
{
	if (builder == NULL) {
		di__misuse(err, DI_EINVAL, NULL, "there is no builder");
		return NULL;
	}
	if (!builder->is_checked) {
		if (di_builder_check(builder, err) != DI_OK)
			return NULL;
	} else if (builder->faults > 0) {
		if (err != NULL)
			*err = builder->error;
		return NULL;
	}
	return build_table(builder, err);
}

enum di_status di_table_free(const struct di_table *table, struct di_error *err)
{
	struct built_table *built = (struct built_table *)(uintptr_t)table;
	uint32_t users;

	if (table == NULL)
		return DI_OK;
	if (table->users == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "%s was not built but compiled",
				  table->name);
	users = DI__LOAD(built->users);
	if (users > 0)
		return di__fail(err, DI_EBUSY, NULL, "%s is used by %u container%s or table%s",
				table->name, (unsigned)users, users == 1 ? "" : "s",
				users == 1 ? "" : "s");
	count_connected(table, UINT32_MAX);
	di__pool_release(&built->pool);
	return DI_OK;
}

const struct di_scope *di_table_scope(const struct di_table *table, const char *name)
{
	const struct built_table *built = (const void *)table;
	uint32_t i;

	if (table == NULL || name == NULL)
		return NULL;
	for (i = 0; i < table->count; i++) {
		const struct di_scope *scope = table->providers[i]->scope;

		if (scope != NULL && strcmp(scope->name, name) == 0)
			return scope;
	}
	for (i = 0; table->users != NULL && i < built->scopes_count; i++) {
		if (strcmp(built->scopes[i]->name, name) == 0)
			return built->scopes[i];
	}
	return NULL;
}
