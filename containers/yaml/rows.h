/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_ROWS_H
#define DI_YAML_ROWS_H

/* private */

/**
 * The rows of all files of a load by name, each of a kind and with the keys of that kind.
 */

#include "containers/yaml/files.h"

/** A row of some file. */
struct di__yaml_named {
	const char *name;
	const struct di__yaml_row *row;
	const struct di__yaml_file *file;
	uint32_t node; /**< in the file's index */
	int is_broken; /**< 1: it cannot be made, that has been said, and nothing more is */
	/** What has been said of parts of it: keys of its kind, its value, arguments by number. */
	int keys_are_wrong, value_is_wrong;
	uint32_t wrong_arguments;
	/** What it is overridden by, or NULL, and where that stands. */
	const struct di__yaml_override *override;
	const struct di__yaml_file *override_file;
	uint32_t override_node;
};

struct di__yaml_rows {
	struct di__yaml_named *items; /**< in the order of the files, included ones first */
	uint32_t count;
	uint32_t *sorted; /**< by name, those without one and those that stand twice left out */
	uint32_t sorted_count;
	struct di__yaml_faults *faults;
	int is_incomplete; /**< 1: what is not there is not spoken of */
};

/** Whether rows of a kind have a key, besides name and kind. */
enum di__yaml_has {
	DI__YAML_HAS_NOT,
	DI__YAML_MAY_HAVE,
	DI__YAML_NEEDS
};

/** The kind of that number as it is written; NULL behind the last one. */
const char *di__yaml_kind_name(unsigned number);
enum di__yaml_has di__yaml_kind_has(unsigned number, const char *key);

/** Gathers the rows and overrides of files; what is wrong with them is added to faults. */
void di__yaml_rows_gather(struct di__yaml_rows *rows, const struct di__yaml_files *files);
void di__yaml_rows_release(struct di__yaml_rows *rows);

/** The row of that name, or NULL; length is that of the name. */
struct di__yaml_named *di__yaml_rows_find(const struct di__yaml_rows *rows, const char *name,
					  size_t length);
/** The name that may have been meant, or NULL. */
const char *di__yaml_rows_near(const struct di__yaml_rows *rows, const char *name);

/** Adds a fault at a key's value of a row, at the key, or at the row where it has none. */
void di__yaml_row_fault(struct di__yaml_faults *faults, const struct di__yaml_named *named,
			const char *key, const char *format, ...) DI__PRINTF(4, 5);

#endif
