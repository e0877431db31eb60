/* SPDX-License-Identifier: MIT */
#include "containers/yaml/rows.h"
#include "containers/builder.h"
#include "containers/yaml/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Keys of kinds. ---- */

/* The keys of a row besides name and kind: X(name). */
#define KEYS(X)                                                                                    \
	X(type)                                                                                    \
	X(object)                                                                                  \
	X(value)                                                                                   \
	X(create)                                                                                  \
	X(destroy)                                                                                 \
	X(args)                                                                                    \
	X(scope)                                                                                   \
	X(strict)                                                                                  \
	X(select)                                                                                  \
	X(always)                                                                                  \
	X(cases)                                                                                   \
	X(items)                                                                                   \
	X(entries)                                                                                 \
	X(target)

enum {
#define KEY(name_) KEY_##name_,
	KEYS(KEY) KEYS_COUNT
#undef KEY
};

static const char *const key_names[] = {
#define KEY(name_) #name_,
	KEYS(KEY)
#undef KEY
};

#define HAS(key_) (1U << KEY_##key_)
/* Kinds as they are written: X(name, keys it needs, keys it may have besides). */
#define MADE HAS(create) | HAS(destroy)
#define KINDS(X)                                                                                   \
	X(object, 0, HAS(type) | HAS(object) | HAS(value))                                         \
	X(singleton, MADE, HAS(type) | HAS(args))                                                  \
	X(thread_singleton, MADE, HAS(type) | HAS(args))                                           \
	X(resource, MADE, HAS(type) | HAS(args))                                                   \
	X(context_resource, MADE, HAS(type) | HAS(args) | HAS(scope) | HAS(strict))                \
	X(factory, MADE, HAS(type) | HAS(args))                                                    \
	X(async_singleton, MADE, HAS(type) | HAS(args))                                            \
	X(async_resource, MADE, HAS(type) | HAS(args))                                             \
	X(async_context_resource, MADE, HAS(type) | HAS(args) | HAS(scope) | HAS(strict))          \
	X(async_factory, MADE, HAS(type) | HAS(args))                                              \
	X(state, HAS(type), HAS(scope))                                                            \
	X(selector, HAS(cases), HAS(type) | HAS(args) | HAS(select) | HAS(always))                 \
	X(list, HAS(type) | HAS(items), 0)                                                         \
	X(dict, HAS(type) | HAS(entries), 0)                                                       \
	X(lazy, HAS(type) | HAS(target), HAS(scope))

static const struct {
	const char *name;
	unsigned needs, may;
} kinds[] = {
#define KIND(name_, needs_, may_) { #name_, needs_, may_ },
	KINDS(KIND)
#undef KIND
};

/* ---- Faults of rows. ---- */

void di__yaml_row_fault(struct di__yaml_faults *faults, const struct di__yaml_named *named,
			const char *key, const char *format, ...)
{
	const struct di__yaml_index *index = &named->file->index;
	uint32_t node = key != NULL ? di__yaml_index_find(index, named->node, key) : 0;
	char text[DI__YAML_TEXT_SIZE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (node == 0)
		node = named->node;
	di__yaml_fault(faults, di__yaml_at(index, node), DI__YAML_PATH(index, node), "%s", text);
}

/* ---- Names. ---- */

static int compare_names(const char *name, const char *other, size_t length)
{
	int order = strncmp(name, other, length);

	return order != 0 ? order : (name[length] != '\0');
}

struct di__yaml_named *di__yaml_rows_find(const struct di__yaml_rows *rows, const char *name,
					  size_t length)
{
	uint32_t low = 0, high = rows->sorted_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct di__yaml_named *at = &rows->items[rows->sorted[middle]];
		int order = compare_names(at->name, name, length);

		if (order == 0)
			return at;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Only where there are so few rows that it takes no time worth speaking of. */
const char *di__yaml_rows_near(const struct di__yaml_rows *rows, const char *name)
{
	const char *near = NULL;
	uint32_t i;

	if (di__yaml_faults_full(rows->faults))
		return NULL;
	for (i = 0; i < rows->sorted_count && i < 1000; i++)
		near = di__yaml_nearer(name, near, rows->items[rows->sorted[i]].name);
	return near;
}

struct entry {
	const char *name;
	uint32_t number;
};

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static void refuse_twice(struct di__yaml_rows *rows, uint32_t first, uint32_t again)
{
	const struct di__yaml_named *before = &rows->items[first];
	struct di__yaml_named *named = &rows->items[again];
	struct di__yaml_place at = di__yaml_at(&before->file->index, before->node);

	di__yaml_row_fault(rows->faults, named, "name",
			   "the provider %s stands twice, first in %s:%u",
			   DI__YAML_QUOTED(named->name), before->file->name, (unsigned)at.line);
	named->is_broken = 1;
}

static int sort_names(struct di__yaml_rows *rows)
{
	struct entry *entries = malloc((rows->count + 1) * sizeof(*entries));
	uint32_t i, count = 0;

	rows->sorted = malloc((rows->count + 1) * sizeof(*rows->sorted));
	if (entries == NULL || rows->sorted == NULL) {
		free(entries);
		rows->faults->no_memory = 1;
		return 0;
	}
	for (i = 0; i < rows->count; i++) {
		if (rows->items[i].name != NULL)
			entries[count++] = (struct entry){ rows->items[i].name, i };
	}
	qsort(entries, count, sizeof(*entries), compare_entries);
	for (i = 0; i < count; i++) {
		uint32_t last = rows->sorted_count;

		if (last > 0 &&
		    strcmp(rows->items[rows->sorted[last - 1]].name, entries[i].name) == 0)
			refuse_twice(rows, rows->sorted[last - 1], entries[i].number);
		else
			rows->sorted[rows->sorted_count++] = entries[i].number;
	}
	free(entries);
	return 1;
}

/* ---- Rows. ---- */

enum {
	KINDS_COUNT = sizeof(kinds) / sizeof(*kinds)
};

const char *di__yaml_kind_name(unsigned number)
{
	return number < KINDS_COUNT ? kinds[number].name : NULL;
}

enum di__yaml_has di__yaml_kind_has(unsigned number, const char *key)
{
	unsigned i;

	for (i = 0; i < KEYS_COUNT; i++) {
		if (strcmp(key_names[i], key) != 0)
			continue;
		if ((kinds[number].needs & 1U << i) != 0)
			return DI__YAML_NEEDS;
		return (kinds[number].may & 1U << i) != 0 ? DI__YAML_MAY_HAVE : DI__YAML_HAS_NOT;
	}
	return DI__YAML_HAS_NOT;
}

/* The number of a kind among those whose keys are known, or KINDS_COUNT. */
static unsigned kind_of(const char *name)
{
	unsigned kind = 0;

	while (kind < KINDS_COUNT && strcmp(kinds[kind].name, name) != 0)
		kind++;
	return kind;
}

static void refuse_kind(struct di__yaml_rows *rows, struct di__yaml_named *named)
{
	const char *name = named->row->kind, *near = NULL;
	char names[320] = "";
	size_t length = 0;
	unsigned i;

	for (i = 0; i < KINDS_COUNT; i++) {
		if (di_kind_find(kinds[i].name) == NULL)
			continue;
		near = di__yaml_nearer(name, near, kinds[i].name);
		length += (size_t)snprintf(names + length, sizeof(names) - length, "%s%s",
					   length > 0 ? ", " : "", kinds[i].name);
	}
	di__yaml_row_fault(rows->faults, named, "kind", "%s is no kind%s%s there are: %s",
			   DI__YAML_QUOTED(name), di__yaml_meant(near, (char[96]){ 0 }, 96),
			   near != NULL ? "" : ";", names);
	named->is_broken = 1;
}

static unsigned keys_of(const struct di__yaml_named *named)
{
	unsigned keys = 0, i;

	for (i = 0; i < KEYS_COUNT; i++) {
		if (di__yaml_index_find(&named->file->index, named->node, key_names[i]) != 0)
			keys |= 1U << i;
	}
	return keys;
}

static void refuse_key(struct di__yaml_rows *rows, const struct di__yaml_named *named,
		       const char *key)
{
	const struct di__yaml_index *index = &named->file->index;
	uint32_t node = di__yaml_index_find(index, named->node, key);

	di__yaml_fault(rows->faults, di__yaml_at_key(index, node), DI__YAML_PATH(index, node),
		       "a row of the kind %s has no '%s'", named->row->kind, key);
}

static void check_keys(struct di__yaml_rows *rows, struct di__yaml_named *named, unsigned kind)
{
	unsigned keys = keys_of(named), i;
	unsigned needs = kinds[kind].needs, may = kinds[kind].may | needs;

	for (i = 0; i < KEYS_COUNT; i++) {
		if ((keys & ~may & 1U << i) != 0)
			refuse_key(rows, named, key_names[i]);
		if ((needs & ~keys & 1U << i) != 0)
			di__yaml_row_fault(rows->faults, named, NULL,
					   "a row of the kind %s needs the key '%s'",
					   named->row->kind, key_names[i]);
	}
	named->keys_are_wrong = (keys & ~may) != 0 || (needs & ~keys) != 0;
}

static void check_name(struct di__yaml_rows *rows, struct di__yaml_named *named)
{
	if (named->name == NULL || named->row->kind == NULL)
		named->is_broken = 1;
	if (named->name == NULL || di__yaml_is_word(named->name))
		return;
	di__yaml_row_fault(rows->faults, named, "name",
			   "%s is no name: it has letters, digits and _, and begins with no digit",
			   DI__YAML_QUOTED(named->name));
	named->is_broken = 1;
}

/* Kinds of a program's own are known by name; the builder says what they take. */
static void check_row(struct di__yaml_rows *rows, struct di__yaml_named *named)
{
	const char *name = named->row->kind;
	unsigned kind;

	check_name(rows, named);
	if (name == NULL)
		return;
	kind = kind_of(name);
	if (di_kind_find(name) == NULL)
		refuse_kind(rows, named);
	else if (kind < KINDS_COUNT)
		check_keys(rows, named, kind);
}

static void gather_file(struct di__yaml_rows *rows, const struct di__yaml_file *file)
{
	const struct di__yaml_document *document = file->document;
	uint32_t node = di__yaml_index_find(&file->index, 0, "providers"), i;

	node = node != 0 ? file->index.nodes[node].first : 0;
	for (i = 0; i < document->rows_count; i++, node = file->index.nodes[node].next) {
		struct di__yaml_named *named = &rows->items[rows->count++];

		*named = (struct di__yaml_named){ .row = &document->rows[i],
						  .file = file,
						  .node = node };
		named->name = named->row->name;
		check_row(rows, named);
	}
}

/* ---- Overrides. ---- */

static void check_override(struct di__yaml_rows *rows, const struct di__yaml_file *file,
			   const struct di__yaml_override *override, uint32_t node)
{
	if ((override->with != NULL) + (override->object != NULL) != 1)
		di__yaml_fault(
			rows->faults, di__yaml_at(&file->index, node),
			DI__YAML_PATH(&file->index, node),
			"an override has either 'with', a provider, or 'object', an exported one");
}

static void gather_override(struct di__yaml_rows *rows, const struct di__yaml_file *file,
			    const struct di__yaml_override *override, uint32_t node)
{
	uint32_t at = di__yaml_index_find(&file->index, node, "provider");
	struct di__yaml_named *named;

	check_override(rows, file, override, node);
	if (override->provider == NULL)
		return;
	named = di__yaml_rows_find(rows, override->provider, strlen(override->provider));
	if (named == NULL && rows->is_incomplete)
		return;
	if (named == NULL) {
		di__yaml_fault(rows->faults, di__yaml_at(&file->index, at),
			       DI__YAML_PATH(&file->index, at), "there is no provider %s%s",
			       DI__YAML_QUOTED(override->provider),
			       di__yaml_meant(di__yaml_rows_near(rows, override->provider),
					      (char[96]){ 0 }, 96));
	} else if (named->override_file == file) {
		di__yaml_fault(rows->faults, di__yaml_at(&file->index, at),
			       DI__YAML_PATH(&file->index, at), "%s is overridden twice",
			       DI__YAML_QUOTED(override->provider));
	} else {
		/* What includes comes later, and has the last word. */
		named->override = override;
		named->override_file = file;
		named->override_node = node;
	}
}

static void gather_overrides(struct di__yaml_rows *rows, const struct di__yaml_file *file)
{
	uint32_t node = di__yaml_index_find(&file->index, 0, "overrides"), i;

	node = node != 0 ? file->index.nodes[node].first : 0;
	for (i = 0; i < file->document->overrides_count; i++) {
		gather_override(rows, file, &file->document->overrides[i], node);
		node = file->index.nodes[node].next;
	}
}

void di__yaml_rows_gather(struct di__yaml_rows *rows, const struct di__yaml_files *files)
{
	uint32_t i, count = 0;

	rows->is_incomplete = files->is_incomplete;
	for (i = 0; i < files->ordered; i++)
		count += files->items[files->order[i]]->document->rows_count;
	rows->items = calloc(count + 1, sizeof(*rows->items));
	if (rows->items == NULL) {
		rows->faults->no_memory = 1;
		return;
	}
	for (i = 0; i < files->ordered; i++)
		gather_file(rows, files->items[files->order[i]]);
	if (!sort_names(rows))
		return;
	for (i = 0; i < files->ordered; i++)
		gather_overrides(rows, files->items[files->order[i]]);
}

void di__yaml_rows_release(struct di__yaml_rows *rows)
{
	free(rows->items);
	free(rows->sorted);
	rows->items = NULL;
	rows->sorted = NULL;
	rows->count = rows->sorted_count = 0;
}
