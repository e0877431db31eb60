/* SPDX-License-Identifier: MIT */
#ifndef DI_BUILD_H
#define DI_BUILD_H

/* private */

/** What the files that build a table of checked rows share. */

#include "containers/built.h"

struct di__built_table {
	struct di_table table; /* first */
	uint32_t users;
	struct di__pool pool;
	const struct di_scope **scopes;
	uint32_t scopes_count;
};

struct di__build {
	struct di_builder *builder;
	struct di__built_table *built;
	struct di__pool *pool;         /* of the table */
	struct di_provider *providers; /* in the order of the table */
	struct di_scope **made_scopes; /* copies of the builder's, in its order */
	struct {
		const struct di_scope *given, *found;
	} scopes[DI__SCOPES_MAX + 1]; /* of rows; some have none */
	uint32_t scopes_count;
	int failed; /* there was no memory */
};

/* ---- build.c ---- */

/** Zeroed memory of the table's, or NULL, and then the build has failed. */
void *di__build_take(struct di__build *build, size_t count, size_t size);
/** The same for a copy of a text. */
const char *di__build_copy(struct di__build *build, const char *text);
/** The scope of a row as it stands in the table. */
const struct di_scope *di__build_scope(struct di__build *build, const struct di_scope *scope);

/* ---- build_row.c ---- */

/** Fills the descriptor of a row. */
void di__build_row(struct di__build *build, const struct di__built_row *row);

#endif
