/* SPDX-License-Identifier: MIT */
#include "containers/yaml/wire.h"
#include "containers/yaml/words.h"

#include <stdlib.h>
#include <string.h>

void di__yaml_refuse(struct di__yaml_faults *faults, const struct di__yaml_index *index,
		     uint32_t node, const char *what, const char *word)
{
	di__yaml_fault(faults, di__yaml_at(index, node), DI__YAML_PATH(index, node), "%s %s",
		       DI__YAML_QUOTED(word), what);
}

int di__yaml_took(struct di__yaml_wire *wire, enum di_status status)
{
	if (status == DI_ENOMEM)
		wire->faults->no_memory = 1;
	return status == DI_OK;
}

/* ---- What each file says of itself. ---- */

static void check_version(struct di__yaml_wire *wire, const struct di__yaml_file *file)
{
	uint32_t node = di__yaml_index_find(&file->index, 0, "version");
	const char *version = file->document->version;

	if (version != NULL && strcmp(version, "1") != 0)
		di__yaml_fault(wire->faults, di__yaml_at(&file->index, node), "version",
			       "the version %s is not known; there is 1", DI__YAML_QUOTED(version));
}

void di__yaml_wire_versions(struct di__yaml_wire *wire)
{
	uint32_t i;

	for (i = 0; i < wire->files->ordered; i++)
		check_version(wire, wire->files->items[wire->files->order[i]]);
}

const char *di__yaml_wire_name(struct di__yaml_wire *wire)
{
	const struct di__yaml_file *file = wire->files->items[0];
	const char *name = file->document->container;

	if (name == NULL)
		di__yaml_fault(wire->faults, di__yaml_at(&file->index, 0), "",
			       "the key 'container' is missing");
	else if (di__yaml_is_word(name))
		return name;
	else
		di__yaml_refuse(
			wire->faults, &file->index,
			di__yaml_index_find(&file->index, 0, "container"),
			"is no name: it has letters, digits and _, and begins with no digit", name);
	return "container";
}

/* ---- Scopes and connected containers. ---- */

static void add_scope(struct di__yaml_wire *wire, const struct di__yaml_scope *scope,
		      struct di__yaml_named *named)
{
	const struct di__yaml_index *index = &named->file->index;
	int64_t rank = 2;

	named->name = scope->name;
	if (scope->rank != NULL &&
	    (!di__yaml_integer(scope->rank, &rank) || rank < 2 || rank > 299)) {
		di__yaml_refuse(wire->faults, index,
				di__yaml_index_find(index, named->node, "rank"),
				"is no rank: from 2 to 299", scope->rank);
		named->is_broken = 1;
		rank = 2;
	}
	if (scope->name == NULL || scope->rank == NULL)
		named->is_broken = 1;
	if (scope->name != NULL)
		di__yaml_took(wire, di_builder_new_scope(wire->builder, scope->name, (int)rank,
							 named, NULL));
}

static void add_scopes(struct di__yaml_wire *wire, const struct di__yaml_file *file)
{
	const struct di__yaml_index *index = &file->index;
	uint32_t node = di__yaml_index_find(index, 0, "scopes"), i;

	node = node != 0 ? index->nodes[node].first : 0;
	for (i = 0; i < file->document->scopes_count; i++, node = index->nodes[node].next) {
		struct di__yaml_named *named = &wire->scopes[wire->scopes_count++];

		*named = (struct di__yaml_named){ .file = file, .node = node };
		add_scope(wire, &file->document->scopes[i], named);
	}
}

/* The number of the table of that name, or of all. */
static size_t find_table(const struct di_yaml_options *options, const char *name)
{
	size_t i = 0;

	while (i < options->tables_count && strcmp(options->tables[i]->name, name) != 0)
		i++;
	return i;
}

/* Several files may connect the same one. */
static void connect_one(struct di__yaml_wire *wire, size_t number)
{
	if (wire->is_connected[number])
		return;
	wire->is_connected[number] = 1;
	di__yaml_took(wire, di_builder_connect(wire->builder, wire->options->tables[number], NULL));
}

static void connect_all(struct di__yaml_wire *wire, const struct di__yaml_file *file)
{
	const struct di__yaml_index *index = &file->index;
	uint32_t node = di__yaml_index_find(index, 0, "connects"), i;

	node = node != 0 ? index->nodes[node].first : 0;
	for (i = 0; i < file->document->connects_count; i++, node = index->nodes[node].next) {
		const char *name = file->document->connects[i];
		size_t number = find_table(wire->options, name);

		if (number == wire->options->tables_count)
			di__yaml_refuse(wire->faults, index, node,
					"is no container that the program lets be connected", name);
		else
			connect_one(wire, number);
	}
}

/* ---- All. ---- */

static uint32_t count_scopes(const struct di__yaml_files *files)
{
	uint32_t count = 0, i;

	for (i = 0; i < files->ordered; i++)
		count += files->items[files->order[i]]->document->scopes_count;
	return count;
}

int di__yaml_wire_begin(struct di__yaml_wire *wire, const char *name)
{
	struct di_builder_options options = { .abi = DI_ABI,
					      .report = di__yaml_locate,
					      .data = wire };

	if (wire->report != NULL) {
		options.report = wire->report;
		options.data = wire->data;
	}

	wire->scopes = calloc(count_scopes(wire->files) + 1, sizeof(*wire->scopes));
	wire->builder = di_builder_new(name, &options, NULL);
	if (wire->scopes != NULL && wire->builder != NULL)
		return 1;
	wire->faults->no_memory = 1;
	return 0;
}

enum di_status di__yaml_wire_export(struct di__yaml_wire *wire, const struct di_exports *exports,
				    struct di_error *err)
{
	enum di_status status = di_builder_export(wire->builder, exports, err);
	const struct di_exports **grown;

	if (status != DI_OK)
		return status;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers */
	grown = realloc(wire->exports, (wire->exports_count + 1) * sizeof(*grown));
	if (grown == NULL) {
		wire->faults->no_memory = 1;
		return DI_OK;
	}
	wire->exports = grown;
	wire->exports[wire->exports_count++] = exports;
	return DI_OK;
}

int di__yaml_wire_rows(struct di__yaml_wire *wire)
{
	uint32_t i;

	wire->is_connected = calloc(wire->options->tables_count + 1, 1);
	wire->faults->no_memory |= wire->is_connected == NULL;
	if (!di__yaml_exported_sort(wire) || wire->faults->no_memory)
		return 0;
	for (i = 0; i < wire->files->ordered; i++) {
		const struct di__yaml_file *file = wire->files->items[wire->files->order[i]];

		add_scopes(wire, file);
		connect_all(wire, file);
	}
	for (i = 0; i < wire->rows->count; i++)
		di__yaml_wire_row(wire, &wire->rows->items[i]);
	return !wire->faults->no_memory;
}

const struct di_table *di__yaml_wire_build(struct di__yaml_wire *wire)
{
	const struct di_table *table;

	di__yaml_took(wire, di_builder_check(wire->builder, NULL));
	if (di__yaml_faults_count(wire->faults) > 0)
		return NULL;
	table = di_builder_build(wire->builder, NULL);
	/* What has been checked lacks nothing but memory. */
	wire->faults->no_memory |= table == NULL;
	return table;
}

void di__yaml_wire_release(struct di__yaml_wire *wire)
{
	di_builder_free(wire->builder);
	free(wire->scopes);
	free(wire->exports);
	free(wire->sorted);
	free(wire->is_connected);
}
