/* SPDX-License-Identifier: MIT */
#include "containers/yaml/rows.h"

#include <stdlib.h>
#include <string.h>

/*
 * Reading a file, down to its rows by name: nothing is looked up yet that a program exports.
 */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void ignore(void *data, const struct di_yaml_error *error)
{
	size_t *length = data;

	/* A report is one line, and says something. */
	if (error->text[0] == '\0' || strchr(error->text, '\n') != NULL ||
	    strchr(error->path, '\n') != NULL)
		abort();
	*length += strlen(error->text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const names[] = { "fuzz" };
	struct di__yaml_faults faults = { 0 };
	struct di__yaml_rows rows = { .faults = &faults };
	struct di__yaml_files files = { .limits = { 1 << 20, 32, 250000, 1 << 20, 250000 },
					.budget = { .most = 48 << 20 },
					.faults = &faults };
	size_t length = 0;

	di__yaml_files_take(&files, "/nowhere/fuzz", (const char *)data, size);
	di__yaml_rows_gather(&rows, &files);
	di__yaml_faults_report(&faults, names, ignore, &length);
	di__yaml_rows_release(&rows);
	di__yaml_files_release(&files);
	di__yaml_faults_release(&faults);
	if (files.budget.used != 0)
		abort();
	return 0;
}
