/* SPDX-License-Identifier: MIT */
#include "tools/di/command.h"
#include "tools/di/loaded.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What options bring along: exports of shared objects, and containers that are connected.
 */

/* Without a slash it would be looked for in the folders of the system. */
static char *path_of(const char *name)
{
	return strchr(name, '/') != NULL ? strdup(name) : di__yaml_beside("./", name);
}

static int without_memory(void)
{
	fprintf(stderr, "di: out of memory\n");
	return STATUS_TROUBLE;
}

static int open_exports(struct sources *sources, const char *name)
{
	char *path = path_of(name);
	void *handle = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

	free(path);
	if (path == NULL)
		return without_memory();
	if (handle == NULL) {
		const char *why = dlerror();

		fprintf(stderr, "di: --exports: %s\n", why != NULL ? why : "out of memory");
		return STATUS_FAULTS;
	}
	sources->handles[sources->exports_count] = handle;
	sources->exports[sources->exports_count++] = di__yaml_handed_over(handle);
	if (sources->exports[sources->exports_count - 1] != NULL)
		return STATUS_OK;
	fprintf(stderr, "di: --exports: %s hands over no exports: it has no DI_EXPORTS_ENTRY()\n",
		name);
	return STATUS_FAULTS;
}

/* The names may be looked up in what was connected before. */
static int open_connected(struct sources *sources, const char *name, const struct options *options)
{
	struct loaded *loaded = calloc(1, sizeof(*loaded));
	const struct di_table *table;

	if (loaded == NULL)
		return without_memory();
	sources->connected[sources->connected_count] = loaded;
	loaded_read(loaded, name, options, sources);
	table = loaded_is_sound(loaded) ? loaded_table(loaded) : NULL;
	sources->tables[sources->connected_count++] = table;
	return table != NULL ? STATUS_OK : loaded_tell(loaded, 0);
}

static int make_room(struct sources *sources, const struct options *options)
{
	sources->handles = calloc(options->exports.count + 1, sizeof(*sources->handles));
	sources->exports = calloc(options->exports.count + 1, sizeof(const struct di_exports *));
	sources->connected = calloc(options->connects.count + 1, sizeof(struct loaded *));
	sources->tables = calloc(options->connects.count + 1, sizeof(const struct di_table *));
	if (sources->handles != NULL && sources->exports != NULL && sources->connected != NULL &&
	    sources->tables != NULL)
		return STATUS_OK;
	return without_memory();
}

int sources_open(struct sources *sources, const struct options *options)
{
	int status;
	size_t i;

	*sources = (struct sources){ 0 };
	status = make_room(sources, options);
	for (i = 0; i < options->exports.count && status == STATUS_OK; i++)
		status = open_exports(sources, options->exports.items[i]);
	for (i = 0; i < options->connects.count && status == STATUS_OK; i++)
		status = open_connected(sources, options->connects.items[i], options);
	return status;
}

/* What connects is released before what it connects. */
void sources_close(struct sources *sources)
{
	while (sources->connected_count > 0) {
		struct loaded *loaded = sources->connected[--sources->connected_count];

		loaded_release(loaded);
		free(loaded);
	}
	while (sources->exports_count > 0)
		dlclose(sources->handles[--sources->exports_count]);
	free(sources->handles);
	free(sources->exports);
	free(sources->connected);
	free(sources->tables);
}
