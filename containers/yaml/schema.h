/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_SCHEMA_H
#define DI_YAML_SCHEMA_H

/* private */

/**
 * What a document is read into, and the schema that says so to libcyaml and to the check before it.
 *
 * Scalars are texts: what libcyaml takes for a number or a truth is more than what we do. NULL
 * stands for a key that is not there. Every key of a container's file is listed here.
 */

#include "containers/yaml/index.h"

#include <cyaml/cyaml.h>
#include <stddef.h>

/** One argument: exactly one of these keys, and `default` beside `env`. */
struct di__yaml_argument {
	char *ref, *integer, *real, *boolean, *string, *env, *fallback;
};

/** An option of a selector, or an entry of a dict. */
struct di__yaml_entry {
	char *key, *ref;
};

struct di__yaml_row {
	char *name, *kind, *type, *object, *create, *destroy, *scope, *strict, *select, *always;
	char *target;
	struct di__yaml_argument *value; /**< or NULL */
	struct di__yaml_argument *args;
	struct di__yaml_entry *cases, *entries;
	char **items;
	uint32_t args_count, cases_count, entries_count, items_count;
};

struct di__yaml_override {
	char *provider, *with, *object;
};

struct di__yaml_scope {
	char *name, *rank;
};

struct di__yaml_document {
	char *version, *container, *default_scope;
	char **includes, **connects, **plugins;
	struct di__yaml_row *rows;
	struct di__yaml_scope *scopes;
	struct di__yaml_override *overrides;
	uint32_t includes_count, connects_count, plugins_count, scopes_count, rows_count;
	uint32_t overrides_count;
};

extern const cyaml_schema_value_t di__yaml_schema;

/**
 * Adds a fault for each value of the document that is not as the schema has it. Returns whether the
 * document can be read all the same: keys may be unknown, or missing. A scalar that has to be there
 * is optional in the schema, and must not be empty there.
 */
int di__yaml_check(const struct di__yaml_index *index, const cyaml_schema_value_t *schema,
		   struct di__yaml_faults *faults);

/** Memory for libcyaml, which is counted. */
struct di__yaml_budget {
	size_t used, most;
	int is_exceeded; /**< 1: more was asked for */
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
