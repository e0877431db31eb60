/* SPDX-License-Identifier: MIT */
#include "containers/yaml/yaml.h"
#include "containers/yaml/plugins.h"
#include "containers/yaml/wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A load: files, their rows, the builder, the table. Each step goes as far as it can, so that as
 * much as possible is told at once; nothing of it but the table and the plug-ins is kept.
 */

enum {
	BYTES_MAX = 1 << 20,
	BYTES_LIMIT = 1 << 30, /* places in the text are of 32 bits */
	DEPTH_MAX = 32,
	VALUES_MAX = 250000,
	/* What libcyaml may take for its structs. */
	MEMORY_MAX = 40 << 20
};

struct di_yaml {
	const struct di_table *table;
	struct di__yaml_plugins plugins;
};

struct load {
	const struct di_yaml_options *options;
	const char *name;
	struct di__yaml_faults faults;
	struct di__yaml_files files;
	struct di__yaml_rows rows;
	struct di__yaml_wire wire;
	struct di_yaml *yaml;
	enum di_status status; /* of what the program, and no file, has done wrong */
};

static void fail(struct di_error *err, enum di_status status, const char *detail)
{
	if (err == NULL)
		return;
	*err = (struct di_error){ .status = status };
	snprintf(err->detail, sizeof(err->detail), "%s", detail);
}

/* ---- Errors. ---- */

char *di_yaml_error_text(const struct di_yaml_error *error, char *buffer, size_t size)
{
	char place[32] = "";

	if (error->line > 0)
		snprintf(place, sizeof(place), ":%u:%u", (unsigned)error->line,
			 (unsigned)error->column);
	if (size > 0)
		snprintf(buffer, size, "%s%s: error: %s%s%s%s", error->file, place, error->text,
			 error->path[0] != '\0' ? " [" : "", error->path,
			 error->path[0] != '\0' ? "]" : "");
	return buffer;
}

void di_yaml_print(void *stream, const struct di_yaml_error *error)
{
	char text[DI__YAML_TEXT_SIZE + DI__YAML_PATH_SIZE + 512];

	fprintf(stream, "%s\n", di_yaml_error_text(error, text, sizeof(text)));
}

/* What is told of a load: all to the program's report, the first to err. */
struct teller {
	const struct di_yaml_options *options;
	struct di_error *err;
	unsigned count;
};

static void tell(void *data, const struct di_yaml_error *error)
{
	struct teller *teller = data;
	char text[DI_DETAIL_SIZE];

	if (teller->options->report != NULL)
		teller->options->report(teller->options->data, error);
	if (teller->count++ == 0)
		fail(teller->err, DI_EINVAL, di_yaml_error_text(error, text, sizeof(text)));
	else if (teller->err != NULL)
		teller->err->more = teller->count - 1;
}

static void report(struct load *load, struct di_error *err)
{
	const char *names[DI__YAML_FILES_MAX] = { load->name };
	struct teller teller = { load->options, err, 0 };
	uint32_t i;

	for (i = 0; i < load->files.count; i++) {
		if (load->files.items[i]->name != NULL)
			names[i] = load->files.items[i]->name;
	}
	di__yaml_faults_report(&load->faults, names, tell, &teller);
	if (load->faults.no_memory && err != NULL)
		err->status = DI_ENOMEM;
}

/* ---- Loading. ---- */

static struct load *begin(const char *name, const struct di_yaml_options *options,
			  struct di_error *err)
{
	struct load *load;

	if (name == NULL || options == NULL) {
		fail(err, DI_EINVAL, "loading needs a file and options");
		return NULL;
	}
	if (options->abi != DI_ABI) {
		fail(err, DI_EABI, "set abi of the options of di_yaml_load() to DI_ABI");
		return NULL;
	}
	load = calloc(1, sizeof(*load));
	if (load != NULL)
		load->yaml = calloc(1, sizeof(*load->yaml));
	if (load == NULL || load->yaml == NULL) {
		free(load);
		fail(err, DI_ENOMEM, "for a container from YAML");
		return NULL;
	}
	load->options = options;
	load->name = name;
	load->files.faults = load->rows.faults = load->wire.faults = &load->faults;
	load->files.budget.most = MEMORY_MAX;
	load->files.limits.bytes = options->bytes_max != 0 ? options->bytes_max : BYTES_MAX;
	if (load->files.limits.bytes > BYTES_LIMIT)
		load->files.limits.bytes = BYTES_LIMIT;
	load->files.limits.depth = options->depth_max != 0 ? options->depth_max : DEPTH_MAX;
	load->files.limits.nodes = options->values_max != 0 ? options->values_max : VALUES_MAX;
	load->files.limits.bytes_most = load->files.limits.bytes;
	load->files.limits.nodes_most = load->files.limits.nodes;
	load->wire.files = &load->files;
	load->wire.rows = &load->rows;
	load->wire.options = options;
	return load;
}

static void export_all(struct load *load, struct di_error *err)
{
	size_t i;

	for (i = 0; i < load->options->exports_count && load->status == DI_OK; i++)
		load->status = di__yaml_wire_export(&load->wire, load->options->exports[i], err);
}

static void wire(struct load *load, struct di_error *err)
{
	if (!di__yaml_wire_begin(&load->wire, di__yaml_wire_name(&load->wire)))
		return;
	export_all(load, err);
	if (load->status != DI_OK)
		return;
	di__yaml_plugins_open(&load->yaml->plugins, &load->wire);
	if (di__yaml_wire_rows(&load->wire))
		load->yaml->table = di__yaml_wire_build(&load->wire);
}

static struct di_yaml *finish(struct load *load, struct di_error *err)
{
	struct di_yaml *yaml = load->yaml;

	di__yaml_wire_versions(&load->wire);
	di__yaml_rows_gather(&load->rows, &load->files);
	if (!load->files.is_incomplete && !load->faults.no_memory)
		wire(load, err);
	if (load->status == DI_OK)
		report(load, err);
	if (yaml->table != NULL && di__yaml_faults_count(&load->faults) > 0) {
		di_table_free(yaml->table, NULL);
		yaml->table = NULL;
	}
	di__yaml_wire_release(&load->wire);
	di__yaml_rows_release(&load->rows);
	di__yaml_files_release(&load->files);
	di__yaml_faults_release(&load->faults);
	free(load);
	if (yaml->table != NULL)
		return yaml;
	di__yaml_plugins_close(&yaml->plugins);
	free(yaml);
	return NULL;
}

struct di_yaml *di_yaml_load_file(const char *path, const struct di_yaml_options *options,
				  struct di_error *err)
{
	struct load *load = begin(path, options, err);

	if (load == NULL)
		return NULL;
	di__yaml_files_read(&load->files, path);
	return finish(load, err);
}

struct di_yaml *di_yaml_load(const char *name, const char *text, size_t size,
			     const struct di_yaml_options *options, struct di_error *err)
{
	struct load *load;

	if (text == NULL && size > 0) {
		fail(err, DI_EINVAL, "there is no text to load");
		return NULL;
	}
	load = begin(name, options, err);
	if (load == NULL)
		return NULL;
	di__yaml_files_take(&load->files, name, text, size);
	return finish(load, err);
}

const struct di_table *di_yaml_table(const struct di_yaml *yaml)
{
	return yaml != NULL ? yaml->table : NULL;
}

enum di_status di_yaml_free(struct di_yaml *yaml, struct di_error *err)
{
	enum di_status status;

	if (yaml == NULL)
		return DI_OK;
	status = di_table_free(yaml->table, err);
	if (status != DI_OK)
		return status;
	di__yaml_plugins_close(&yaml->plugins);
	free(yaml);
	return DI_OK;
}
