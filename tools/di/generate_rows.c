/* SPDX-License-Identifier: MIT */
#include "tools/di/generate.h"

#include <string.h>

enum {
	TYPE_SIZE = 256
};

/* ---- Calls. ---- */

static void generate_argument(struct generated *generated, const struct di__built_row *row,
			      uint32_t number)
{
	const struct di__built_argument *argument = &row->arguments[number];
	const char *name = argument->target.name != NULL ? argument->target.name->text : "";

	fprintf(generated->stream, ", ");
	if (argument->kind != DI_ARGUMENT_NEED) {
		fprintf(generated->stream, "DI_FIELD(%s, ", generated->values);
		generate_member_name(generated->stream, row, number);
		fprintf(generated->stream, ")");
	} else if (argument->path != NULL) {
		fprintf(generated->stream, "DI_FIELD(%s, %s)", name, argument->path->text);
	} else {
		fprintf(generated->stream, "%s", name);
	}
}

/* How constructors are written that do not store their value. */
static const struct form {
	uint32_t convention;
	const char *macro, *option;
} forms[] = { { DI_EXPORT_RETURNED, "DI_RETURNS", "returns" },
	      { DI_EXPORT_INITIALIZED, "DI_INIT", "init" } };

/* An option says what is not known otherwise. */
static void check_option(struct generated *generated, const struct di__built_row *row,
			 const struct form *form)
{
	const char *name = row->constructor->text, *kind = row->found_kind->name;
	struct di__yaml_faults *faults = &generated->loaded->faults;

	if (row->found_kind->async)
		di__yaml_row_fault(faults, named_of(row), "create",
				   "%s: --%s %s: %s %s is made by a function that completes a "
				   "call; it has no %s()",
				   row->name->text, form->option, name, di__article(kind), kind,
				   form->macro);
	else if (row->maker != NULL)
		di__yaml_row_fault(faults, named_of(row), "create",
				   "%s: --%s %s: exports have it without %s()", row->name->text,
				   form->option, name, form->macro);
}

/* Its exports say it, or who asks. */
static const char *form_of(struct generated *generated, const struct di__built_row *row)
{
	const struct options *options = generated->loaded->options;
	const struct words *named[] = { &options->returned, &options->initialized };
	uint32_t convention = row->maker != NULL ? row->maker->export->convention : DI_EXPORT_MADE;
	const char *macro = "";
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (convention == forms[i].convention) {
			macro = forms[i].macro;
		} else if (words_have(named[i], row->constructor->text)) {
			check_option(generated, row, &forms[i]);
			macro = forms[i].macro;
		}
	}
	return macro;
}

static void generate_call(struct generated *generated, const struct di__built_row *row)
{
	uint32_t i;

	fprintf(generated->stream, "%s(%s",
		row->shape == DI__SHAPE_MADE ? form_of(generated, row) : "",
		row->constructor->text);
	for (i = 0; i < row->arguments_count; i++)
		generate_argument(generated, row, i);
	fprintf(generated->stream, ")");
}

/* ---- Columns. ---- */

static void generate_scope(FILE *stream, const struct di__built_row *row)
{
	fprintf(stream, row->strict ? ", DI_STRICT(%s)" : ", %s", row->scope->text);
}

static void generate_object(struct generated *generated, const struct di__built_row *row)
{
	const struct di__built_argument *value = row->value;

	if (value->kind == DI_ARGUMENT_OBJECT) {
		fprintf(generated->stream, ", &%s", value->object->text);
	} else if (value->kind == DI_ARGUMENT_STRING) {
		fprintf(generated->stream, ", ");
		generate_string(generated->stream, value->text);
	} else {
		fprintf(generated->stream, ", &%s_object.", generated->values);
		generate_member_name(generated->stream, row, 0);
	}
}

static void generate_keyed(struct generated *generated, const struct di__built_row *row)
{
	uint32_t i;

	for (i = 0; i < row->members_count; i++) {
		fprintf(generated->stream, ", (");
		generate_string(generated->stream, row->members[i].key);
		fprintf(generated->stream, ", %s)", row->members[i].target.name->text);
	}
}

static void generate_selector(struct generated *generated, const struct di__built_row *row)
{
	fprintf(generated->stream, ", ");
	if (row->always != NULL) {
		fprintf(generated->stream, "DI_ALWAYS(");
		generate_string(generated->stream, row->always);
		fprintf(generated->stream, ")");
	} else {
		generate_call(generated, row);
	}
	generate_keyed(generated, row);
}

static void generate_members(FILE *stream, const struct di__built_row *row)
{
	uint32_t i;

	for (i = 0; i < row->members_count; i++)
		fprintf(stream, ", %s", row->members[i].target.name->text);
}

static void generate_columns(struct generated *generated, const struct di__built_row *row)
{
	switch (row->shape) {
	case DI__SHAPE_MADE:
		fprintf(generated->stream, ", ");
		generate_call(generated, row);
		fprintf(generated->stream, ", %s", row->destructor->text);
		break;
	case DI__SHAPE_OBJECT:
		generate_object(generated, row);
		break;
	case DI__SHAPE_SELECTOR:
		generate_selector(generated, row);
		break;
	case DI__SHAPE_DICT:
		generate_keyed(generated, row);
		break;
	default:
		generate_members(generated->stream, row);
	}
	if (row->found_kind->home == DI_HOME_SCOPE)
		generate_scope(generated->stream, row);
}

/* ---- Rows. ---- */

/* The type that the row names: of what holds others without its const. */
static const char *type_of(const struct di__built_row *row, char *buffer, size_t size)
{
	const char *type = type_text(row, buffer, size);

	if (type != NULL && row->shape >= DI__SHAPE_LIST && strncmp(type, "const ", 6) == 0)
		return type + 6;
	return type;
}

static void refuse_type(struct generated *generated, const struct di__built_row *row)
{
	const struct di__yaml_named *named = named_of(row);

	di__yaml_row_fault(&generated->loaded->faults, named, NULL,
			   "%s: its type is not known; the key 'type' says it, or exports do that "
			   "--exports names",
			   row->name->text);
}

static void generate_row(struct generated *generated, const struct di__built_row *row)
{
	char buffer[TYPE_SIZE];
	const char *type = type_of(row, buffer, sizeof(buffer));

	if (type == NULL) {
		refuse_type(generated, row);
		return;
	}
	fprintf(generated->stream, " \\\n\tX(%s, %s, %s", row->found_kind->name, row->name->text,
		type);
	generate_columns(generated, row);
	fprintf(generated->stream, ")");
}

void generate_rows(struct generated *generated)
{
	const struct di_builder *builder = generated->loaded->wire.builder;
	uint32_t i;

	if (generated->values[0] != '\0')
		fprintf(generated->stream, " \\\n\tX(object, %s, const struct %s, &%s_object)",
			generated->values, generated->values, generated->values);
	for (i = 0; i < builder->count; i++)
		generate_row(generated, builder->order[i]);
}
