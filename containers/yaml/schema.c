/* SPDX-License-Identifier: MIT */
#include "containers/yaml/schema.h"

/* clang-format off */

#define TEXT(key_, struct_, member_) \
	CYAML_FIELD_STRING_PTR(key_, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct_, member_, \
			       0, CYAML_UNLIMITED)
/* One that has to be there, for the check, and that is not empty. */
#define NEEDED_TEXT(key_, struct_, member_) \
	CYAML_FIELD_STRING_PTR(key_, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct_, member_, \
			       1, CYAML_UNLIMITED)
#define LIST(key_, struct_, member_, entry_) \
	CYAML_FIELD_SEQUENCE(key_, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct_, member_, \
			     entry_, 0, CYAML_UNLIMITED)

static const cyaml_schema_value_t text_value = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 0, CYAML_UNLIMITED),
};

static const cyaml_schema_field_t argument_fields[] = {
	TEXT("ref", struct di__yaml_argument, ref),
	TEXT("int", struct di__yaml_argument, integer),
	TEXT("float", struct di__yaml_argument, real),
	TEXT("bool", struct di__yaml_argument, boolean),
	TEXT("str", struct di__yaml_argument, string),
	TEXT("env", struct di__yaml_argument, env),
	TEXT("default", struct di__yaml_argument, fallback),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t argument_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct di__yaml_argument, argument_fields),
};

static const cyaml_schema_field_t case_fields[] = {
	NEEDED_TEXT("when", struct di__yaml_entry, key),
	NEEDED_TEXT("ref", struct di__yaml_entry, ref),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t case_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct di__yaml_entry, case_fields),
};

static const cyaml_schema_field_t entry_fields[] = {
	NEEDED_TEXT("key", struct di__yaml_entry, key),
	NEEDED_TEXT("ref", struct di__yaml_entry, ref),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t entry_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct di__yaml_entry, entry_fields),
};

static const cyaml_schema_field_t row_fields[] = {
	NEEDED_TEXT("name", struct di__yaml_row, name),
	NEEDED_TEXT("kind", struct di__yaml_row, kind),
	TEXT("type", struct di__yaml_row, type),
	TEXT("object", struct di__yaml_row, object),
	CYAML_FIELD_MAPPING_PTR("value", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
				struct di__yaml_row, value, argument_fields),
	TEXT("create", struct di__yaml_row, create),
	TEXT("destroy", struct di__yaml_row, destroy),
	LIST("args", struct di__yaml_row, args, &argument_value),
	TEXT("scope", struct di__yaml_row, scope),
	TEXT("strict", struct di__yaml_row, strict),
	TEXT("select", struct di__yaml_row, select),
	TEXT("always", struct di__yaml_row, always),
	LIST("cases", struct di__yaml_row, cases, &case_value),
	LIST("items", struct di__yaml_row, items, &text_value),
	LIST("entries", struct di__yaml_row, entries, &entry_value),
	TEXT("target", struct di__yaml_row, target),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t row_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct di__yaml_row, row_fields),
};

static const cyaml_schema_field_t scope_fields[] = {
	NEEDED_TEXT("name", struct di__yaml_scope, name),
	NEEDED_TEXT("rank", struct di__yaml_scope, rank),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t scope_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct di__yaml_scope, scope_fields),
};

static const cyaml_schema_field_t override_fields[] = {
	NEEDED_TEXT("provider", struct di__yaml_override, provider),
	TEXT("with", struct di__yaml_override, with),
	TEXT("object", struct di__yaml_override, object),
	CYAML_FIELD_END
};
static const cyaml_schema_value_t override_value = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct di__yaml_override, override_fields),
};

static const cyaml_schema_field_t document_fields[] = {
	NEEDED_TEXT("version", struct di__yaml_document, version),
	TEXT("container", struct di__yaml_document, container),
	TEXT("default_scope", struct di__yaml_document, default_scope),
	LIST("includes", struct di__yaml_document, includes, &text_value),
	LIST("connects", struct di__yaml_document, connects, &text_value),
	LIST("plugins", struct di__yaml_document, plugins, &text_value),
	LIST("scopes", struct di__yaml_document, scopes, &scope_value),
	{
		.key = "providers",
		.value = { CYAML_VALUE_SEQUENCE(CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
						struct di__yaml_row, &row_value, 0, CYAML_UNLIMITED) },
		.data_offset = offsetof(struct di__yaml_document, rows),
		.count_offset = offsetof(struct di__yaml_document, rows_count),
		.count_size = sizeof(uint32_t),
	},
	LIST("overrides", struct di__yaml_document, overrides, &override_value),
	CYAML_FIELD_END
};
const cyaml_schema_value_t di__yaml_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct di__yaml_document, document_fields),
};

/* clang-format on */
