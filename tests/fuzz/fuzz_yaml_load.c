/* SPDX-License-Identifier: MIT */
#include "containers/yaml/yaml.h"
#include "di/di.h"
#include "tests/containers/yaml/app.h"

#include <stdlib.h>
#include <string.h>

/*
 * Loading with a program's exports, and where the file is right: starting a container of it, and
 * resolving each row in a request, twice, and asking for it.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(void *data, const struct di_yaml_error *error)
{
	size_t *count = data;

	if (error->text[0] == '\0' || strchr(error->text, '\n') != NULL ||
	    strchr(error->path, '\n') != NULL)
		abort();
	++*count;
}

static void take(void *data, void *value, const struct di_error *failure)
{
	unsigned *count = data;

	if ((value == NULL) == (failure == NULL))
		abort();
	++*count;
}

static void take_end(void *data, enum di_status status, const struct di_error *failure)
{
	unsigned *count = data;

	if ((status == DI_OK) != (failure == NULL))
		abort();
	++*count;
}

/* What takes time completes at once. */
static void get_all(struct di_context *context, const struct di_table *table)
{
	unsigned count = 0, asked = 0;
	uint32_t i;

	for (i = 0; i < table->count; i++)
		asked += di_get_async(context, table->providers[i], take, &count, NULL).number != 0;
	if (count != asked)
		abort();
}

static void resolve_all(struct di_context *context, const struct di_table *table)
{
	uint32_t i;

	for (i = 0; i < 2 * table->count; i++)
		di_resolve(context, NULL, table->providers[i % table->count]);
}

static void live(const struct di_table *table)
{
	struct di_container *connected = NULL;
	struct di_options options = { .abi = DI_ABI };
	struct di_container *container;
	struct di_context *request;
	unsigned ended = 0;

	if (table->connects_count > 0) {
		connected = di_container_new(&storage, NULL, NULL);
		options.connected = &connected;
		options.connected_count = 1;
	}
	container = di_container_new(table, &options, NULL);
	if (container == NULL)
		abort();
	di_container_start(container, NULL);
	request = di_context_open(di_container_root(container), &di_scope_request, NULL);
	resolve_all(request, table);
	get_all(request, table);
	if (di_context_close_async(request, DI_FAILED, take_end, &ended, NULL) != DI_OK ||
	    di_container_free_async(container, take_end, &ended, NULL) != DI_OK || ended != 2 ||
	    di_container_free(connected, NULL) != DI_OK)
		abort();
	app_free_kept();
	app_ended[0] = '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct di_exports *const exports[] = { &app_exports };
	const struct di_table *const tables[] = { &storage };
	size_t count = 0;
	struct di_yaml_options options = { .abi = DI_ABI,
					   .exports = exports,
					   .exports_count = 1,
					   .tables = tables,
					   .tables_count = 1,
					   .report = look_at,
					   .data = &count };
	struct di_yaml *yaml =
		di_yaml_load("/nowhere/fuzz", (const char *)data, size, &options, NULL);

	if ((yaml == NULL) != (count > 0))
		abort();
	if (yaml != NULL)
		live(di_yaml_table(yaml));
	if (di_yaml_free(yaml, NULL) != DI_OK)
		abort();
	return 0;
}
