/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <containers/exports.h>
#include <containers/yaml/yaml.h>

#include <stdio.h>
#include <string.h>

/*
 * Says what the container is that a header was generated of; with a file as argument, what the one
 * is that is loaded from there.
 */

DI_EXPORTS_DECLARE(app_exports);
DI_SCOPE_DEFINE(batch);
DI_CONTAINER_DEFINE(app, APP);

static void say_row(const struct di_provider *row)
{
	printf("%s %s: %s, const %d, life %d, scope %s, by %s and %s\n", row->kind->name, row->name,
	       row->type->name, row->type->is_const, (int)row->life,
	       row->scope ? row->scope->name : "none", row->constructor, row->destructor);
}

/* What each of both adds to pass values and members is left out. */
static void say_rows(const struct di_table *table)
{
	uint32_t i;

	for (i = 0; i < table->count; i++) {
		const char *name = table->providers[i]->name;

		if (strpbrk(name, ".[#(") == NULL && strcmp(name, "app_values") != 0)
			say_row(table->providers[i]);
	}
}

static void own_made(void *data, void *value, const struct di_error *failure)
{
	const struct link *link = value;

	(void)data;
	printf("own link: %d\n", failure == NULL ? link->retries : -1);
}

static void ended(void *data, enum di_status status, const struct di_error *failure)
{
	(void)failure;
	printf("%s: %s\n", (const char *)data, di_status_text(status));
}

static void run(void)
{
	while (turn() > 0)
		;
}

static void work(const struct di_table *table, struct di_container *container, struct di_error *err)
{
	static char request_name[] = "request";
	const struct user user = { "ada" };
	struct di_context *batch =
		di_context_open(di_container_root(container), di_table_scope(table, "batch"), err);
	struct di_context *request = di_context_open(batch, &di_scope_request, err);

	printf("%s\n", (const char *)di_resolve(request, err, di_table_find(table, "greeting")));
	di_state_put(request, di_table_find(table, "user"), &user, err);
	di_resolve(request, err, di_table_find(table, "all"));
	di_resolve(request, err, di_table_find(table, "query"));
	di_get_async(request, di_table_find(table, "own"), own_made, NULL, err);
	run();
	di_context_close_async(request, DI_DONE, ended, request_name, err);
	run();
	di_context_close(batch, DI_DONE, err);
}

static int tell(const struct di_table *table)
{
	static char name[] = "container";
	struct di_error err = { 0 };
	struct di_container *container = di_container_new(table, NULL, &err);
	char text[256];

	say_rows(table);
	if (container != NULL) {
		work(table, container, &err);
		di_container_free_async(container, ended, name, &err);
		run();
	}
	if (err.status != DI_OK)
		printf("%s\n", di_error_text(&err, text, sizeof(text)));
	return err.status != DI_OK;
}

int main(int argc, char **argv)
{
	const struct di_exports *const exports[] = { &app_exports };
	const struct di_yaml_options options = { .abi = DI_ABI,
						 .exports = exports,
						 .exports_count = 1,
						 .report = di_yaml_print,
						 .data = stdout };
	struct di_yaml *yaml;
	int status = 1;

	if (argc == 1)
		return tell(&app);
	yaml = di_yaml_load_file(argv[1], &options, NULL);
	if (yaml != NULL)
		status = tell(di_yaml_table(yaml));
	return di_yaml_free(yaml, NULL) != DI_OK || status;
}
