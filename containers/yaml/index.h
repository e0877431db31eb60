/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_INDEX_H
#define DI_YAML_INDEX_H

/* private */

/**
 * The index of a document: each of its nodes with line and column, found by the way that leads to
 * it. Built from libyaml's events in time that hardly more than grows with the document, whatever
 * stands there.
 */

#include "containers/yaml/faults.h"

#include <stddef.h>
#include <stdint.h>

enum di__yaml_kind {
	DI__YAML_NOTHING, /**< a key without a value, which only broken documents have */
	DI__YAML_SCALAR,
	DI__YAML_SEQUENCE,
	DI__YAML_MAPPING
};

/** A value of the document. Number 0 is the document's own and stands for none elsewhere. */
struct di__yaml_node {
	uint32_t parent;
	uint32_t first, last, next; /**< its children, and its next sibling */
	uint32_t number;            /**< among its siblings, from 0 */
	uint32_t count;             /**< of its children */
	uint32_t key;               /**< offset in text of a mapping's key */
	uint32_t text;              /**< offset in text of a scalar */
	uint32_t key_line, key_column;
	uint32_t line, column;
	uint8_t kind;     /**< enum di__yaml_kind */
	uint8_t is_entry; /**< 1: of a mapping, with a key */
	uint8_t is_plain; /**< 1: a scalar without quotes */
};

struct di__yaml_index {
	struct di__yaml_node *nodes;
	uint32_t count, room;
	uint32_t file;
	char *text; /**< all keys and scalars, each ended by a NUL */
	size_t text_size, text_room;
	uint32_t *sorted; /**< entries of mappings by parent and key */
	uint32_t sorted_count;
};

/** What a document may have at most, and what all files of a load may have together. */
struct di__yaml_limits {
	size_t bytes;
	uint32_t depth, nodes;
	size_t bytes_most;
	uint32_t nodes_most;
};

/**
 * Reads a document into index, which is zeroed but for its file, and adds what is wrong to faults.
 * Returns 1 if it can be looked at further. The index is released by the caller in any case.
 */
int di__yaml_scan(struct di__yaml_index *index, const char *text, size_t size,
		  const struct di__yaml_limits *limits, struct di__yaml_faults *faults);
void di__yaml_index_release(struct di__yaml_index *index);

/** Adds a node below parent and returns its number, or 0 where there is no memory. */
uint32_t di__yaml_index_add(struct di__yaml_index *index, uint32_t parent);
/** Keeps length bytes of text and returns their offset, or UINT32_MAX where there is no memory. */
uint32_t di__yaml_index_keep(struct di__yaml_index *index, const void *text, size_t length);
/** Sorts the entries, and adds a fault for each key that stands twice. 0 without memory. */
int di__yaml_index_sort(struct di__yaml_index *index, struct di__yaml_faults *faults);

/** The value under key of a mapping, or 0. */
uint32_t di__yaml_index_find(const struct di__yaml_index *index, uint32_t parent, const char *key);
/** The child of that number of a sequence, or 0. Linear in number. */
uint32_t di__yaml_index_item(const struct di__yaml_index *index, uint32_t parent, size_t number);

static inline const char *di__yaml_key(const struct di__yaml_index *index, uint32_t node)
{
	return index->text + index->nodes[node].key;
}
static inline const char *di__yaml_text(const struct di__yaml_index *index, uint32_t node)
{
	return index->text + index->nodes[node].text;
}

/** Where a value stands. */
struct di__yaml_place di__yaml_at(const struct di__yaml_index *index, uint32_t node);
/** Where its key stands, or itself where it has none. */
struct di__yaml_place di__yaml_at_key(const struct di__yaml_index *index, uint32_t node);

/** Writes the path of a node, as providers[3].kind, and returns buffer; long ones are cut. */
char *di__yaml_path(const struct di__yaml_index *index, uint32_t node, char *buffer, size_t size);
/** The same for one call. */
#define DI__YAML_PATH(index_, node_)                                                               \
	di__yaml_path(index_, node_, (char[DI__YAML_PATH_SIZE]){ 0 }, DI__YAML_PATH_SIZE)

#endif
