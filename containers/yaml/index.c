/* SPDX-License-Identifier: MIT */
#include "containers/yaml/index.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * Nodes are numbers in an array, in the order of the document. Keys are looked up by bisection and
 * not by hashing, so that no document can be written for which looking up takes long.
 */

enum {
	FEW = 16
};

uint32_t di__yaml_index_keep(struct di__yaml_index *index, const void *text, size_t length)
{
	size_t offset = index->text_size, needed = offset + length + 1;

	if (needed > index->text_room) {
		size_t room = needed * 2 > 1024 ? needed * 2 : 1024;
		char *grown = realloc(index->text, room);

		if (grown == NULL)
			return UINT32_MAX;
		index->text = grown;
		index->text_room = room;
	}
	if (length > 0)
		memcpy(index->text + offset, text, length);
	index->text[offset + length] = '\0';
	index->text_size = needed;
	return (uint32_t)offset;
}

static void link_child(struct di__yaml_index *index, uint32_t parent, uint32_t child)
{
	struct di__yaml_node *above = &index->nodes[parent];

	index->nodes[child].parent = parent;
	index->nodes[child].number = above->count++;
	if (above->first == 0)
		above->first = child;
	else
		index->nodes[above->last].next = child;
	above->last = child;
}

uint32_t di__yaml_index_add(struct di__yaml_index *index, uint32_t parent)
{
	uint32_t node = index->count;

	if (node == index->room) {
		uint32_t room = node > 0 ? node * 2 : 64;
		struct di__yaml_node *grown = realloc(index->nodes, room * sizeof(*grown));

		if (grown == NULL)
			return 0;
		index->nodes = grown;
		index->room = room;
	}
	index->nodes[node] = (struct di__yaml_node){ 0 };
	index->count++;
	if (node > 0)
		link_child(index, parent, node);
	return node;
}

void di__yaml_index_release(struct di__yaml_index *index)
{
	free(index->nodes);
	free(index->text);
	free(index->sorted);
	*index = (struct di__yaml_index){ 0 };
}

/* ---- Keys. ---- */

/* For the comparison to know the index, entries are sorted with what they are compared by. */
struct entry {
	const char *key;
	uint32_t parent, node;
};

static int compare_keys(const struct entry *a, uint32_t parent, const char *key)
{
	if (a->parent != parent)
		return a->parent < parent ? -1 : 1;
	return strcmp(a->key, key);
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	int order = compare_keys(a, b->parent, b->key);

	return order != 0 ? order : (a->node > b->node) - (a->node < b->node);
}

static void refuse_twice(const struct di__yaml_index *index, uint32_t first, uint32_t node,
			 struct di__yaml_faults *faults)
{
	di__yaml_fault(faults, di__yaml_at_key(index, node), DI__YAML_PATH(index, node),
		       "the key %s stands here twice, first in line %u",
		       DI__YAML_QUOTED(di__yaml_key(index, node)), index->nodes[first].key_line);
}

static void keep_sorted(struct di__yaml_index *index, const struct entry *entries, uint32_t count,
			struct di__yaml_faults *faults)
{
	uint32_t i, first = 0;

	for (i = 0; i < count; i++) {
		index->sorted[i] = entries[i].node;
		if (i == 0 || compare_keys(&entries[first], entries[i].parent, entries[i].key) != 0)
			first = i;
		else
			refuse_twice(index, entries[first].node, entries[i].node, faults);
	}
	index->sorted_count = count;
}

int di__yaml_index_sort(struct di__yaml_index *index, struct di__yaml_faults *faults)
{
	struct entry *entries = malloc((index->count + 1) * sizeof(*entries));
	uint32_t i, count = 0;

	index->sorted = malloc((index->count + 1) * sizeof(*index->sorted));
	if (entries == NULL || index->sorted == NULL) {
		free(entries);
		faults->no_memory = 1;
		return 0;
	}
	for (i = 1; i < index->count; i++) {
		if (index->nodes[i].is_entry)
			entries[count++] =
				(struct entry){ di__yaml_key(index, i), index->nodes[i].parent, i };
	}
	qsort(entries, count, sizeof(*entries), compare_entries);
	keep_sorted(index, entries, count, faults);
	free(entries);
	return 1;
}

/* Of few entries, as most mappings have. */
static uint32_t find_among_children(const struct di__yaml_index *index, uint32_t parent,
				    const char *key)
{
	uint32_t node = index->nodes[parent].first;

	while (node != 0 &&
	       (!index->nodes[node].is_entry || strcmp(di__yaml_key(index, node), key) != 0))
		node = index->nodes[node].next;
	return node;
}

uint32_t di__yaml_index_find(const struct di__yaml_index *index, uint32_t parent, const char *key)
{
	uint32_t low = 0, high = index->sorted_count;

	if (index->nodes[parent].count <= FEW)
		return find_among_children(index, parent, key);
	while (low < high) {
		uint32_t middle = low + (high - low) / 2, node = index->sorted[middle];
		struct entry at = { di__yaml_key(index, node), index->nodes[node].parent, node };

		if (compare_keys(&at, parent, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == index->sorted_count)
		return 0;
	low = index->sorted[low];
	return index->nodes[low].parent == parent && strcmp(di__yaml_key(index, low), key) == 0
		       ? low
		       : 0;
}

uint32_t di__yaml_index_item(const struct di__yaml_index *index, uint32_t parent, size_t number)
{
	uint32_t node = index->nodes[parent].first;

	while (node != 0 && number-- > 0)
		node = index->nodes[node].next;
	return node;
}

/* ---- Places. ---- */

struct di__yaml_place di__yaml_at(const struct di__yaml_index *index, uint32_t node)
{
	const struct di__yaml_node *at = &index->nodes[node];

	return (struct di__yaml_place){ index->file, at->line, at->column };
}

struct di__yaml_place di__yaml_at_key(const struct di__yaml_index *index, uint32_t node)
{
	const struct di__yaml_node *at = &index->nodes[node];

	if (!at->is_entry)
		return di__yaml_at(index, node);
	return (struct di__yaml_place){ index->file, at->key_line, at->key_column };
}

/* As much of text as fits, whole characters only, and nothing that breaks a line. */
static size_t append(char *buffer, size_t length, size_t size, const char *text)
{
	const char *end = text + strlen(text);

	if ((size_t)(end - text) >= size - length) {
		end = text + (size - length - 1);
		while (end > text && ((unsigned char)*end & 0xc0) == 0x80)
			end--;
	}
	for (; text < end; text++) {
		int is_odd = (unsigned char)*text < 0x20 || *text == 0x7f;

		buffer[length++] = *text;
		if (is_odd)
			buffer[length - 1] = '?';
	}
	buffer[length] = '\0';
	return length;
}

char *di__yaml_path(const struct di__yaml_index *index, uint32_t node, char *buffer, size_t size)
{
	uint32_t steps[64];
	size_t count = 0, length = 0;
	char number[16];

	buffer[0] = '\0';
	for (; node != 0 && count < sizeof(steps) / sizeof(*steps);
	     node = index->nodes[node].parent)
		steps[count++] = node;
	while (count > 0) {
		const struct di__yaml_node *at = &index->nodes[steps[--count]];

		if (at->is_entry) {
			length = append(buffer, length, size, length > 0 ? "." : "");
			length = append(buffer, length, size, di__yaml_key(index, steps[count]));
		} else {
			snprintf(number, sizeof(number), "[%u]", at->number);
			length = append(buffer, length, size, number);
		}
	}
	return buffer;
}
