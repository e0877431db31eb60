/* SPDX-License-Identifier: MIT */
#include "containers/yaml/wire.h"
#include "containers/yaml/argument.h"
#include "containers/yaml/words.h"

#include <stdlib.h>
#include <string.h>

enum {
	/* More are refused here, so that looking for places takes no time worth speaking of. */
	ARGUMENTS_MAX = DI_NEEDS_MAX,
	MEMBERS_MAX = 32
};

static void refuse_at(struct di__yaml_faults *faults, const struct di__yaml_index *index,
		      uint32_t node, const char *what, const char *word)
{
	di__yaml_fault(faults, di__yaml_at(index, node), DI__YAML_PATH(index, node), "%s %s",
		       DI__YAML_QUOTED(word), what);
}

static int took(struct di__yaml_wire *wire, enum di_status status)
{
	if (status == DI_ENOMEM)
		wire->faults->no_memory = 1;
	return status == DI_OK;
}

/* ---- Where a fault of the builder is. ---- */

/* The value of the key that says what an argument is. */
static uint32_t written_node(const struct di__yaml_index *index, uint32_t node)
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

static uint32_t member_node(const struct di__yaml_named *named, const struct di_fault *fault)
{
	static const char *const keys[] = { "target", "items", "cases", "entries", NULL };
	const struct di__yaml_index *index = &named->file->index;
	uint32_t list = first_of(named, keys);
	uint32_t node = list != 0 ? di__yaml_index_item(index, list, fault->number) : 0;
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
		return written_node(
			index, node != 0 ? di__yaml_index_item(index, node, fault->number) : 0);
	case DI_PART_DESTRUCTOR:
		return di__yaml_index_find(index, named->node, "destroy");
	case DI_PART_SCOPE:
		node = di__yaml_index_find(index, named->node, "scope");
		return node != 0 ? node : di__yaml_index_find(index, 0, "default_scope");
	case DI_PART_VALUE:
		node = first_of(named, values);
		return index->nodes[node].kind == DI__YAML_MAPPING ? written_node(index, node)
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

/* A row that was said to be broken is not spoken of again, nor does a fault need two places. */
static void place(const struct di_fault *fault, void *data)
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
	if (named->is_broken || di__yaml_faults_full(wire->faults)) {
		wire->faults->left_out += !named->is_broken;
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

/* ---- Rows. ---- */

/* A row for the builder, and what it points to. */
struct draft {
	struct di__yaml_wire *wire;
	struct di__yaml_named *named;
	struct di_row row;
	struct di_argument arguments[ARGUMENTS_MAX], value;
	struct di_member members[MEMBERS_MAX];
};

static uint32_t key_node(const struct draft *draft, const char *key)
{
	return di__yaml_index_find(&draft->named->file->index, draft->named->node, key);
}

static uint32_t at_most(struct draft *draft, const char *key, uint32_t count, uint32_t most)
{
	const struct di__yaml_index *index = &draft->named->file->index;
	uint32_t node = key_node(draft, key);

	if (count <= most)
		return count;
	if (!draft->named->is_broken)
		di__yaml_fault(draft->wire->faults, di__yaml_at(index, node),
			       DI__YAML_PATH(index, node), "%s: there are at most %u here, not %u",
			       draft->named->name, (unsigned)most, (unsigned)count);
	draft->named->is_broken = 1;
	return most;
}

static void draft_arguments(struct draft *draft)
{
	const struct di__yaml_row *row = draft->named->row;
	const struct di__yaml_index *index = &draft->named->file->index;
	uint32_t count = at_most(draft, "args", row->args_count, ARGUMENTS_MAX), i;
	uint32_t node = key_node(draft, "args");

	node = node != 0 ? index->nodes[node].first : 0;
	for (i = 0; i < count; i++, node = index->nodes[node].next) {
		/* What is none counts all the same, so that only itself is wrong. */
		draft->arguments[i] = (struct di_argument){ DI_ARGUMENT_PLAIN, "0", NULL, NULL };
		if (!di__yaml_argument(&row->args[i], index, node, draft->wire->faults,
				       &draft->arguments[i]))
			draft->named->is_broken = 1;
	}
	draft->row.arguments = draft->arguments;
	draft->row.arguments_count = count;
}

static void draft_value(struct draft *draft)
{
	const struct di__yaml_row *row = draft->named->row;

	if (row->value == NULL && row->object == NULL)
		return;
	draft->row.value = &draft->value;
	draft->value = (struct di_argument){ DI_ARGUMENT_OBJECT, row->object, NULL, NULL };
	if (row->value == NULL)
		return;
	if (row->object != NULL) {
		refuse_at(draft->wire->faults, &draft->named->file->index, key_node(draft, "value"),
			  "has an object already", draft->named->name);
		draft->named->is_broken = 1;
	}
	draft->value = (struct di_argument){ DI_ARGUMENT_PLAIN, "0", NULL, NULL };
	if (!di__yaml_argument(row->value, &draft->named->file->index, key_node(draft, "value"),
			       draft->wire->faults, &draft->value))
		draft->named->is_broken = 1;
}

static void add_member(struct draft *draft, const char *key, const char *provider)
{
	struct di_member *member = &draft->members[draft->row.members_count];

	if (provider == NULL)
		return;
	*member = (struct di_member){ key, provider, NULL };
	draft->row.members = draft->members;
	draft->row.members_count++;
}

static void draft_members(struct draft *draft)
{
	const struct di__yaml_row *row = draft->named->row;
	uint32_t count, i;

	count = at_most(draft, "cases", row->cases_count, MEMBERS_MAX);
	for (i = 0; i < count; i++)
		add_member(draft, row->cases[i].key, row->cases[i].ref);
	if (count > 0)
		return;
	count = at_most(draft, "entries", row->entries_count, MEMBERS_MAX);
	for (i = 0; i < count; i++)
		add_member(draft, row->entries[i].key, row->entries[i].ref);
	if (count > 0)
		return;
	count = at_most(draft, "items", row->items_count, MEMBERS_MAX);
	for (i = 0; i < count; i++)
		add_member(draft, NULL, row->items[i]);
	if (count == 0)
		add_member(draft, NULL, row->target);
}

static void draft_strict(struct draft *draft)
{
	const char *text = draft->named->row->strict;

	if (text == NULL || di__yaml_boolean(text, &draft->row.strict))
		return;
	refuse_at(draft->wire->faults, &draft->named->file->index, key_node(draft, "strict"),
		  "is no truth: true or false", text);
	draft->named->is_broken = 1;
}

/* Rows of a file that leave their scope out have the default of that file. */
static int has_scope(const char *kind)
{
	return strcmp(kind, "context_resource") == 0 || strcmp(kind, "state") == 0 ||
	       strcmp(kind, "lazy") == 0;
}

static void draft_row(struct draft *draft)
{
	const struct di__yaml_row *row = draft->named->row;

	draft->row.kind_name = row->kind;
	draft->row.type = row->type;
	draft->row.constructor = row->select != NULL ? row->select : row->create;
	draft->row.destructor = row->destroy;
	draft->row.always = row->always;
	draft->row.scope = row->scope;
	if (row->scope == NULL && has_scope(row->kind))
		draft->row.scope = draft->named->file->document->default_scope;
	draft_strict(draft);
	draft_arguments(draft);
	draft_value(draft);
	draft_members(draft);
}

static void draft_override(struct draft *draft)
{
	const struct di__yaml_override *override = draft->named->override;

	if (override->object != NULL) {
		draft->row.kind_name = "object";
		draft->value =
			(struct di_argument){ DI_ARGUMENT_OBJECT, override->object, NULL, NULL };
		draft->row.value = &draft->value;
		return;
	}
	draft->row.kind_name = "selector";
	draft->row.always = "override";
	add_member(draft, "override", override->with);
}

static void add_row(struct di__yaml_wire *wire, struct di__yaml_named *named)
{
	struct draft draft = { .wire = wire, .named = named };

	if (named->name == NULL || named->row->kind == NULL)
		return;
	draft.row.name = named->name;
	draft.row.at = named;
	if (named->override != NULL)
		draft_override(&draft);
	else
		draft_row(&draft);
	if (!took(wire, di_builder_row(wire->builder, &draft.row, NULL)))
		named->is_broken = 1;
}

/* ---- Scopes and connected containers. ---- */

static void add_scope(struct di__yaml_wire *wire, const struct di__yaml_scope *scope,
		      struct di__yaml_named *named)
{
	const struct di__yaml_index *index = &named->file->index;
	int64_t rank = 1;

	named->name = scope->name;
	if (scope->rank != NULL &&
	    (!di__yaml_integer(scope->rank, &rank) || rank < 1 || rank > 299)) {
		refuse_at(wire->faults, index, di__yaml_index_find(index, named->node, "rank"),
			  "is no rank: from 1 to 299", scope->rank);
		named->is_broken = 1;
		rank = 1;
	}
	if (scope->name == NULL || scope->rank == NULL)
		named->is_broken = 1;
	if (scope->name != NULL)
		took(wire,
		     di_builder_new_scope(wire->builder, scope->name, (int)rank, named, NULL));
}

static void add_scopes(struct di__yaml_wire *wire, const struct di__yaml_file *file)
{
	const struct di__yaml_index *index = &file->index;
	uint32_t node = di__yaml_index_find(index, 0, "scopes"), i;

	node = node != 0 ? index->nodes[node].first : 0;
	for (i = 0; i < file->document->scopes_count; i++, node = index->nodes[node].next) {
		struct di__yaml_named *named = &wire->scopes[wire->scopes_count++];

		*named = (struct di__yaml_named){ .file = file, .node = node };
		add_scope(wire, &file->document->scopes[i], named);
	}
}

static const struct di_table *table_named(const struct di_yaml_options *options, const char *name)
{
	size_t i;

	for (i = 0; i < options->tables_count; i++) {
		if (strcmp(options->tables[i]->name, name) == 0)
			return options->tables[i];
	}
	return NULL;
}

static int has_name(const struct di__yaml_document *document, uint32_t count, const char *name)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		if (strcmp(document->connects[i], name) == 0)
			return 1;
	}
	return 0;
}

/* Several files may connect the same one: whether it stands before. */
static int is_connected(const struct di__yaml_wire *wire, const struct di__yaml_file *file,
			uint32_t number)
{
	const char *name = file->document->connects[number];
	uint32_t i;

	for (i = 0; wire->files->items[wire->files->order[i]] != file; i++) {
		const struct di__yaml_document *document =
			wire->files->items[wire->files->order[i]]->document;

		if (has_name(document, document->connects_count, name))
			return 1;
	}
	return has_name(file->document, number, name);
}

static void connect_all(struct di__yaml_wire *wire, const struct di__yaml_file *file)
{
	const struct di__yaml_index *index = &file->index;
	uint32_t node = di__yaml_index_find(index, 0, "connects"), i;

	node = node != 0 ? index->nodes[node].first : 0;
	for (i = 0; i < file->document->connects_count; i++, node = index->nodes[node].next) {
		const char *name = file->document->connects[i];
		const struct di_table *table = table_named(wire->options, name);

		if (table == NULL)
			refuse_at(wire->faults, index, node,
				  "is no container that the program lets be connected", name);
		else if (!is_connected(wire, file, i))
			took(wire, di_builder_connect(wire->builder, table, NULL));
	}
}

/* ---- All. ---- */

static uint32_t count_scopes(const struct di__yaml_files *files)
{
	uint32_t count = 0, i;

	for (i = 0; i < files->ordered; i++)
		count += files->items[files->order[i]]->document->scopes_count;
	return count;
}

int di__yaml_wire(struct di__yaml_wire *wire, const char *name)
{
	struct di_builder_options options = { .abi = DI_ABI, .report = place, .data = wire };
	struct di_error err = { 0 };
	size_t i;

	wire->scopes = calloc(count_scopes(wire->files) + 1, sizeof(*wire->scopes));
	wire->builder = di_builder_new(name, &options, &err);
	if (wire->scopes == NULL || wire->builder == NULL) {
		wire->faults->no_memory = 1;
		return 0;
	}
	for (i = 0; i < wire->files->ordered; i++) {
		const struct di__yaml_file *file = wire->files->items[wire->files->order[i]];

		add_scopes(wire, file);
		connect_all(wire, file);
	}
	for (i = 0; i < wire->rows->count; i++)
		add_row(wire, &wire->rows->items[i]);
	return !wire->faults->no_memory;
}

const struct di_table *di__yaml_wire_build(struct di__yaml_wire *wire)
{
	struct di_error err = { 0 };

	took(wire, di_builder_check(wire->builder, &err));
	if (di__yaml_faults_count(wire->faults) > 0)
		return NULL;
	return di_builder_build(wire->builder, &err);
}

void di__yaml_wire_release(struct di__yaml_wire *wire)
{
	di_builder_free(wire->builder);
	free(wire->scopes);
}
