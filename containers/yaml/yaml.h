/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_H
#define DI_YAML_H

/**
 * Containers from YAML files.
 *
 * A program exports functions and objects with their C types; a file says which rows a container
 * has and what each is made by. Loading finds all that is wrong with a file, and with those that it
 * includes, and reports each fault with line and column. What was loaded is a table like one that a
 * macro has written. docs/yaml.md describes the files.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/provider.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_exports;
struct di_yaml;

/** One thing that is wrong with a file. All is borrowed for the call that reports it. */
struct di_yaml_error {
	const char *file;
	uint32_t line, column; /**< from 1; 0: the file as a whole */
	const char *text;      /**< a clause, without a newline */
	const char *path;      /**< in the document, as "providers[3].kind", or "" */
};

/** Is told of each error, in the order of the files and of what stands in them. */
typedef void di_yaml_report_fn(void *data, const struct di_yaml_error *error);

/** How files are loaded. Zero it, set abi to DI_ABI and what is wanted; all is borrowed. */
struct di_yaml_options {
	uint32_t abi; /**< DI_ABI */
	/** What files may name, see containers/exports.h; borrowed until the result is freed. */
	const struct di_exports *const *exports;
	size_t exports_count;
	/** Tables that files may connect, by name; borrowed until the result is freed. */
	const struct di_table *const *tables;
	size_t tables_count;
	di_yaml_report_fn *report; /**< told of each error before the load returns, or NULL */
	void *data;                /**< handed to report */
	size_t bytes_max;          /**< of all files of a load; 0: 1 MiB */
	uint32_t depth_max;        /**< levels of a document; 0: 32 */
	uint32_t values_max;       /**< scalars, lists, mappings of all files; 0: 250 000 */
	/** 1: files may name plug-ins, shared objects whose code then runs in the program. */
	int plugins;
};

/**
 * Loads a file and what it includes.
 *
 * Returns what was loaded, owned by the caller and ended by di_yaml_free(), or NULL: DI_EINVAL (the
 * files are wrong: report is told of each error, err has the first, and in `more` the number of the
 * others; or a misuse), DI_EABI (the options or exports were compiled against other headers),
 * DI_ENOMEM. It takes at most a second and 64 MiB for files of the default size, and some tens of
 * kilobytes of stack. Environment variables are read now. Any thread may call it.
 */
DI_API struct di_yaml *di_yaml_load_file(const char *path, const struct di_yaml_options *options,
					 struct di_error *err);

/**
 * The same for a text in memory, which is borrowed for the call. name stands in errors, and files
 * that are included are looked for beside it.
 */
DI_API struct di_yaml *di_yaml_load(const char *name, const char *text, size_t size,
				    const struct di_yaml_options *options, struct di_error *err);

/**
 * The table that was loaded, for di_container_new(); NULL for NULL. Borrowed. Scopes that a file
 * makes are found by di_table_scope().
 */
DI_API const struct di_table *di_yaml_table(const struct di_yaml *yaml);

/**
 * Ends what was loaded, the table and plug-ins. NULL is legal. DI_EBUSY, nothing changed, while a
 * container of the table lives.
 */
DI_API enum di_status di_yaml_free(struct di_yaml *yaml, struct di_error *err);

/**
 * Writes "file:line:column: error: text [path]" without a newline into buffer and returns buffer.
 * It is cut to size - 1 bytes; size 0 writes nothing.
 */
DI_API char *di_yaml_error_text(const struct di_yaml_error *error, char *buffer, size_t size);

/** Prints that as a line to a stream, a FILE *: ready to be the report of options. */
DI_API void di_yaml_print(void *stream, const struct di_yaml_error *error);

#ifdef __cplusplus
}
#endif

#endif
