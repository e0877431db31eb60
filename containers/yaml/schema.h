/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_SCHEMA_H
#define DI_YAML_SCHEMA_H

/* private */

/**
 * What a document is read into, and the schema that says so to libcyaml and to the check before it.
 *
 * Scalars are texts: what libcyaml takes for a number or a truth is more than what we do. NULL stands
 * for a key that is not there. Every type, kind and key of a container's file is listed here.
 */

#include "containers/yaml/index.h"

#include <cyaml/cyaml.h>
#include <stddef.h>

/** Kinds of rows as they are written: X(name). */
#define DI__YAML_KINDS(X)                                                                          \
	X(object)                                                                                  \
	X(singleton)                                                                               \
	X(resource)                                                                                \
	X(context_resource)                                                                        \
	X(factory)                                                                                 \
	X(state)                                                                                   \
	X(selector)                                                                                \
	X(list)                                                                                    \
	X(dict)                                                                                    \
	X(lazy)

enum di__yaml_row_kind {
#define DI__YAML_KIND(name_) DI__YAML_KIND_##name_,
	DI__YAML_KINDS(DI__YAML_KIND)
#undef DI__YAML_KIND
	DI__YAML_KINDS_COUNT
};

/** One argument: exactly one of these keys, and `default` beside `env`. */
struct di__yaml_argument {
	char *ref, *context, *integer, *real, *boolean, *string, *env, *fallback;
};

/** An option of a selector, or an entry of a dict. */
struct di__yaml_entry {
	char *key, *ref;
};

struct di__yaml_row {
	char *name, *type, *value, *create, *destroy, *scope, *strict, *select, *always, *target;
	enum di__yaml_row_kind kind;
	struct di__yaml_argument *args;
	struct di__yaml_entry *cases, *entries;
	char **items;
	uint32_t args_count, cases_count, entries_count, items_count;
};

struct di__yaml_override {
	char *provider, *with, *value;
};

struct di__yaml_document {
	char *version, *container, *default_scope;
	char **includes, **connects, **plugins;
	struct di__yaml_row *rows;
	struct di__yaml_override *overrides;
	uint32_t includes_count, connects_count, plugins_count, rows_count, overrides_count;
};

extern const cyaml_schema_value_t di__yaml_schema;
/** The names of the kinds, as in enum di__yaml_row_kind. */
extern const cyaml_strval_t di__yaml_kind_names[DI__YAML_KINDS_COUNT];

/** Adds a fault for each value of the document that the schema does not have. 1 without any. */
int di__yaml_check(const struct di__yaml_index *index, const cyaml_schema_value_t *schema,
		   struct di__yaml_faults *faults);

/** Memory for libcyaml, which is counted. */
struct di__yaml_budget {
	size_t used, most;
};

/**
 * Reads a document that passed the check. Returns it, ended by di__yaml_document_free(), or NULL
 * with a fault added at the place that libcyaml's own words lead to.
 */
struct di__yaml_document *di__yaml_read(const char *text, size_t size,
					const struct di__yaml_index *index,
					struct di__yaml_budget *budget,
					struct di__yaml_faults *faults);
void di__yaml_document_free(struct di__yaml_document *document, struct di__yaml_budget *budget);

/** The same by any schema of a mapping behind a pointer; for tests of the messages. */
void *di__yaml_read_by(const cyaml_schema_value_t *schema, const char *text, size_t size,
		       const struct di__yaml_index *index, struct di__yaml_budget *budget,
		       struct di__yaml_faults *faults);

#endif
