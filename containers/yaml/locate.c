/* SPDX-License-Identifier: MIT */
#include "containers/yaml/wire.h"

#include <string.h>

/*
 * Where in a document a fault of the builder is.
 */

/* The value of the key that says what an argument is. */
uint32_t di__yaml_written(const struct di__yaml_index *index, uint32_t node)
{
	return node != 0 && index->nodes[node].first != 0 ? index->nodes[node].first : node;
}

static uint32_t first_of(const struct di__yaml_named *named, const char *const *keys)
{
	uint32_t node = 0;

	for (; *keys != NULL && node == 0; keys++)
		node = di__yaml_index_find(&named->file->index, named->node, *keys);
	return node;
}

/* The item of that number among those that name a row: others are no members to the builder. */
static uint32_t item_of(const struct di__yaml_index *index, uint32_t list, uint32_t number)
{
	uint32_t node = list != 0 ? index->nodes[list].first : 0;

	for (; node != 0; node = index->nodes[node].next) {
		if (index->nodes[node].kind == DI__YAML_MAPPING &&
		    di__yaml_index_find(index, node, "ref") == 0)
			continue;
		if (number-- == 0)
			break;
	}
	return node;
}

static uint32_t member_node(const struct di__yaml_named *named, const struct di_fault *fault)
{
	static const char *const keys[] = { "target", "items", "cases", "entries", NULL };
	const struct di__yaml_index *index = &named->file->index;
	uint32_t list = first_of(named, keys);
	uint32_t node = item_of(index, list, fault->number);
	uint32_t inner = 0;

	if (node == 0)
		return list;
	if (index->nodes[node].kind != DI__YAML_MAPPING)
		return node;
	if (fault->kind == DI_FAULT_KEY) {
		inner = di__yaml_index_find(index, node, "when");
		inner = inner != 0 ? inner : di__yaml_index_find(index, node, "key");
	}
	inner = inner != 0 ? inner : di__yaml_index_find(index, node, "ref");
	return inner != 0 ? inner : node;
}

static uint32_t part_node(const struct di__yaml_named *named, const struct di_fault *fault)
{
	static const char *const constructors[] = { "create", "select", NULL };
	static const char *const values[] = { "object", "value", NULL };
	const struct di__yaml_index *index = &named->file->index;
	uint32_t node;

	/* A scope of the file. */
	if (named->row == NULL)
		return di__yaml_index_find(index, named->node, "name");
	switch (fault->part) {
	case DI_PART_NAME:
		return di__yaml_index_find(index, named->node, "name");
	case DI_PART_KIND:
		return di__yaml_index_find(index, named->node, "kind");
	case DI_PART_TYPE:
		return di__yaml_index_find(index, named->node, "type");
	case DI_PART_CONSTRUCTOR:
		return first_of(named, constructors);
	case DI_PART_ARGUMENT:
		node = di__yaml_index_find(index, named->node, "args");
		return di__yaml_written(
			index, node != 0 ? di__yaml_index_item(index, node, fault->number) : 0);
	case DI_PART_DESTRUCTOR:
		return di__yaml_index_find(index, named->node, "destroy");
	case DI_PART_SCOPE:
		node = di__yaml_index_find(index, named->node, "scope");
		return node != 0 ? node : di__yaml_index_find(index, 0, "default_scope");
	case DI_PART_VALUE:
		node = first_of(named, values);
		return index->nodes[node].kind == DI__YAML_MAPPING ? di__yaml_written(index, node)
								   : node;
	case DI_PART_MEMBER:
		return member_node(named, fault);
	case DI_PART_ALWAYS:
		return di__yaml_index_find(index, named->node, "always");
	case DI_PART_ROW:
	default:
		return named->node;
	}
}

/* What stands in place of a row is written among the overrides. */
static uint32_t override_node(const struct di__yaml_named *named)
{
	const struct di__yaml_index *index = &named->override_file->index;
	uint32_t node = di__yaml_index_find(index, named->override_node, "with");

	return node != 0 ? node : di__yaml_index_find(index, named->override_node, "object");
}

/* The default scope of a file is wrong once, however many rows have it. */
static int is_said(struct di__yaml_wire *wire, const struct di__yaml_named *named,
		   const struct di_fault *fault)
{
	const struct di__yaml_file *file = named->file;

	if (fault->part != DI_PART_SCOPE || named->row == NULL || named->row->scope != NULL ||
	    named->override != NULL || file->document->default_scope == NULL)
		return 0;
	if (wire->default_said == file)
		return 1;
	wire->default_said = file;
	return 0;
}

/* A member without its key lacks what the check of the form has missed already. */
static int is_keyless(const struct di__yaml_named *named, const struct di_fault *fault)
{
	const struct di__yaml_index *index = &named->file->index;
	uint32_t node = fault->kind == DI_FAULT_KEY && fault->part == DI_PART_MEMBER
				? member_node(named, fault)
				: 0;

	/* Else it is that key itself. */
	return node != 0 && strcmp(di__yaml_key(index, node), "ref") == 0;
}

/* What has been said to be wrong is not spoken of again. */
static int is_known(const struct di__yaml_named *named, const struct di_fault *fault)
{
	return named->is_broken || is_keyless(named, fault) ||
	       (named->keys_are_wrong && fault->kind == DI_FAULT_KIND) ||
	       (named->value_is_wrong && fault->part == DI_PART_VALUE) ||
	       (fault->part == DI_PART_ARGUMENT && fault->number < 32 &&
		(named->wrong_arguments >> fault->number & 1) != 0);
}

void di__yaml_locate(const struct di_fault *fault, void *data)
{
	struct di__yaml_wire *wire = data;
	const struct di__yaml_named *named = fault->row_at;
	const struct di__yaml_index *index;
	const char *name = fault->provider;
	uint32_t node;

	if (named == NULL) {
		di__yaml_fault(wire->faults, (struct di__yaml_place){ 0, 0, 0 }, "", "%s",
			       fault->text);
		return;
	}
	if (is_known(named, fault) || is_said(wire, named, fault))
		return;
	if (di__yaml_faults_full(wire->faults)) {
		wire->faults->left_out++;
		return;
	}
	if (named->override != NULL) {
		index = &named->override_file->index;
		node = override_node(named);
	} else {
		index = &named->file->index;
		node = part_node(named, fault);
		node = node != 0 ? node : named->node;
	}
	di__yaml_fault(wire->faults, di__yaml_at(index, node), DI__YAML_PATH(index, node), "%s%s%s",
		       name, name[0] != '\0' ? ": " : "", fault->text);
}
