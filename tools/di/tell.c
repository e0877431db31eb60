/* SPDX-License-Identifier: MIT */
#include "tools/di/command.h"
#include "tools/di/loaded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * Faults and warnings as compilers print theirs.
 */

struct told {
	const struct di__yaml_fault *fault;
	int is_warning;
};

struct colours {
	const char *place, *error, *warning, *end;
};

/* On a terminal that has some, unless they are not wanted: https://no-color.org. */
static struct colours colours_of(int fd)
{
	static const struct colours none = { "", "", "", "" };
	static const struct colours some = { "\033[1m", "\033[1;31m", "\033[1;35m", "\033[0m" };
	const char *unwanted = getenv("NO_COLOR"), *terminal = getenv("TERM");

	if ((unwanted != NULL && unwanted[0] != '\0') || terminal == NULL ||
	    strcmp(terminal, "dumb") == 0 || !isatty(fd))
		return none;
	return some;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return (a > b) - (a < b);
}

static int compare(const void *left, const void *right)
{
	const struct told *a = left, *b = right;
	const struct di__yaml_place *at = &a->fault->place, *than = &b->fault->place;
	int order = compare_numbers(at->file, than->file);

	if (order == 0)
		order = compare_numbers(at->line, than->line);
	if (order == 0)
		order = compare_numbers(at->column, than->column);
	if (order == 0)
		order = a->is_warning - b->is_warning;
	return order != 0 ? order : compare_numbers(a->fault->number, b->fault->number);
}

static void print(const struct loaded *loaded, const struct told *told,
		  const struct colours *colours)
{
	const struct di__yaml_fault *fault = told->fault;
	const struct di__yaml_files *files = &loaded->files;
	const char *name = fault->place.file < files->count ? files->items[fault->place.file]->name
							    : loaded->name;
	char place[32] = "";

	if (fault->place.line > 0)
		snprintf(place, sizeof(place), ":%u:%u", (unsigned)fault->place.line,
			 (unsigned)fault->place.column);
	fprintf(stderr, "%s%s%s:%s %s%s:%s %s%s%s%s\n", colours->place, name, place, colours->end,
		told->is_warning ? colours->warning : colours->error,
		told->is_warning ? "warning" : "error", colours->end, fault->text,
		fault->path[0] != '\0' ? " [" : "", fault->path, fault->path[0] != '\0' ? "]" : "");
}

static size_t gather(struct told *all, size_t count, const struct di__yaml_faults *faults,
		     int is_warning)
{
	size_t i;

	for (i = 0; i < faults->count; i++)
		all[count++] = (struct told){ &faults->items[i], is_warning };
	return count;
}

static int without_memory(void)
{
	fprintf(stderr, "di: out of memory\n");
	return STATUS_TROUBLE;
}

int loaded_tell(struct loaded *loaded, int with_warnings)
{
	struct told *all = calloc(loaded->faults.count + loaded->warnings.count + 1, sizeof(*all));
	struct colours colours = colours_of(STDERR_FILENO);
	size_t count = 0, i;

	if (all == NULL)
		return without_memory();
	count = gather(all, count, &loaded->faults, 0);
	if (with_warnings)
		count = gather(all, count, &loaded->warnings, 1);
	qsort(all, count, sizeof(*all), compare);
	for (i = 0; i < count; i++)
		print(loaded, &all[i], &colours);
	free(all);
	if (loaded->faults.left_out > 0)
		fprintf(stderr, "%s: %zu more errors are not shown\n", loaded->name,
			loaded->faults.left_out);
	if (with_warnings && loaded->warnings.left_out > 0)
		fprintf(stderr, "%s: %zu more warnings are not shown\n", loaded->name,
			loaded->warnings.left_out);
	if (loaded->faults.no_memory || loaded->warnings.no_memory)
		return without_memory();
	return di__yaml_faults_count(&loaded->faults) > 0 ? STATUS_FAULTS : STATUS_OK;
}
