/* SPDX-License-Identifier: MIT */
#include "tools/di/loaded.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What options bring along: exports of shared objects, and containers that are connected.
 */

/* What dlsym() gives is no function pointer to ISO C. */
static di_exports_entry_fn *entry_of(void *handle)
{
	union {
		void *object;
		di_exports_entry_fn *function;
	} entry;

	entry.object = dlsym(handle, DI_EXPORTS_ENTRY_NAME);
	return entry.function;
}

/* Without a slash it would be looked for in the folders of the system. */
static void *open_object(const char *name)
{
	char *path = strchr(name, '/') != NULL ? strdup(name) : di__yaml_beside("./", name);
	void *handle = path != NULL ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

	free(path);
	return handle;
}

static int open_exports(struct sources *sources, const char *name)
{
	void *handle = open_object(name);
	di_exports_entry_fn *entry;

	if (handle == NULL) {
		const char *why = dlerror();

		fprintf(stderr, "di: --exports: %s\n", why != NULL ? why : "out of memory");
		return 0;
	}
	sources->handles[sources->exports_count] = handle;
	entry = entry_of(handle);
	sources->exports[sources->exports_count++] = entry != NULL ? entry() : NULL;
	if (sources->exports[sources->exports_count - 1] != NULL)
		return 1;
	fprintf(stderr, "di: --exports: %s hands over no exports: it has no DI_EXPORTS_ENTRY()\n",
		name);
	return 0;
}

/* The names may be looked up in what was connected before. */
static int open_connected(struct sources *sources, const char *name, const struct options *options)
{
	struct loaded *loaded = calloc(1, sizeof(*loaded));
	const struct di_table *table;

	if (loaded == NULL) {
		fprintf(stderr, "di: out of memory\n");
		return 0;
	}
	sources->connected[sources->connected_count] = loaded;
	loaded_read(loaded, name, options, sources);
	table = loaded_is_sound(loaded) ? loaded_table(loaded) : NULL;
	sources->tables[sources->connected_count++] = table;
	if (table != NULL)
		return 1;
	loaded_tell(loaded, 0);
	return 0;
}

static int make_room(struct sources *sources, const struct options *options)
{
	sources->handles = calloc(options->exports.count + 1, sizeof(*sources->handles));
	sources->exports = calloc(options->exports.count + 1, sizeof(const struct di_exports *));
	sources->connected = calloc(options->connects.count + 1, sizeof(struct loaded *));
	sources->tables = calloc(options->connects.count + 1, sizeof(const struct di_table *));
	if (sources->handles != NULL && sources->exports != NULL && sources->connected != NULL &&
	    sources->tables != NULL)
		return 1;
	fprintf(stderr, "di: out of memory\n");
	return 0;
}

int sources_open(struct sources *sources, const struct options *options)
{
	size_t i;

	*sources = (struct sources){ 0 };
	if (!make_room(sources, options))
		return 0;
	for (i = 0; i < options->exports.count; i++) {
		if (!open_exports(sources, options->exports.items[i]))
			return 0;
	}
	for (i = 0; i < options->connects.count; i++) {
		if (!open_connected(sources, options->connects.items[i], options))
			return 0;
	}
	return 1;
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
