/* SPDX-License-Identifier: MIT */
#include "containers/build.h"

#include <string.h>

/*
 * Tables of checked rows. Everything of a table stands in a pool of its own, so that it does not
 * need the builder: but for exports, scopes and connected tables, which both borrow.
 */

void *di__build_take(struct di__build *build, size_t count, size_t size)
{
	void *taken = di__pool_array(build->pool, count > 0 ? count : 1, size);

	build->failed |= taken == NULL;
	return taken;
}

const char *di__build_copy(struct di__build *build, const char *text)
{
	const char *copied = di__pool_copy(build->pool, text, strlen(text));

	build->failed |= copied == NULL;
	return copied;
}

/* ---- Scopes. ---- */

/* A scope that the builder has made stands in the table too. */
static const struct di_scope *find_scope(const struct di__build *build,
					 const struct di_scope *scope)
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
const struct di_scope *di__build_scope(struct di__build *build, const struct di_scope *scope)
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

static void add_scope(struct di__build *build, const struct di_scope *scope)
{
	build->built->scopes[build->built->scopes_count++] = scope;
}

static void build_scopes(struct di__build *build)
{
	const struct di_builder *builder = build->builder;
	const struct di__given_scope *given;
	const struct di__made_scope *made;
	size_t count = 0, i = 0;

	for (made = builder->scopes; made != NULL; made = made->next)
		count++;
	build->made_scopes = di__build_take(build, count, sizeof(struct di_scope *));
	for (given = builder->given_scopes; given != NULL; given = given->next)
		i++;
	build->built->scopes = di__build_take(build, count + i, sizeof(struct di_scope *));
	if (build->failed)
		return;
	for (given = builder->given_scopes; given != NULL; given = given->next)
		add_scope(build, given->scope);
	for (made = builder->scopes, i = 0; made != NULL; made = made->next, i++) {
		struct di_scope *scope = di__build_take(build, 1, sizeof(*scope));
		const char *name = di__build_copy(build, made->scope.name);

		if (scope == NULL || name == NULL)
			return;
		*scope = (struct di_scope){ name, made->scope.rank };
		build->made_scopes[i] = scope;
		add_scope(build, scope);
	}
}

/* ---- The table. ---- */

static void build_connected(struct di__build *build)
{
	const struct di_builder *builder = build->builder;
	const struct di_table **tables =
		di__build_take(build, builder->connected_count, sizeof(struct di_table *));
	const struct di__connected *at;
	uint32_t i = 0;

	for (at = builder->connected; tables != NULL && at != NULL; at = at->next)
		tables[i++] = at->table;
	build->built->table.connects = tables;
	build->built->table.connects_count = builder->connected_count;
}

static void build_rows(struct di__build *build)
{
	struct di_builder *builder = build->builder;
	const struct di_provider **providers =
		di__build_take(build, builder->count, sizeof(struct di_provider *));
	uint32_t i;

	build->providers = di__build_take(build, builder->count, sizeof(struct di_provider));
	for (i = 0; i < builder->count && !build->failed; i++) {
		providers[i] = &build->providers[i];
		di__build_row(build, builder->order[i]);
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
	struct di__build build = { .builder = builder };

	di__pool_init(&pool, &builder->pool.allocator);
	build.built = di__pool_array(&pool, 1, sizeof(*build.built));
	if (build.built != NULL) {
		build.built->pool = pool;
		build.pool = &build.built->pool;
		build.built->table =
			(struct di_table){ .abi = DI_ABI,
					   .provider_size = sizeof(struct di_provider),
					   .name = di__build_copy(&build, builder->name),
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
	struct di__built_table *built = (struct di__built_table *)(uintptr_t)table;
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
	const struct di__built_table *built = (const void *)table;
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
