/* SPDX-License-Identifier: MIT */
#include "containers/exports.h"
#include "containers/yaml/argument.h"
#include "containers/yaml/wire.h"
#include "containers/yaml/words.h"

#include <stdio.h>
#include <string.h>

/*
 * Rows, as the builder wants them.
 */

enum {
	/* More are refused here, so that looking for places takes no time worth speaking of. */
	ARGUMENTS_MAX = DI_NEEDS_MAX,
	MEMBERS_MAX = 32
};

/* A row for the builder, and what it points to. */
struct draft {
	struct di__yaml_wire *wire;
	struct di__yaml_named *named;
	struct di_row row;
	struct di_argument arguments[ARGUMENTS_MAX], value;
	struct di_member members[MEMBERS_MAX];
	char type[128]; /* of what an override is for */
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

/*
 * To the builder a number without quotes is a string where one is wanted; here it was called a
 * number.
 */
static void check_form(struct draft *draft, const struct di_argument *argument,
		       const struct di_parameter *parameter, uint32_t node, uint32_t number)
{
	const struct di__yaml_index *index = &draft->named->file->index;

	if (argument->kind != DI_ARGUMENT_PLAIN || parameter->kind != DI_VALUE_POINTER ||
	    (draft->named->wrong_arguments >> number & 1) != 0)
		return;
	node = di__yaml_written(index, node);
	di__yaml_fault(draft->wire->faults, di__yaml_at(index, node), DI__YAML_PATH(index, node),
		       "%s: %s stands here, and the parameter is a %s", draft->named->name,
		       DI__YAML_QUOTED(di__yaml_key(index, node)), parameter->type.name);
	draft->named->wrong_arguments |= UINT32_C(1) << number;
}

static void check_forms(struct draft *draft)
{
	const struct di__yaml_row *row = draft->named->row;
	const struct di_export *export =
		row->select != NULL
			? di__yaml_exported_find(draft->wire, row->select, DI_EXPORT_CHOOSER)
			: di__yaml_exported_find(draft->wire, row->create, DI_EXPORT_CONSTRUCTOR);
	const struct di__yaml_index *index = &draft->named->file->index;
	uint32_t node = key_node(draft, "args"), i;

	if (export == NULL || export->parameters_count != draft->row.arguments_count || node == 0)
		return;
	node = index->nodes[node].first;
	for (i = 0; i < export->parameters_count; i++, node = index->nodes[node].next)
		check_form(draft, &draft->arguments[i], &export->parameters[i], node, i);
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
			draft->named->wrong_arguments |= UINT32_C(1) << i;
	}
	draft->row.arguments = draft->arguments;
	draft->row.arguments_count = count;
	check_forms(draft);
}

/* The same where there is no parameter. */
static void check_text_form(struct draft *draft)
{
	const struct di__yaml_row *row = draft->named->row;
	const struct di__yaml_index *index = &draft->named->file->index;
	uint32_t node = di__yaml_written(index, key_node(draft, "value"));

	if (draft->value.kind != DI_ARGUMENT_PLAIN || row->type == NULL ||
	    (strcmp(row->type, "const char") != 0 && strcmp(row->type, "char const") != 0) ||
	    draft->named->value_is_wrong)
		return;
	di__yaml_fault(draft->wire->faults, di__yaml_at(index, node), DI__YAML_PATH(index, node),
		       "%s: %s stands here, and the type is %s", draft->named->name,
		       DI__YAML_QUOTED(di__yaml_key(index, node)), row->type);
	draft->named->value_is_wrong = 1;
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
		di__yaml_refuse(draft->wire->faults, &draft->named->file->index,
				key_node(draft, "value"), "has an object already",
				draft->named->name);
		draft->named->value_is_wrong = 1;
	}
	draft->value = (struct di_argument){ DI_ARGUMENT_PLAIN, "0", NULL, NULL };
	if (!di__yaml_argument(row->value, &draft->named->file->index, key_node(draft, "value"),
			       draft->wire->faults, &draft->value))
		draft->named->is_broken = 1;
	else
		check_text_form(draft);
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
	di__yaml_refuse(draft->wire->faults, &draft->named->file->index, key_node(draft, "strict"),
			"is no truth: true or false", text);
}

/* Rows of a file that leave their scope out have the default of that file. */
static int has_scope(const char *name)
{
	const struct di_kind *kind = di_kind_find(name);

	return kind != NULL && kind->home == DI_HOME_SCOPE;
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

/* What the row in whose place something is put would provide, where a word of it says so. */
static const char *type_of(struct draft *draft)
{
	static const char *const constants[] = { "list", "dict", "lazy" };
	const struct di__yaml_row *row = draft->named->row;
	const struct di_export *export =
		di__yaml_exported_find(draft->wire, row->create, DI_EXPORT_CONSTRUCTOR);
	size_t i;

	if (export == NULL)
		export = di__yaml_exported_find(draft->wire, row->object, DI_EXPORT_OBJECT);
	if (export != NULL)
		return export->type.name;
	if (row->type == NULL || strncmp(row->type, "const ", 6) == 0)
		return row->type;
	for (i = 0; i < sizeof(constants) / sizeof(*constants); i++) {
		if (strcmp(row->kind, constants[i]) != 0)
			continue;
		snprintf(draft->type, sizeof(draft->type), "const %s", row->type);
		return draft->type;
	}
	return row->type;
}

static void draft_override(struct draft *draft)
{
	const struct di__yaml_override *override = draft->named->override;

	draft->row.type = type_of(draft);
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

void di__yaml_wire_row(struct di__yaml_wire *wire, struct di__yaml_named *named)
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
	if (!di__yaml_took(wire, di_builder_row(wire->builder, &draft.row, NULL)))
		named->is_broken = 1;
}
