/* SPDX-License-Identifier: MIT */
#include "containers/yaml/schema.h"
#include "containers/yaml/words.h"

#include <stdio.h>
#include <string.h>

/*
 * Whether a document fits the schema. libcyaml stops at the first thing that does not, and is a
 * line off where keys are concerned; so it reads what has passed here.
 */

struct check {
	const struct di__yaml_index *index;
	struct di__yaml_faults *faults;
	int is_readable;
};

static const char *kind_text(unsigned kind)
{
	switch (kind) {
	case DI__YAML_SEQUENCE:
		return "a list";
	case DI__YAML_MAPPING:
		return "a mapping";
	case DI__YAML_SCALAR:
		return "a word";
	default:
		return "nothing";
	}
}

static unsigned kind_wanted(const cyaml_schema_value_t *schema)
{
	if (schema->type == CYAML_MAPPING)
		return DI__YAML_MAPPING;
	return schema->type == CYAML_SEQUENCE || schema->type == CYAML_SEQUENCE_FIXED
		       ? DI__YAML_SEQUENCE
		       : DI__YAML_SCALAR;
}

/* Whether YAML takes a scalar for no value at all. */
static int is_null(const struct di__yaml_index *index, uint32_t node)
{
	const char *text = di__yaml_text(index, node);

	return index->nodes[node].is_plain &&
	       (text[0] == '\0' || strcmp(text, "~") == 0 || strcmp(text, "null") == 0 ||
		strcmp(text, "Null") == 0 || strcmp(text, "NULL") == 0);
}

/* ---- Scalars. ---- */

static void refuse_null(struct check *check, unsigned wanted, uint32_t node)
{
	check->is_readable = 0;
	di__yaml_fault(check->faults, di__yaml_at_key(check->index, node),
		       DI__YAML_PATH(check->index, node), "there is no value; %s",
		       wanted == DI__YAML_SCALAR
			       ? "a text is put in quotes where it is empty, ~ or null"
		       : wanted == DI__YAML_SEQUENCE ? "a list of nothing is written []"
						     : "a mapping is expected");
}

static int is_needed(const cyaml_schema_value_t *schema)
{
	return schema->type == CYAML_STRING && schema->string.min > 0;
}

static void check_text(struct check *check, const cyaml_schema_value_t *schema, uint32_t node)
{
	if (!is_needed(schema) || di__yaml_text(check->index, node)[0] != '\0')
		return;
	check->is_readable = 0;
	di__yaml_fault(check->faults, di__yaml_at(check->index, node),
		       DI__YAML_PATH(check->index, node), "the text is empty");
}

/* ---- Mappings. ---- */

static const cyaml_schema_field_t *field_of(const cyaml_schema_value_t *schema, const char *key)
{
	const cyaml_schema_field_t *field = schema->mapping.fields;

	while (field->key != NULL && strcmp(field->key, key) != 0)
		field++;
	return field->key != NULL ? field : NULL;
}

static void refuse_key(struct check *check, const cyaml_schema_value_t *schema, uint32_t node)
{
	const char *key = di__yaml_key(check->index, node), *near = NULL;
	const cyaml_schema_field_t *field;

	if (di__yaml_faults_full(check->faults)) {
		check->faults->left_out++;
		return;
	}
	for (field = schema->mapping.fields; field->key != NULL; field++)
		near = di__yaml_nearer(key, near, field->key);
	di__yaml_fault(check->faults, di__yaml_at_key(check->index, node),
		       DI__YAML_PATH(check->index, node), "unknown key %s%s", DI__YAML_QUOTED(key),
		       di__yaml_meant(near, (char[96]){ 0 }, 96));
}

static void check_missing(struct check *check, const cyaml_schema_value_t *schema, uint32_t node)
{
	const cyaml_schema_field_t *field;

	for (field = schema->mapping.fields; field->key != NULL; field++) {
		if (!is_needed(&field->value) ||
		    di__yaml_index_find(check->index, node, field->key) != 0)
			continue;
		di__yaml_fault(check->faults, di__yaml_at(check->index, node),
			       DI__YAML_PATH(check->index, node), "the key '%s' is missing",
			       field->key);
	}
}

static int check_value(struct check *check, const cyaml_schema_value_t *schema, uint32_t node);

/* Documents that are scanned are not deep. NOLINTNEXTLINE(misc-no-recursion) */
static void check_children(struct check *check, const cyaml_schema_value_t *schema, uint32_t node)
{
	uint32_t child = check->index->nodes[node].first;

	for (; child != 0; child = check->index->nodes[child].next) {
		const cyaml_schema_field_t *field;

		if (schema->type != CYAML_MAPPING) {
			check_value(check, schema->sequence.entry, child);
			continue;
		}
		field = field_of(schema, di__yaml_key(check->index, child));
		if (field == NULL)
			refuse_key(check, schema, child);
		else
			check_value(check, &field->value, child);
	}
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static int check_value(struct check *check, const cyaml_schema_value_t *schema, uint32_t node)
{
	unsigned kind = check->index->nodes[node].kind, wanted = kind_wanted(schema);

	if (kind == DI__YAML_SCALAR && is_null(check->index, node)) {
		refuse_null(check, wanted, node);
	} else if (kind != wanted) {
		check->is_readable = 0;
		di__yaml_fault(check->faults, di__yaml_at(check->index, node),
			       DI__YAML_PATH(check->index, node),
			       "here stands %s, where %s is expected", kind_text(kind),
			       kind_text(wanted));
	} else if (kind == DI__YAML_SCALAR) {
		check_text(check, schema, node);
	} else {
		check_children(check, schema, node);
		if (kind == DI__YAML_MAPPING)
			check_missing(check, schema, node);
	}
	return check->is_readable;
}

int di__yaml_check(const struct di__yaml_index *index, const cyaml_schema_value_t *schema,
		   struct di__yaml_faults *faults)
{
	struct check check = { index, faults, 1 };

	return check_value(&check, schema, 0);
}
