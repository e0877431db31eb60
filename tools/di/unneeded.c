/* SPDX-License-Identifier: MIT */
#include "tools/di/loaded.h"

#include "providers/resource.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Rows that nobody needs. What the program asks for by itself, in accessors and handlers, stands in
 * no file: these are roots. A root is what is started by itself, what --root names, and what stands
 * in a source that --used-in names.
 */

struct needed {
	struct loaded *loaded;
	char *is_needed; /* by the row's place in the order of the builder */
};

static void mark(struct needed *needed, const char *name, size_t length)
{
	const struct di__name *entered =
		di__names_enter(&needed->loaded->wire.builder->names, name, length);

	if (entered == NULL)
		needed->loaded->faults.no_memory = 1;
	else if (entered->row != NULL)
		needed->is_needed[entered->row->index] = 1;
}

static void mark_needs(struct needed *needed)
{
	const struct di__built_row *row;
	uint32_t i;

	for (row = needed->loaded->wire.builder->first; row != NULL; row = row->next) {
		for (i = 0; i < di__targets_count(row); i++) {
			const struct di__built_row *need = di__target_at(row, i)->row;

			if (need != NULL && need != row)
				needed->is_needed[need->index] = 1;
		}
		if (row->found_kind != NULL && row->found_kind->eager)
			needed->is_needed[row->index] = 1;
	}
}

/* ---- What sources name. ---- */

/* What is generated of a row begins with its name. */
static size_t without_ending(const char *word, size_t length)
{
	static const char *const endings[] = { "_get", "_put", "_override", "_drop", "_get_async" };
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i]);

		if (length > ending && memcmp(word + length - ending, endings[i], ending) == 0)
			return length - ending;
	}
	return length;
}

static void mark_words(struct needed *needed, const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	for (text += strcspn(text, letters); *text != '\0'; text += strcspn(text, letters)) {
		size_t length = strspn(text, letters);

		mark(needed, text, length);
		mark(needed, text, without_ending(text, length));
		text += length;
	}
}

static void mark_used(struct needed *needed, const char *name)
{
	FILE *file = fopen(name, "r");
	char *line = NULL;
	size_t room = 0;

	if (file == NULL) {
		di__yaml_fault(&needed->loaded->faults, (struct di__yaml_place){ 0, 0, 0 }, "",
			       "--used-in %s: %s", name, strerror(errno));
		return;
	}
	while (getline(&line, &room, file) >= 0)
		mark_words(needed, line);
	if (!feof(file))
		di__yaml_fault(&needed->loaded->faults, (struct di__yaml_place){ 0, 0, 0 }, "",
			       "--used-in %s: %s", name, strerror(errno));
	free(line);
	fclose(file);
}

/* ---- All. ---- */

static void warn(struct loaded *loaded, const struct di__built_row *row)
{
	const struct di__yaml_named *named = named_of(row);
	const struct di__yaml_index *index = &named->file->index;
	uint32_t node = di__yaml_index_find(index, named->node, "name");

	di__yaml_fault(&loaded->warnings, di__yaml_at(index, node), DI__YAML_PATH(index, node),
		       "%s: no row needs it; if the program asks for it, --root %s says so",
		       row->name->text, row->name->text);
}

void warn_of_unneeded(struct loaded *loaded, struct words *roots)
{
	const struct di_builder *builder = loaded->wire.builder;
	const struct options *options = loaded->options;
	struct needed needed = { loaded, calloc(builder->count + 1, 1) };
	const struct di__built_row *row;
	size_t i;

	if (needed.is_needed == NULL) {
		loaded->faults.no_memory = 1;
		return;
	}
	mark_needs(&needed);
	for (i = 0; i < options->roots.count; i++) {
		mark(&needed, options->roots.items[i], strlen(options->roots.items[i]));
		if (loaded_find(loaded, options->roots.items[i]) != NULL)
			roots->items[i] = NULL;
	}
	for (i = 0; i < options->used_in.count; i++)
		mark_used(&needed, options->used_in.items[i]);
	for (row = builder->first; row != NULL; row = row->next) {
		if (!needed.is_needed[row->index] && named_of(row)->name != NULL &&
		    !named_of(row)->is_broken)
			warn(loaded, row);
	}
	free(needed.is_needed);
}
