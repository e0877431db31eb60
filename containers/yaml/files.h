/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_FILES_H
#define DI_YAML_FILES_H

/* private */

/**
 * The files of one load: the first, and those that it includes, each read once.
 */

#include "containers/yaml/schema.h"

#include <sys/types.h>

enum {
	/** Of files, of what one includes, and of connected containers and plug-ins of all. */
	DI__YAML_FILES_MAX = 256
};

struct di__yaml_file {
	char *name; /**< as in messages */
	dev_t device;
	ino_t inode;
	int is_open; /**< 1: what it includes is being read */
	struct di__yaml_index index;
	struct di__yaml_document *document; /**< NULL where something is wrong with it */
};

struct di__yaml_files {
	struct di__yaml_file
		*items[DI__YAML_FILES_MAX]; /**< in the order in which they were found */
	uint32_t count;
	uint32_t order[DI__YAML_FILES_MAX]; /**< what is included stands before what includes it */
	uint32_t ordered;
	uint32_t open[DI__YAML_FILES_MAX]; /**< the way to the file that is being read */
	uint32_t opened;
	struct di__yaml_limits limits; /**< what is left of them */
	struct di__yaml_budget budget;
	uint32_t connects, plugins; /**< of all files so far */
	struct di__yaml_faults *faults;
	int is_incomplete; /**< 1: rows may be missing, because a file could not be read */
};

/** Reads a file and what it includes. Faults are added. */
void di__yaml_files_read(struct di__yaml_files *files, const char *name);
/** The same for a text, which is borrowed; it includes files relative to its name. */
void di__yaml_files_take(struct di__yaml_files *files, const char *name, const char *text,
			 size_t size);
void di__yaml_files_release(struct di__yaml_files *files);

/** The path of other as seen from the folder of name, to be freed; NULL without memory. */
char *di__yaml_beside(const char *name, const char *other);

#endif
