/* SPDX-License-Identifier: MIT */
#include "containers/built.h"

#include <string.h>

/*
 * What a builder is given, copied into its pool. Nothing is looked up yet but what stands under the
 * same name, so that adding a row takes no longer with many rows than with few.
 */

static int enter_scopes(struct di_builder *builder)
{
	static const struct di_scope *const known[] = { &di_scope_app, &di_scope_request,
							&di_scope_inject, &di_scope_any };
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *text = known[i]->name;
		struct di__name *name = di__names_enter(&builder->names, text, strlen(text));

		if (name == NULL)
			return 0;
		name->scope = known[i];
	}
	return 1;
}

/* Its name and its default, and the scopes that are there always. */
static int fill(struct di_builder *builder, const char *name, const char *default_scope)
{
	builder->name = di__pool_copy(&builder->pool, name, strlen(name));
	builder->keep = di__names_enter(&builder->names, "di_keep", strlen("di_keep"));
	builder->context = di__names_enter(&builder->names, "DI_CONTEXT", strlen("DI_CONTEXT"));
	if (builder->name == NULL || builder->keep == NULL || builder->context == NULL ||
	    !enter_scopes(builder) || !di__enter_kinds(builder))
		return 0;
	if (default_scope == NULL)
		return 1;
	builder->default_scope =
		di__names_enter(&builder->names, default_scope, strlen(default_scope));
	return builder->default_scope != NULL;
}

struct di_builder *di_builder_new(const char *name, const struct di_builder_options *options,
				  struct di_error *err)
{
	static const struct di_builder_options none = { .abi = DI_ABI };
	struct di_builder *builder;
	struct di__pool pool;

	if (options == NULL)
		options = &none;
	if (name == NULL || options->abi != DI_ABI) {
		if (name == NULL)
			di__misuse(err, DI_EINVAL, NULL, "the table has no name");
		else
			di__misuse(err, DI_EABI, NULL,
				   "the options have abi %u, the library %d; set abi to DI_ABI",
				   (unsigned)options->abi, DI_ABI);
		return NULL;
	}
	di__pool_init(&pool, options->allocator);
	builder = di__pool_array(&pool, 1, sizeof(*builder));
	if (builder == NULL) {
		di__fail(err, DI_ENOMEM, NULL, "for a builder of %s", name);
		return NULL;
	}
	builder->pool = pool;
	di__names_init(&builder->names, &builder->pool);
	di__names_init(&builder->types, &builder->pool);
	di__names_init(&builder->keys, &builder->pool);
	builder->last = &builder->first;
	builder->connected_last = &builder->connected;
	builder->scopes_last = &builder->scopes;
	builder->report = options->report;
	builder->data = options->data;
	if (!fill(builder, name, options->default_scope)) {
		di__fail(err, DI_ENOMEM, NULL, "for a builder of %s", name);
		di_builder_free(builder);
		return NULL;
	}
	return builder;
}

void di_builder_free(struct di_builder *builder)
{
	if (builder != NULL)
		di__pool_release(&builder->pool);
}

size_t di_builder_count(const struct di_builder *builder)
{
	return builder != NULL ? builder->count : 0;
}

static enum di_status no_memory(const struct di_builder *builder, struct di_error *err)
{
	return di__fail(err, DI_ENOMEM, NULL, "for the builder of %s", builder->name);
}

static enum di_status no_builder(struct di_error *err)
{
	return di__misuse(err, DI_EINVAL, NULL, "there is no builder");
}

/* ---- Exports. ---- */

static int same_element(const struct di__exported *a, const struct di__exported *b)
{
	return a->parameters[0].base == b->parameters[0].base &&
	       a->parameters[0].is_const == b->parameters[0].is_const &&
	       a->export->parameters[0].kind == b->export->parameters[0].kind &&
	       a->export->offset == b->export->offset;
}

/* Whether both stand for the same thing of the program. */
static int is_same(const struct di__exported *a, const struct di__exported *b)
{
	switch (a->export->kind) {
	case DI_EXPORT_CONSTRUCTOR:
	case DI_EXPORT_DESTRUCTOR:
	case DI_EXPORT_CHOOSER:
		return a->export->function == b->export->function;
	case DI_EXPORT_OBJECT:
	case DI_EXPORT_SCOPE:
		return a->export->object == b->export->object;
	case DI_EXPORT_TYPE:
		return 1;
	default:
		return same_element(a, b);
	}
}

/* The one that it cannot stand beside, or NULL. */
static const struct di__exported *clash(const struct di__name *name,
					const struct di__exported *added)
{
	const struct di__exported *at;
	int by_type = added->export->kind == DI_EXPORT_DESTRUCTOR ||
		      added->export->kind == DI_EXPORT_FIELD;

	for (at = name->exported; at != NULL; at = at->next) {
		if (at->export->kind == added->export->kind &&
		    (!by_type || at->type.base == added->type.base) && !is_same(at, added))
			return at;
	}
	return NULL;
}

static struct di__exported *see_export(struct di_builder *builder, const struct di_exports *exports,
				       const struct di_export *export)
{
	size_t size = sizeof(struct di__exported) +
		      export->parameters_count * sizeof(struct di__seen_type);
	struct di__exported *exported = di__pool_array(&builder->pool, 1, size);
	uint32_t i;

	if (exported == NULL)
		return NULL;
	exported->export = export;
	exported->exports = exports;
	if (export->type.name != NULL &&
	    di__see_type(builder, export->type.name, 0, &exported->type) != DI_OK)
		return NULL;
	exported->type.is_const = export->type.is_const;
	for (i = 0; i < export->parameters_count; i++) {
		const struct di_parameter *parameter = &export->parameters[i];

		if (parameter->kind != DI_VALUE_POINTER)
			continue;
		if (di__see_type(builder, parameter->type.name, 1, &exported->parameters[i]) !=
		    DI_OK)
			return NULL;
		exported->parameters[i].is_const = parameter->type.is_const;
	}
	return exported;
}

/* The names of types are ours to write to, whoever asked for them. */
static struct di__name *type_of(const struct di__name *base)
{
	return (struct di__name *)(uintptr_t)base;
}

static void link_export(struct di__name *name, struct di__exported *exported)
{
	const struct di_export *export = exported->export;
	uint32_t i;

	exported->next = name->exported;
	name->exported = exported;
	if (exported->type.base != NULL)
		type_of(exported->type.base)->uses = export;
	for (i = 0; i < export->parameters_count; i++) {
		if (exported->parameters[i].base != NULL)
			type_of(exported->parameters[i].base)->uses = export;
	}
	if (export->kind == DI_EXPORT_LIST || export->kind == DI_EXPORT_DICT ||
	    export->kind == DI_EXPORT_LAZY)
		type_of(exported->type.base)->holder = exported;
	if (export->kind == DI_EXPORT_SCOPE)
		name->scope = export->object;
}

static enum di_status refuse_export(const struct di_exports *exports, const char *name,
				    const char *other, struct di_error *err)
{
	return di__fail(err, DI_EINVAL, NULL, "%s exports %s, of which %s has another",
			exports->name, name, other);
}

static enum di_status enter_export(struct di_builder *builder, const struct di_exports *exports,
				   uint32_t number, struct di__name **name,
				   struct di__exported **exported, struct di_error *err)
{
	const struct di_export *export = &exports->exports[number];
	const struct di__exported *other;

	*name = di__names_enter(&builder->names, export->name, strlen(export->name));
	*exported = see_export(builder, exports, export);
	if (*name == NULL || *exported == NULL)
		return no_memory(builder, err);
	other = clash(*name, *exported);
	if (other != NULL)
		return refuse_export(exports, export->name, other->exports->name, err);
	if (export->kind == DI_EXPORT_SCOPE && (*name)->scope != NULL &&
	    (*name)->scope != export->object)
		return refuse_export(exports, export->name, "the builder", err);
	return DI_OK;
}

enum di_status di_builder_export(struct di_builder *builder, const struct di_exports *exports,
				 struct di_error *err)
{
	struct di__exported **exported;
	enum di_status status = DI_OK;
	struct di__name **names;
	uint32_t i;

	if (builder == NULL)
		return no_builder(err);
	if (exports == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there are no exports");
	if (exports->abi != DI_ABI || exports->export_size != sizeof(struct di_export))
		return di__fail(err, DI_EABI, NULL,
				"%s has abi %u and exports of %u bytes, the library %d and %zu",
				exports->abi == DI_ABI ? exports->name : "the table of exports",
				(unsigned)exports->abi, (unsigned)exports->export_size, DI_ABI,
				sizeof(struct di_export));
	names = di__pool_array(&builder->pool, exports->count, sizeof(struct di__name *));
	exported = di__pool_array(&builder->pool, exports->count, sizeof(struct di__exported *));
	if (names == NULL || exported == NULL)
		return no_memory(builder, err);
	for (i = 0; i < exports->count && status == DI_OK; i++)
		status = enter_export(builder, exports, i, &names[i], &exported[i], err);
	for (i = 0; i < exports->count && status == DI_OK; i++)
		link_export(names[i], exported[i]);
	builder->is_checked = 0;
	return status;
}

/* ---- Connected tables. ---- */

static void enter_provider(struct di__name *name, const struct di_provider *provider)
{
	if (name->connected == NULL)
		name->connected = provider;
	else if (name->connected_by == NULL)
		name->connected_by = provider;
}

enum di_status di_builder_connect(struct di_builder *builder, const struct di_table *table,
				  struct di_error *err)
{
	struct di__connected *connected;
	struct di__name **names;
	uint32_t i;

	if (builder == NULL)
		return no_builder(err);
	if (table == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no table to connect");
	if (table->abi != DI_ABI || table->provider_size != sizeof(struct di_provider))
		return di__misuse(err, DI_EABI, NULL, "the table has abi %u, the library %d",
				  (unsigned)table->abi, DI_ABI);
	for (connected = builder->connected; connected != NULL; connected = connected->next) {
		if (connected->table == table)
			return di__misuse(err, DI_EINVAL, NULL, "%s is connected already",
					  table->name);
	}
	connected = di__pool_array(&builder->pool, 1, sizeof(*connected));
	names = di__pool_array(&builder->pool, table->count, sizeof(struct di__name *));
	if (connected == NULL || names == NULL)
		return no_memory(builder, err);
	for (i = 0; i < table->count; i++) {
		const char *name = table->providers[i]->name;

		names[i] = di__names_enter(&builder->names, name, strlen(name));
		if (names[i] == NULL)
			return no_memory(builder, err);
	}
	for (i = 0; i < table->count; i++)
		enter_provider(names[i], table->providers[i]);
	connected->table = table;
	*builder->connected_last = connected;
	builder->connected_last = &connected->next;
	builder->connected_count++;
	builder->is_checked = 0;
	return DI_OK;
}

/* ---- Scopes. ---- */

enum di_status di_builder_scope(struct di_builder *builder, const struct di_scope *scope,
				struct di_error *err)
{
	struct di__given_scope *given;
	struct di__name *name;

	if (builder == NULL)
		return no_builder(err);
	if (scope == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "there is no scope");
	if (scope->rank < 1 || scope->rank > 299)
		return di__misuse(err, DI_EINVAL, NULL,
				  "the scope %s has the rank %d; ranks are from 1 to 299",
				  scope->name, scope->rank);
	name = di__names_enter(&builder->names, scope->name, strlen(scope->name));
	given = di__pool_array(&builder->pool, 1, sizeof(*given));
	if (name == NULL || given == NULL)
		return no_memory(builder, err);
	if (name->scope != NULL && name->scope != scope)
		return di__fail(err, DI_EINVAL, NULL, "there is another scope %s", scope->name);
	*given = (struct di__given_scope){ builder->given_scopes, scope };
	builder->given_scopes = given;
	name->scope = scope;
	builder->is_checked = 0;
	return DI_OK;
}

enum di_status di_builder_new_scope(struct di_builder *builder, const char *name, int rank,
				    const void *at, struct di_error *err)
{
	struct di__made_scope *made;

	if (builder == NULL)
		return no_builder(err);
	if (name == NULL)
		return di__misuse(err, DI_EINVAL, NULL, "the scope has no name");
	made = di__pool_array(&builder->pool, 1, sizeof(*made));
	if (made == NULL)
		return no_memory(builder, err);
	made->name = di__names_enter(&builder->names, name, strlen(name));
	if (made->name == NULL)
		return no_memory(builder, err);
	made->scope = (struct di_scope){ made->name->text, rank };
	made->at = at;
	*builder->scopes_last = made;
	builder->scopes_last = &made->next;
	builder->is_checked = 0;
	return DI_OK;
}
