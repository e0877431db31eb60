/* SPDX-License-Identifier: MIT */
#include "tools/di/loaded.h"
#include "tools/di/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	/* As of di_yaml_load_file() by itself. */
	BYTES_MAX = 1 << 20,
	DEPTH_MAX = 32,
	VALUES_MAX = 250000,
	MEMORY_MAX = 40 << 20
};

/* ---- What the builder says. ---- */

struct di__built_row *loaded_find(const struct loaded *loaded, const char *name)
{
	struct di__built_row *row = loaded->wire.builder->first;

	while (row != NULL && strcmp(row->name->text, name) != 0)
		row = row->next;
	return row;
}

/* A variable that is not set here may be set where the program runs. */
static int is_of_environment(const struct di__yaml_named *named, const struct di_fault *fault)
{
	const struct di__yaml_row *row = named->row;
	const struct di__yaml_argument *argument = NULL;

	if (row == NULL || named->override != NULL)
		return 0;
	if (fault->part == DI_PART_VALUE)
		argument = row->value;
	else if (fault->part == DI_PART_ARGUMENT && fault->number < row->args_count)
		argument = &row->args[fault->number];
	return argument != NULL && argument->env != NULL && argument->fallback == NULL &&
	       getenv(argument->env) == NULL;
}

/* A scope that nobody has made here may be the program's. */
static int is_of_scope(const struct loaded *loaded, const struct di_fault *fault)
{
	const struct di__yaml_named *named = fault->row_at;
	const struct di__name *name;
	const char *scope;

	if (fault->kind != DI_FAULT_SCOPE || fault->part != DI_PART_SCOPE || named->row == NULL)
		return 0;
	scope = named->row->scope != NULL ? named->row->scope
					  : named->file->document->default_scope;
	if (scope == NULL || strcmp(scope, di_scope_none.name) == 0)
		return 0;
	name = di__names_enter(&loaded->wire.builder->names, scope, strlen(scope));
	return name != NULL && name->scope == NULL;
}

/* Whether it is wrong only as far as is known here. */
static int may_be_right(const struct loaded *loaded, const struct di_fault *fault)
{
	const struct di__yaml_named *named = fault->row_at;

	if (named == NULL)
		return 0;
	if (fault->kind == DI_FAULT_VALUE && is_of_environment(named, fault))
		return 1;
	if (fault->kind == DI_FAULT_MISSING && loaded->is_open)
		return 1;
	return loaded->is_partial && is_of_scope(loaded, fault);
}

static void report(const struct di_fault *fault, void *data)
{
	struct loaded *loaded = data;

	if (loaded->is_partial &&
	    (fault->kind == DI_FAULT_UNKNOWN || fault->kind == DI_FAULT_FIELD))
		return;
	loaded->has_missing |= fault->kind == DI_FAULT_MISSING;
	if (may_be_right(loaded, fault))
		loaded->wire.faults = &loaded->warnings;
	di__yaml_locate(fault, &loaded->wire);
	loaded->wire.faults = &loaded->faults;
}

/* ---- Connected containers. ---- */

static const struct di_table *table_named(const struct loaded *loaded, const char *name)
{
	size_t i;

	for (i = 0; i < loaded->yaml.tables_count; i++) {
		if (loaded->tables[i] != NULL && strcmp(loaded->tables[i]->name, name) == 0)
			return loaded->tables[i];
	}
	return NULL;
}

/* Of a container that nobody has shown only the name is known: its table is empty. */
static void leave_open(struct loaded *loaded, const struct di__yaml_file *file, uint32_t node)
{
	const struct di__yaml_index *index = &file->index;
	const char *name = di__yaml_text(index, node);

	loaded->is_open = 1;
	di__yaml_fault(&loaded->warnings, di__yaml_at(index, node), DI__YAML_PATH(index, node),
		       "the container %s is not known here; --connect shows its file",
		       DI__YAML_QUOTED(name));
	loaded->empty[loaded->empty_count] = (struct di_table){
		.abi = DI_ABI, .provider_size = sizeof(struct di_provider), .name = name
	};
	loaded->tables[loaded->yaml.tables_count++] = &loaded->empty[loaded->empty_count++];
}

static uint32_t first_connect(const struct di__yaml_file *file)
{
	uint32_t list = di__yaml_index_find(&file->index, 0, "connects");

	return list != 0 ? file->index.nodes[list].first : 0;
}

static size_t count_connects(const struct di__yaml_files *files)
{
	size_t count = 0;
	uint32_t i;

	for (i = 0; i < files->ordered; i++)
		count += files->items[files->order[i]]->document->connects_count;
	return count;
}

static int gather_tables(struct loaded *loaded)
{
	size_t count = count_connects(&loaded->files), i;
	uint32_t node;

	loaded->tables = calloc(loaded->sources->connected_count + count + 1,
				sizeof(const struct di_table *));
	loaded->empty = calloc(count + 1, sizeof(*loaded->empty));
	if (loaded->tables == NULL || loaded->empty == NULL) {
		loaded->faults.no_memory = 1;
		return 0;
	}
	for (i = 0; i < loaded->sources->connected_count; i++)
		loaded->tables[loaded->yaml.tables_count++] = loaded->sources->tables[i];
	loaded->yaml.tables = loaded->tables;
	for (i = 0; i < loaded->files.ordered; i++) {
		const struct di__yaml_file *file = loaded->files.items[loaded->files.order[i]];

		for (node = first_connect(file); node != 0; node = file->index.nodes[node].next) {
			if (table_named(loaded, di__yaml_text(&file->index, node)) == NULL)
				leave_open(loaded, file, node);
		}
	}
	return 1;
}

/* ---- Reading. ---- */

static void export_all(struct loaded *loaded)
{
	struct di_error err = { 0 };
	char text[256];
	size_t i;

	for (i = 0; i < loaded->sources->exports_count; i++) {
		enum di_status status =
			di__yaml_wire_export(&loaded->wire, loaded->sources->exports[i], &err);

		if (!di__yaml_took(&loaded->wire, status) && status != DI_ENOMEM)
			di__yaml_fault(&loaded->faults, (struct di__yaml_place){ 0, 0, 0 }, "",
				       "--exports %s: %s", loaded->options->exports.items[i],
				       di_error_text(&err, text, sizeof(text)));
	}
	if (!loaded->is_partial)
		di__yaml_plugins_open(&loaded->plugins, &loaded->wire);
}

static void check(struct loaded *loaded)
{
	struct di_error err = { 0 };

	if (!gather_tables(loaded) ||
	    !di__yaml_wire_begin(&loaded->wire, di__yaml_wire_name(&loaded->wire)))
		return;
	export_all(loaded);
	if (!di__yaml_wire_rows(&loaded->wire))
		return;
	if (di_builder_check(loaded->wire.builder, &err) == DI_ENOMEM)
		loaded->faults.no_memory = 1;
	else
		loaded->is_checked = 1;
	if (loaded->is_checked && loaded->is_partial)
		compare_rows(loaded);
}

static void prepare(struct loaded *loaded, const char *name, const struct options *options,
		    const struct sources *sources)
{
	loaded->name = name;
	loaded->options = options;
	loaded->sources = sources;
	loaded->is_partial = sources->exports_count == 0 && !options->plugins;
	loaded->yaml.abi = DI_ABI;
	loaded->yaml.plugins = options->plugins;
	loaded->files.faults = loaded->rows.faults = loaded->wire.faults = &loaded->faults;
	loaded->files.budget.most = MEMORY_MAX;
	loaded->files.limits = (struct di__yaml_limits){
		.bytes = BYTES_MAX,
		.depth = DEPTH_MAX,
		.nodes = VALUES_MAX,
		.bytes_most = BYTES_MAX,
		.nodes_most = VALUES_MAX,
	};
	loaded->wire.files = &loaded->files;
	loaded->wire.rows = &loaded->rows;
	loaded->wire.options = &loaded->yaml;
	loaded->wire.report = report;
	loaded->wire.data = loaded;
}

void loaded_read(struct loaded *loaded, const char *name, const struct options *options,
		 const struct sources *sources)
{
	prepare(loaded, name, options, sources);
	di__yaml_files_read(&loaded->files, name);
	di__yaml_wire_versions(&loaded->wire);
	di__yaml_rows_gather(&loaded->rows, &loaded->files);
	if (!loaded->files.is_incomplete && !loaded->faults.no_memory)
		check(loaded);
}

int loaded_is_sound(const struct loaded *loaded)
{
	return loaded->is_checked && di__yaml_faults_count(&loaded->faults) == 0;
}

void loaded_release(struct loaded *loaded)
{
	sketch_free(loaded->sketch);
	di__yaml_wire_release(&loaded->wire);
	di__yaml_plugins_close(&loaded->plugins);
	di__yaml_rows_release(&loaded->rows);
	di__yaml_files_release(&loaded->files);
	di__yaml_faults_release(&loaded->faults);
	di__yaml_faults_release(&loaded->warnings);
	free(loaded->tables);
	free(loaded->empty);
}

int loaded_open(struct loaded *loaded, struct sources *sources, const struct options *options,
		int *status)
{
	*loaded = (struct loaded){ 0 };
	*status = sources_open(sources, options);
	if (*status == STATUS_OK) {
		loaded_read(loaded, options->arguments.items[0], options, sources);
		*status = loaded_tell(loaded, 0);
		if (loaded_is_sound(loaded))
			return 1;
	}
	loaded_close(loaded, sources);
	return 0;
}

void loaded_close(struct loaded *loaded, struct sources *sources)
{
	loaded_release(loaded);
	sources_close(sources);
}

/* ---- What stands where. ---- */

char *place_text(const struct loaded *loaded, const struct di__yaml_named *named, char *buffer,
		 size_t size)
{
	struct di__yaml_place at = di__yaml_at(&named->file->index, named->node);

	snprintf(buffer, size, "%s:%u:%u", loaded->files.items[at.file]->name, (unsigned)at.line,
		 (unsigned)at.column);
	return buffer;
}

const char *type_text(const struct di__built_row *row, char *buffer, size_t size)
{
	if (row->provides.base != NULL)
		return di__type_text(row->provides, buffer, size);
	if (row->shape < DI__SHAPE_LIST || row->type == NULL)
		return NULL;
	/* What holds others is const, whether that is written or not. */
	snprintf(buffer, size, "%s%s", strncmp(row->type, "const ", 6) == 0 ? "" : "const ",
		 row->type);
	return buffer;
}
