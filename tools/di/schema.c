/* SPDX-License-Identifier: MIT */
#include "containers/builder.h"
#include "containers/yaml/rows.h"
#include "tools/di/command.h"
#include "tools/di/output.h"

#include <stdio.h>
#include <string.h>

/*
 * The JSON Schema of files, written from the schema that they are read by; what texts must look
 * like and what keys mean is added here.
 */

#define NAME_PATTERN "^[A-Za-z_][A-Za-z0-9_]*$"
#define WHOLE_PATTERN "^-?(0|[1-9][0-9]*)$"
#define REAL_PATTERN "^-?(0|[1-9][0-9]*)(\\\\.[0-9]+)?([eE][-+]?[0-9]+)?$"

/* Scalars that are no texts to other readers of YAML, though they are written as such. */
#define ANY_TEXT "\"type\": [\"string\", \"number\", \"boolean\"]"
#define A_NAME "\"type\": \"string\", \"pattern\": \"" NAME_PATTERN "\""
#define A_TEXT "\"type\": \"string\", \"minLength\": 1"

static const struct {
	const char *key, *form, *text;
} keys[] = {
	{ "version", "\"enum\": [1, \"1\"]", "Of the form of this file: 1." },
	{ "container", A_NAME, "The name of the table; in the first file." },
	{ "default_scope", A_NAME, "The scope of rows of this file that leave theirs out." },
	{ "includes", NULL, "Files whose rows come before these, relative to this one." },
	{ "connects", NULL, "Containers whose rows those of this one may need." },
	{ "plugins", NULL, "Shared objects with exports, beside this file." },
	{ "scopes", NULL, "Scopes that this file makes." },
	{ "providers", NULL, "The rows." },
	{ "overrides", NULL, "What is put in the place of rows." },
	{ "name", A_NAME, "A name as in C, unique in all files." },
	{ "kind", NULL, "How its values live." },
	{ "type", A_TEXT, "The C type behind the pointer: const struct user." },
	{ "object", A_TEXT, "An exported object." },
	{ "value", NULL, "A number, truth or text." },
	{ "create", A_TEXT, "An exported constructor." },
	{ "destroy", A_TEXT, "An exported destructor, or di_keep." },
	{ "args", NULL, "One for each parameter of the function, in order." },
	{ "scope", A_NAME, "app, request, inject, any, or one of the program or of scopes." },
	{ "strict", "\"type\": \"boolean\"", "Only where the innermost context has its scope." },
	{ "select", A_TEXT, "An exported chooser, which returns a key." },
	{ "always", ANY_TEXT, "The key that is always chosen." },
	{ "cases", NULL, "The rows that are chosen from." },
	{ "items", NULL, "The rows that the list holds." },
	{ "entries", NULL, "The rows that the dict holds." },
	{ "target", A_NAME, "The row that the lazy leads to." },
	{ "ref", A_TEXT, "A row, a member of what it provides (row.member), or DI_CONTEXT." },
	{ "int",
	  "\"anyOf\": [{\"type\": \"integer\"}, {\"type\": \"string\", \"pattern\": "
	  "\"" WHOLE_PATTERN "\"}]",
	  "A whole number in decimal." },
	{ "float",
	  "\"anyOf\": [{\"type\": \"number\"}, {\"type\": \"string\", \"pattern\": \"" REAL_PATTERN
	  "\"}]",
	  "A number." },
	{ "bool", "\"type\": \"boolean\"", "true or false." },
	{ "str", ANY_TEXT, "A text." },
	{ "env", A_TEXT, "A variable of the environment, read when the file is loaded." },
	{ "default", ANY_TEXT, "What stands for the variable where it is not set." },
	{ "when", ANY_TEXT, "The key that the chooser returns." },
	{ "key", ANY_TEXT, "The key of the entry." },
	{ "rank", "\"type\": \"integer\", \"minimum\": 2, \"maximum\": 299",
	  "Of two scopes the one with the higher rank lives shorter." },
	{ "provider", A_NAME, "The row in whose place something is put." },
	{ "with", A_NAME, "Another row of that type." },
};

enum {
	KEYS_COUNT = sizeof(keys) / sizeof(keys[0])
};

static unsigned find_key(const char *key)
{
	unsigned i = 0;

	while (i < KEYS_COUNT && strcmp(keys[i].key, key) != 0)
		i++;
	return i;
}

static void indent(FILE *stream, int depth)
{
	fprintf(stream, "\n%*s", 2 * depth, "");
}

static void write_value(FILE *stream, const cyaml_schema_value_t *value, const char *key,
			int depth);

/* ---- Mappings. ---- */

static int is_needed(const cyaml_schema_value_t *value)
{
	return value->type == CYAML_STRING && value->string.min > 0;
}

static void write_required(FILE *stream, const cyaml_schema_field_t *fields, int depth)
{
	const char *before = "";

	indent(stream, depth);
	fprintf(stream, "\"required\": [");
	for (; fields->key != NULL; fields++) {
		if (!is_needed(&fields->value))
			continue;
		fprintf(stream, "%s\"%s\"", before, fields->key);
		before = ", ";
	}
	fprintf(stream, "],");
}

/* Of a row's kind follows what else it has. */
static void write_kind(FILE *stream, unsigned kind, const cyaml_schema_field_t *fields, int depth)
{
	const cyaml_schema_field_t *field;
	const char *before = "";

	indent(stream, depth);
	fprintf(stream,
		"{\"if\": {\"required\": [\"kind\"], \"properties\": {\"kind\": {\"const\": "
		"\"%s\"}}},",
		di__yaml_kind_name(kind));
	indent(stream, depth + 1);
	fprintf(stream, "\"then\": {\"required\": [");
	for (field = fields; field->key != NULL; field++) {
		if (di__yaml_kind_has(kind, field->key) != DI__YAML_NEEDS)
			continue;
		fprintf(stream, "%s\"%s\"", before, field->key);
		before = ", ";
	}
	fprintf(stream, "], \"propertyNames\": {\"enum\": [\"name\", \"kind\"");
	for (field = fields; field->key != NULL; field++) {
		if (di__yaml_kind_has(kind, field->key) != DI__YAML_HAS_NOT)
			fprintf(stream, ", \"%s\"", field->key);
	}
	fprintf(stream, "]}}}");
}

/* The kinds that this library has, in the order in which they are documented. */
static unsigned next_kind(unsigned kind)
{
	while (di__yaml_kind_name(kind) != NULL && di_kind_find(di__yaml_kind_name(kind)) == NULL)
		kind++;
	return kind;
}

static void write_kinds(FILE *stream, const cyaml_schema_field_t *fields, int depth)
{
	unsigned kind;

	indent(stream, depth);
	fprintf(stream, "\"allOf\": [");
	for (kind = next_kind(0); di__yaml_kind_name(kind) != NULL; kind = next_kind(kind + 1)) {
		if (kind != next_kind(0))
			fputc(',', stream);
		write_kind(stream, kind, fields, depth + 1);
	}
	indent(stream, depth);
	fprintf(stream, "],");
}

/* What a mapping must be besides: by the key whose list has it, or that it stands behind. */
static const char *rule_of(const char *key)
{
	if (strcmp(key, "overrides") == 0)
		return "\"oneOf\": [{\"required\": [\"with\"]}, {\"required\": [\"object\"]}],";
	if (strcmp(key, "args") == 0 || strcmp(key, "value") == 0)
		return "\"oneOf\": [{\"required\": [\"ref\"]}, {\"required\": [\"int\"]}, "
		       "{\"required\": [\"float\"]}, {\"required\": [\"bool\"]}, "
		       "{\"required\": [\"str\"]}, {\"required\": [\"env\"]}], "
		       "\"dependentRequired\": {\"default\": [\"env\"]},";
	return NULL;
}

/* The schema of our own is not deep. NOLINTNEXTLINE(misc-no-recursion) */
static void write_mapping(FILE *stream, const cyaml_schema_field_t *fields, const char *key,
			  int depth)
{
	const cyaml_schema_field_t *field;
	const char *rule = rule_of(key);

	fprintf(stream, "\"type\": \"object\", \"additionalProperties\": false,");
	write_required(stream, fields, depth);
	if (rule != NULL) {
		indent(stream, depth);
		fputs(rule, stream);
	}
	if (strcmp(key, "providers") == 0)
		write_kinds(stream, fields, depth);
	indent(stream, depth);
	fprintf(stream, "\"properties\": {");
	for (field = fields; field->key != NULL; field++) {
		indent(stream, depth + 1);
		fprintf(stream, "\"%s\": {", field->key);
		write_value(stream, &field->value, field->key, depth + 2);
		fprintf(stream, "}%s", field[1].key != NULL ? "," : "");
	}
	indent(stream, depth);
	fprintf(stream, "}");
}

/* ---- Values. ---- */

static void write_kind_names(FILE *stream)
{
	unsigned kind = next_kind(0);

	fprintf(stream, "\"enum\": [\"%s\"", di__yaml_kind_name(kind));
	while (di__yaml_kind_name(kind = next_kind(kind + 1)) != NULL)
		fprintf(stream, ", \"%s\"", di__yaml_kind_name(kind));
	fprintf(stream, "]");
}

static void write_scalar(FILE *stream, const char *key)
{
	unsigned known = find_key(key);

	if (strcmp(key, "kind") == 0)
		write_kind_names(stream);
	else
		fputs(known < KEYS_COUNT && keys[known].form != NULL ? keys[known].form : A_TEXT,
		      stream);
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static void write_value(FILE *stream, const cyaml_schema_value_t *value, const char *key, int depth)
{
	unsigned known = find_key(key);

	if (known < KEYS_COUNT)
		fprintf(stream, "\"description\": \"%s\", ", keys[known].text);
	if (value->type == CYAML_MAPPING) {
		write_mapping(stream, value->mapping.fields, key, depth);
	} else if (value->type == CYAML_SEQUENCE) {
		const cyaml_schema_value_t *entry = value->sequence.entry;

		fprintf(stream, "\"type\": \"array\", \"items\": {");
		if (entry->type == CYAML_MAPPING)
			write_mapping(stream, entry->mapping.fields, key, depth);
		else
			write_scalar(stream, key);
		fprintf(stream, "}");
	} else {
		write_scalar(stream, key);
	}
}

int di_schema_command(const struct options *options)
{
	struct output output;

	if (!output_open(&output))
		return STATUS_TROUBLE;
	fprintf(output.stream,
		"{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
		"  \"title\": \"Containers from YAML\",\n  ");
	write_mapping(output.stream, di__yaml_schema.mapping.fields, "", 1);
	fprintf(output.stream, "\n}\n");
	return output_finish(&output, options->output) ? STATUS_OK : STATUS_TROUBLE;
}
