/* SPDX-License-Identifier: MIT */
#ifndef DI_LOADED_H
#define DI_LOADED_H

/**
 * A file of a container as far as it can be known without the program: its rows as the builder has
 * checked them, with what is wrong, and where everything stands.
 */

#include "containers/built.h"
#include "containers/yaml/plugins.h"
#include "containers/yaml/wire.h"
#include "containers/yaml/words.h"
#include "tools/di/options.h"

/** A table made of another file, or of the name alone. */
struct sketch;

/** Shared objects that --exports names, and tables of --connect. */
struct sources {
	void **handles;
	const struct di_exports **exports;
	size_t exports_count;
	struct loaded **connected;
	const struct di_table **tables; /* each of a sketch */
	size_t connected_count;
};

struct loaded {
	const char *name;
	const struct options *options;
	const struct sources *sources;
	struct di_yaml_options yaml;
	struct di__yaml_faults faults, warnings;
	struct di__yaml_files files;
	struct di__yaml_rows rows;
	struct di__yaml_wire wire;
	struct di__yaml_plugins plugins;
	const struct di_table **tables; /* those that may be connected */
	struct di_table *empty;         /* those of which nothing is known but the name */
	size_t empty_count;
	int is_open;     /* 1: rows may be missing that such a table has */
	int is_partial;  /* 1: what the program exports is not known */
	int has_missing; /* 1: a row that is needed is not there */
	int is_checked;  /* 1: the rows of the builder have been checked */
	struct sketch *sketch;
};

/** Opens what options name. Returns a status; what is not STATUS_OK has been told of. */
int sources_open(struct sources *sources, const struct options *options);
void sources_close(struct sources *sources);

/** Loads a file; loaded is zeroed. What is wrong stands in faults and warnings. */
void loaded_read(struct loaded *loaded, const char *name, const struct options *options,
		 const struct sources *sources);
void loaded_release(struct loaded *loaded);
/** Whether there is neither a fault nor memory missing. */
int loaded_is_sound(const struct loaded *loaded);
/**
 * Prints faults and, if asked, warnings on standard error in the order of the files. Returns what
 * the command ends with.
 */
int loaded_tell(struct loaded *loaded, int with_warnings);

/** Reads one file for a subcommand: 1, with both filled; 0 with *status, after telling why. */
int loaded_open(struct loaded *loaded, struct sources *sources, const struct options *options,
		int *status);
void loaded_close(struct loaded *loaded, struct sources *sources);

/** The row of the file behind one of the builder. */
static inline const struct di__yaml_named *named_of(const struct di__built_row *row)
{
	return row->at;
}
/** The row of that name, or NULL. */
struct di__built_row *loaded_find(const struct loaded *loaded, const char *name);
/** "file.yaml:12:5", in buffer, which is returned. */
char *place_text(const struct loaded *loaded, const struct di__yaml_named *named, char *buffer,
		 size_t size);
/** The type of a row, "const struct user", in buffer; or NULL where it is not known. */
const char *type_text(const struct di__built_row *row, char *buffer, size_t size);

/** The container as a table: without functions, so that it can be looked at and not made. */
const struct di_table *loaded_table(struct loaded *loaded);
void sketch_free(struct sketch *sketch);

/** Adds a fault for each row that is made otherwise than another one by the same function. */
void compare_rows(struct loaded *loaded);
/** Adds a warning for each row that nobody needs. */
void warn_of_unneeded(struct loaded *loaded, struct words *roots);

#endif
