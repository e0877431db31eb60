/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_YAML_LOADED_H
#define DI_TESTS_YAML_LOADED_H

/**
 * A container loaded from a text of a test, with what app.h exports. For one source file of a
 * program: it holds state.
 */

#include "containers/builder.h"
#include "containers/yaml/yaml.h"
#include "tests/containers/yaml/app.h"
#include "tests/containers/yaml/said.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct di_exports *const loaded_exports[] = { &app_exports };
static const struct di_table *const loaded_tables[] = { &storage };

static struct said said;
static struct di_error error;
static struct di_yaml *yaml;
static struct di_container *connected, *container;
static struct di_context *root;

static inline struct di_yaml_options loaded_options(void)
{
	said = (struct said){ .count = 0 };
	return (struct di_yaml_options){ .abi = DI_ABI,
					 .exports = loaded_exports,
					 .exports_count = 1,
					 .tables = loaded_tables,
					 .tables_count = 1,
					 .report = say,
					 .data = &said };
}

/** Loads what stands behind "version: 1", "container: app" and "default_scope: request". */
static inline int try_load(const char *text)
{
	static char whole[1 << 16];
	struct di_yaml_options options = loaded_options();

	snprintf(whole, sizeof(whole), "version: 1\ncontainer: app\ndefault_scope: request\n%s",
		 text);
	yaml = di_yaml_load("app.yaml", whole, strlen(whole), &options, &error);
	return yaml != NULL;
}

/** Makes a container of what was loaded. */
static inline void instantiate(void)
{
	struct di_options options = { .abi = DI_ABI };

	if (di_yaml_table(yaml)->connects_count > 0) {
		connected = di_container_new(&storage, NULL, &error);
		options.connected = &connected;
		options.connected_count = 1;
	}
	container = di_container_new(di_yaml_table(yaml), &options, &error);
	ck_assert_msg(container != NULL, "%s", error.detail);
	root = di_container_root(container);
}

static inline void load(const char *text)
{
	app_ended[0] = '\0';
	ck_assert_msg(try_load(text), "%s", said.text);
	instantiate();
}

/** The value of a row by name, or NULL. */
static inline void *value_in(struct di_context *context, const char *name)
{
	const struct di_provider *row = di_table_find(di_yaml_table(yaml), name);

	ck_assert_msg(row != NULL, "%s", name);
	return di_resolve(context, &error, row);
}

static inline struct part *part_in(struct di_context *context, const char *name)
{
	struct part *part = value_in(context, name);
	char text[1024];

	ck_assert_msg(part != NULL, "%s", di_error_text(&error, text, sizeof(text)));
	return part;
}

static inline void expect_text(const char *name, const char *text)
{
	ck_assert_str_eq(part_in(root, name)->text, text);
}

static inline void end_container(void)
{
	if (container)
		ck_assert_int_eq(di_container_free(container, &error), DI_OK);
	if (connected)
		ck_assert_int_eq(di_container_free(connected, &error), DI_OK);
	container = connected = NULL;
	app_free_kept();
}

static inline void unload(void)
{
	end_container();
	ck_assert_int_eq(di_yaml_free(yaml, &error), DI_OK);
	yaml = NULL;
}

#endif
