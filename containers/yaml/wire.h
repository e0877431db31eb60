/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_WIRE_H
#define DI_YAML_WIRE_H

/* private */

/**
 * The third pass: rows become rows of a builder, and what the builder says of them gets its place.
 */

#include "containers/builder.h"
#include "containers/yaml/rows.h"

struct di_export;

struct di__yaml_wire {
	const struct di__yaml_files *files;
	struct di__yaml_rows *rows;
	struct di__yaml_named *scopes; /**< of all files, without a row */
	uint32_t scopes_count;
	const struct di_yaml_options *options;
	struct di_builder *builder;
	const struct di_exports **exports; /**< those of the program, and of plug-ins */
	size_t exports_count;
	const struct di_export **sorted; /**< all that these have, by name and kind */
	size_t sorted_count;
	char *is_connected; /**< of each table of the options: 1: the builder has it */
	/** Whose default scope has been spoken of. */
	const struct di__yaml_file *default_said;
	di_report_fn *report; /**< what is told of the builder's faults; NULL: di__yaml_locate() */
	void *data;           /**< for report */
	struct di__yaml_faults *faults;
};

/** Adds a fault for each file of a version that is not known. */
void di__yaml_wire_versions(struct di__yaml_wire *wire);
/** The name of the container, that of the first file; with a fault where there is none. */
const char *di__yaml_wire_name(struct di__yaml_wire *wire);
/** Makes the builder of a container of that name. 0 without memory. */
int di__yaml_wire_begin(struct di__yaml_wire *wire, const char *name);
/** Lets rows name what is exported. The status is the builder's. */
enum di_status di__yaml_wire_export(struct di__yaml_wire *wire, const struct di_exports *exports,
				    struct di_error *err);
/** Sorts what is exported. 0 without memory. */
int di__yaml_exported_sort(struct di__yaml_wire *wire);
/** What is exported under that name, or NULL, where name is NULL too. */
const struct di_export *di__yaml_exported_find(const struct di__yaml_wire *wire, const char *name,
					       uint32_t kind);
/** Hands all rows to the builder. 0 without memory. */
int di__yaml_wire_rows(struct di__yaml_wire *wire);
/** Lets the builder check all, and builds the table if nothing was wrong at all; or NULL. */
const struct di_table *di__yaml_wire_build(struct di__yaml_wire *wire);
void di__yaml_wire_release(struct di__yaml_wire *wire);

/** Hands one row to the builder: what the file has of it, or what it is overridden by. */
void di__yaml_wire_row(struct di__yaml_wire *wire, struct di__yaml_named *named);

/** Adds a fault of the builder at its place; data is the wire. The report of its options. */
void di__yaml_locate(const struct di_fault *fault, void *data);
/** The value of the key that says what the argument at node is. */
uint32_t di__yaml_written(const struct di__yaml_index *index, uint32_t node);

/** Adds a fault about a word, which stands in front of what, at node. */
void di__yaml_refuse(struct di__yaml_faults *faults, const struct di__yaml_index *index,
		     uint32_t node, const char *what, const char *word);
/** Whether the builder took something; memory that is missing is noted. */
int di__yaml_took(struct di__yaml_wire *wire, enum di_status status);

#endif
