/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_WIRE_H
#define DI_YAML_WIRE_H

/* private */

/**
 * The third pass: rows become rows of a builder, and what the builder says of them gets its place.
 */

#include "containers/builder.h"
#include "containers/yaml/rows.h"

struct di__yaml_wire {
	const struct di__yaml_files *files;
	struct di__yaml_rows *rows;
	struct di__yaml_named *scopes; /**< of all files, without a row */
	uint32_t scopes_count;
	const struct di_yaml_options *options;
	struct di_builder *builder;
	struct di__yaml_faults *faults;
};

/** Makes the builder of a container of that name, and hands it all. 0 without memory. */
int di__yaml_wire(struct di__yaml_wire *wire, const char *name);
/** Lets the builder check what it has, and builds the table if nothing at all was wrong; or NULL. */
const struct di_table *di__yaml_wire_build(struct di__yaml_wire *wire);
void di__yaml_wire_release(struct di__yaml_wire *wire);

#endif
