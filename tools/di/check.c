/* SPDX-License-Identifier: MIT */
#include "tools/di/command.h"
#include "tools/di/loaded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *ending(size_t count)
{
	return count == 1 ? "" : "s";
}

static void sum_up(const struct loaded *loaded, int with_warnings)
{
	size_t errors = di__yaml_faults_count(&loaded->faults);
	size_t warnings = with_warnings ? di__yaml_faults_count(&loaded->warnings) : 0;

	printf("%s: %u provider%s, %zu error%s, %zu warning%s%s\n", loaded->name,
	       (unsigned)loaded->rows.count, ending(loaded->rows.count), errors, ending(errors),
	       warnings, ending(warnings),
	       loaded->is_partial && loaded->is_checked ? "; functions and objects are not known"
							: "");
}

static int check_file(const char *name, const struct options *options,
		      const struct sources *sources, struct words *roots)
{
	struct loaded loaded = { 0 };
	int status;

	loaded_read(&loaded, name, options, sources);
	/* Who is needed is not known where names are wrong. */
	if (loaded.is_checked && !loaded.has_missing)
		warn_of_unneeded(&loaded, roots);
	status = loaded_tell(&loaded, !options->quiet);
	if (status == STATUS_OK && options->werror && di__yaml_faults_count(&loaded.warnings) > 0)
		status = STATUS_FAULTS;
	if (!options->quiet)
		sum_up(&loaded, 1);
	loaded_release(&loaded);
	return status;
}

/* What is left of the names that --root has is in no file. */
static int check_roots(const struct words *roots)
{
	size_t i;
	int status = STATUS_OK;

	for (i = 0; i < roots->count; i++) {
		if (roots->items[i] == NULL)
			continue;
		fprintf(stderr, "di check: --root: no file has a provider %s\n", roots->items[i]);
		status = STATUS_USAGE;
	}
	return status;
}

static int worse(int status, int other)
{
	return other > status ? other : status;
}

static int check_files(const struct options *options, const struct sources *sources)
{
	struct words roots = { calloc(options->roots.count + 1, sizeof(*roots.items)),
			       options->roots.count };
	int status = STATUS_OK;
	size_t i;

	if (roots.items == NULL) {
		fprintf(stderr, "di: out of memory\n");
		return STATUS_TROUBLE;
	}
	memcpy(roots.items, options->roots.items, roots.count * sizeof(*roots.items));
	for (i = 0; i < options->arguments.count; i++)
		status = worse(status,
			       check_file(options->arguments.items[i], options, sources, &roots));
	if (status == STATUS_OK)
		status = check_roots(&roots);
	free(roots.items);
	return status;
}

int di_check_command(const struct options *options)
{
	struct sources sources;
	int status = sources_open(&sources, options);

	if (status == STATUS_OK)
		status = check_files(options, &sources);
	sources_close(&sources);
	return status;
}
