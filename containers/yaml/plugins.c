/* SPDX-License-Identifier: MIT */
#include "containers/yaml/plugins.h"

#include "containers/exports.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* A plug-in of a file: one item of a list. */
struct item {
	const struct di__yaml_file *file;
	uint32_t node;
};

static void refuse(struct di__yaml_wire *wire, const struct item *item, const char *what)
{
	const struct di__yaml_index *index = &item->file->index;

	di__yaml_fault(wire->faults, di__yaml_at(index, item->node),
		       DI__YAML_PATH(index, item->node), "the plug-in %s: %.300s",
		       DI__YAML_QUOTED(di__yaml_text(index, item->node)), what);
}

/* The name of a file, also where it has no folder, so that it is looked for nowhere else. */
static char *path_of(const struct item *item)
{
	char *path =
		di__yaml_beside(item->file->name, di__yaml_text(&item->file->index, item->node));
	char *here;

	if (path == NULL || strchr(path, '/') != NULL)
		return path;
	here = di__yaml_beside("./", path);
	free(path);
	return here;
}

const struct di_exports *di__yaml_handed_over(void *handle)
{
	/* What dlsym() gives is no function pointer to ISO C. */
	union {
		void *object;
		di_exports_entry_fn *function;
	} entry;

	entry.object = dlsym(handle, DI_EXPORTS_ENTRY_NAME);
	return entry.object != NULL ? entry.function() : NULL;
}

static void take_exports(struct di__yaml_wire *wire, const struct item *item, void *handle)
{
	const struct di_exports *exports = di__yaml_handed_over(handle);
	struct di_error err = { 0 };
	char text[256];

	if (exports == NULL)
		refuse(wire, item, "it hands over no exports: it has no DI_EXPORTS_ENTRY()");
	else if (di__yaml_wire_export(wire, exports, &err) != DI_OK)
		refuse(wire, item, di_error_text(&err, text, sizeof(text)));
}

static void open_one(struct di__yaml_plugins *plugins, struct di__yaml_wire *wire,
		     const struct item *item)
{
	char *path = path_of(item);
	void *handle;

	if (path == NULL) {
		wire->faults->no_memory = 1;
		return;
	}
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		refuse(wire, item, dlerror());
	} else {
		plugins->handles[plugins->count++] = handle;
		take_exports(wire, item, handle);
	}
	free(path);
}

static void open_all(struct di__yaml_plugins *plugins, struct di__yaml_wire *wire,
		     const struct di__yaml_file *file)
{
	const struct di__yaml_index *index = &file->index;
	struct item item = { file, di__yaml_index_find(index, 0, "plugins") };
	uint32_t list = item.node;

	if (list == 0)
		return;
	if (!wire->options->plugins) {
		di__yaml_fault(wire->faults, di__yaml_at_key(index, list),
			       DI__YAML_PATH(index, list), "the program allows no plug-ins");
		return;
	}
	for (item.node = index->nodes[list].first; item.node != 0;
	     item.node = index->nodes[item.node].next)
		open_one(plugins, wire, &item);
}

static size_t count_all(const struct di__yaml_files *files)
{
	size_t count = 0;
	uint32_t i;

	for (i = 0; i < files->ordered; i++)
		count += files->items[files->order[i]]->document->plugins_count;
	return count;
}

void di__yaml_plugins_open(struct di__yaml_plugins *plugins, struct di__yaml_wire *wire)
{
	uint32_t i;

	plugins->handles = malloc((count_all(wire->files) + 1) * sizeof(*plugins->handles));
	if (plugins->handles == NULL) {
		wire->faults->no_memory = 1;
		return;
	}
	for (i = 0; i < wire->files->ordered; i++)
		open_all(plugins, wire, wire->files->items[wire->files->order[i]]);
}

void di__yaml_plugins_close(struct di__yaml_plugins *plugins)
{
	while (plugins->count > 0)
		dlclose(plugins->handles[--plugins->count]);
	free(plugins->handles);
	plugins->handles = NULL;
}
