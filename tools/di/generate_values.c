/* SPDX-License-Identifier: MIT */
#include "tools/di/generate.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * Numbers and texts of a file: rows of a table need other rows, or members of what these provide.
 * So they become members of one constant object, which is the first row.
 */

void refuse_argument(struct generated *generated, const struct di__built_row *row, uint32_t number,
		     const char *what)
{
	const struct di__yaml_named *named = named_of(row);
	const struct di__yaml_index *index = &named->file->index;
	uint32_t node = di__yaml_index_find(index, named->node, "args");

	node = node != 0 ? di__yaml_written(index, di__yaml_index_item(index, node, number))
			 : named->node;
	di__yaml_fault(&generated->loaded->faults, di__yaml_at(index, node),
		       DI__YAML_PATH(index, node), "%s: %s", row->name->text, what);
}

static int is_value(const struct di__built_argument *argument)
{
	return argument->kind == DI_ARGUMENT_PLAIN || argument->kind == DI_ARGUMENT_STRING;
}

/* A string that is an object stands in its row. */
static int is_member(const struct di__built_row *row)
{
	return row->value != NULL && row->value->kind == DI_ARGUMENT_PLAIN;
}

int has_values(const struct di__built_row *row)
{
	uint32_t i;

	for (i = 0; i < row->arguments_count; i++) {
		if (is_value(&row->arguments[i]))
			return 1;
	}
	return is_member(row);
}

void generate_member_name(FILE *stream, const struct di__built_row *row, uint32_t number)
{
	if (row->value != NULL)
		fprintf(stream, "%s", row->name->text);
	else
		fprintf(stream, "%s_%u", row->name->text, (unsigned)number + 1);
}

/* ---- Types. ---- */

static int fits_int(const char *text)
{
	long long value;

	errno = 0;
	value = strtoll(text, NULL, 10);
	return errno == 0 && value >= -2147483647LL && value <= 2147483647LL;
}

static int fits_long(const char *text)
{
	errno = 0;
	(void)strtoll(text, NULL, 10);
	return errno == 0;
}

/* As it is written, where nobody says what the parameter is. */
static const char *type_of_form(const struct di__yaml_argument *written)
{
	if (written->boolean != NULL)
		return "_Bool";
	if (written->real != NULL)
		return "double";
	if (written->integer == NULL)
		return "const char *";
	if (fits_int(written->integer))
		return "int";
	return fits_long(written->integer) ? "long long" : "unsigned long long";
}

static const char *type_of(const struct di__built_row *row, uint32_t number)
{
	if (row->value != NULL)
		return row->provides.base->text;
	if (row->maker != NULL && number < row->maker->export->parameters_count)
		return row->maker->export->parameters[number].type.name;
	return type_of_form(&named_of(row)->row->args[number]);
}

static void generate_member(struct generated *generated, const struct di__built_row *row,
			    uint32_t number)
{
	const char *type = type_of(row, number);
	size_t length = strlen(type);

	fprintf(generated->stream, "\t%s%s", type,
		length > 0 && type[length - 1] == '*' ? "" : " ");
	generate_member_name(generated->stream, row, number);
	fprintf(generated->stream, ";\n");
}

/* ---- Literals. ---- */

static void generate_char(FILE *stream, unsigned char c)
{
	if (c == '"' || c == '\\' || c == '?')
		fprintf(stream, "\\%c", c);
	else if (c < 0x20 || c == 0x7f)
		fprintf(stream, "\\%03o", c);
	else
		fputc(c, stream);
}

void generate_string(FILE *stream, const char *text)
{
	fputc('"', stream);
	for (; *text != '\0'; text++)
		generate_char(stream, (unsigned char)*text);
	fputc('"', stream);
}

static void generate_plain(FILE *stream, const char *text)
{
	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
		fprintf(stream, "%d", text[0] == 't');
	else if (strpbrk(text, ".eE") == NULL && !fits_long(text))
		fprintf(stream, "%su", text);
	else if (strcmp(text, "-9223372036854775808") == 0)
		fprintf(stream, "-9223372036854775807 - 1");
	else
		fprintf(stream, "%s", text);
}

static void generate_literal(struct generated *generated, const struct di__built_row *row,
			     const struct di__built_argument *argument, uint32_t number)
{
	fprintf(generated->stream, "\t.");
	generate_member_name(generated->stream, row, number);
	fprintf(generated->stream, " = ");
	if (argument->kind == DI_ARGUMENT_STRING)
		generate_string(generated->stream, argument->text);
	else
		generate_plain(generated->stream, argument->text);
	fprintf(generated->stream, ",\n");
}

/* ---- All. ---- */

static void check_values(struct generated *generated, const struct di__built_row *row)
{
	uint32_t i;

	for (i = 0; i < row->arguments_count; i++) {
		if (row->arguments[i].kind == DI_ARGUMENT_ENVIRONMENT)
			refuse_argument(generated, row, i,
					"a table of macros is complete before the environment is "
					"read; env has no place there");
	}
	if (row->value != NULL && row->value->kind == DI_ARGUMENT_ENVIRONMENT)
		di__yaml_row_fault(&generated->loaded->faults, named_of(row), "value",
				   "%s: a table of macros is complete before the environment is "
				   "read; env has no place there",
				   row->name->text);
}

static void for_each(struct generated *generated, const struct di__built_row *row, int is_type)
{
	uint32_t i;

	for (i = 0; i < row->arguments_count; i++) {
		if (!is_value(&row->arguments[i]))
			continue;
		if (is_type)
			generate_member(generated, row, i);
		else
			generate_literal(generated, row, &row->arguments[i], i);
	}
	if (is_member(row) && is_type)
		generate_member(generated, row, 0);
	else if (is_member(row))
		generate_literal(generated, row, row->value, 0);
}

void generate_values(struct generated *generated)
{
	const struct di__built_row *first = generated->loaded->wire.builder->first, *row;
	int count = 0;

	for (row = first; row != NULL; row = row->next) {
		check_values(generated, row);
		count += has_values(row);
	}
	if (count == 0) {
		generated->values[0] = '\0';
		return;
	}
	fprintf(generated->stream, "\nstruct %s {\n", generated->values);
	for (row = first; row != NULL; row = row->next)
		for_each(generated, row, 1);
	fprintf(generated->stream, "};\nstatic const struct %s %s_object = {\n", generated->values,
		generated->values);
	for (row = first; row != NULL; row = row->next)
		for_each(generated, row, 0);
	fprintf(generated->stream, "};\n");
}
