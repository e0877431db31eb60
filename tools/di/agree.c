/* SPDX-License-Identifier: MIT */
#include "tools/di/loaded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Where exports are not known, rows that are made by one function can still be compared with each
 * other: it has one type, is asynchronous or not, takes so many arguments, and each of these is of
 * one type.
 */

enum {
	TYPE_SIZE = 128,
	PLACE_SIZE = 256
};

static int compare(const void *left, const void *right)
{
	const struct di__built_row *const *a = left, *const *b = right;
	int order = strcmp((*a)->constructor->text, (*b)->constructor->text);

	return order != 0 ? order : ((*a)->index > (*b)->index) - ((*a)->index < (*b)->index);
}

static int differ(struct di__seen_type a, struct di__seen_type b)
{
	return a.base != NULL && b.base != NULL && a.base != b.base;
}

static void compare_types(struct loaded *loaded, const struct di__built_row *first,
			  const struct di__built_row *row)
{
	char type[TYPE_SIZE], other[TYPE_SIZE], place[PLACE_SIZE];

	if (row->type == NULL || first->type == NULL ||
	    (!differ(first->provides, row->provides) &&
	     first->provides.is_const == row->provides.is_const))
		return;
	di__yaml_row_fault(&loaded->faults, named_of(row), "type",
			   "%s: %s makes a %s here, and a %s for %s, at %s", row->name->text,
			   row->constructor->text, di__type_text(row->provides, type, sizeof(type)),
			   di__type_text(first->provides, other, sizeof(other)), first->name->text,
			   place_text(loaded, named_of(first), place, sizeof(place)));
}

/* One that completes a call makes values of asynchronous kinds alone. */
static void compare_kinds(struct loaded *loaded, const struct di__built_row *first,
			  const struct di__built_row *row)
{
	const char *kind = row->found_kind->name, *other = first->found_kind->name;
	char place[PLACE_SIZE];

	if (row->shape != DI__SHAPE_MADE || first->shape != DI__SHAPE_MADE ||
	    row->found_kind->async == first->found_kind->async)
		return;
	di__yaml_row_fault(&loaded->faults, named_of(row), "create",
			   "%s: %s makes %s %s here, and %s %s for %s, at %s: it is asynchronous "
			   "or not",
			   row->name->text, row->constructor->text, di__article(kind), kind,
			   di__article(other), other, first->name->text,
			   place_text(loaded, named_of(first), place, sizeof(place)));
}

static struct di__seen_type type_of(const struct di__built_argument *argument)
{
	struct di__seen_type unknown = { NULL, 0 };

	if (argument->kind != DI_ARGUMENT_NEED || argument->path != NULL ||
	    argument->target.row == NULL)
		return unknown;
	return argument->target.row->provides;
}

static void refuse_argument(struct loaded *loaded, const struct di__built_row *first,
			    const struct di__built_row *row, uint32_t number)
{
	const struct di__yaml_index *index = &named_of(row)->file->index;
	uint32_t node = di__yaml_index_find(index, named_of(row)->node, "args");
	char type[TYPE_SIZE], other[TYPE_SIZE], place[PLACE_SIZE];

	node = di__yaml_written(index, node != 0 ? di__yaml_index_item(index, node, number) : 0);
	di__yaml_fault(&loaded->faults, di__yaml_at(index, node), DI__YAML_PATH(index, node),
		       "%s: argument %u of %s is a %s here, and a %s for %s, at %s",
		       row->name->text, (unsigned)number + 1, row->constructor->text,
		       di__type_text(type_of(&row->arguments[number]), type, sizeof(type)),
		       di__type_text(type_of(&first->arguments[number]), other, sizeof(other)),
		       first->name->text,
		       place_text(loaded, named_of(first), place, sizeof(place)));
}

static void compare_arguments(struct loaded *loaded, const struct di__built_row *first,
			      const struct di__built_row *row)
{
	char place[PLACE_SIZE];
	uint32_t i;

	if (first->arguments_count != row->arguments_count) {
		di__yaml_row_fault(&loaded->faults, named_of(row),
				   row->shape == DI__SHAPE_SELECTOR ? "select" : "create",
				   "%s: %s is given %u argument%s here, and %u for %s, at %s",
				   row->name->text, row->constructor->text,
				   (unsigned)row->arguments_count,
				   row->arguments_count == 1 ? "" : "s",
				   (unsigned)first->arguments_count, first->name->text,
				   place_text(loaded, named_of(first), place, sizeof(place)));
		return;
	}
	for (i = 0; i < row->arguments_count; i++) {
		if (differ(type_of(&first->arguments[i]), type_of(&row->arguments[i])))
			refuse_argument(loaded, first, row, i);
	}
}

void compare_rows(struct loaded *loaded)
{
	const struct di_builder *builder = loaded->wire.builder;
	const struct di__built_row **rows =
		calloc(builder->count + 1, sizeof(const struct di__built_row *));
	const struct di__built_row *row, *first;
	uint32_t count = 0, i;

	if (rows == NULL) {
		loaded->faults.no_memory = 1;
		return;
	}
	for (row = builder->first; row != NULL; row = row->next) {
		if (row->constructor != NULL && !named_of(row)->is_broken)
			rows[count++] = row;
	}
	qsort(rows, count, sizeof(const struct di__built_row *), compare);
	for (i = 1, first = rows[0]; i < count; i++) {
		if (rows[i]->constructor != first->constructor) {
			first = rows[i];
			continue;
		}
		if (first->shape != DI__SHAPE_SELECTOR)
			compare_types(loaded, first, rows[i]);
		compare_kinds(loaded, first, rows[i]);
		compare_arguments(loaded, first, rows[i]);
	}
	free(rows);
}
