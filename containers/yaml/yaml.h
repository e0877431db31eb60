/* SPDX-License-Identifier: MIT */
#ifndef DI_YAML_H
#define DI_YAML_H

/**
 * Containers from YAML files.
 *
 * A program exports functions and objects with their C types; a file says which rows a container has
 * and what each is made by. Loading finds all that is wrong with a file, and with those that it
 * includes, and reports each fault with line and column. What was loaded is a table like one that a
 * macro has written. docs/yaml.md describes the files.
 */

#include "di/compiler.h"
#include "di/error.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One thing that is wrong with a file. All is borrowed for the call that reports it. */
struct di_yaml_error {
	const char *file;
	uint32_t line, column; /**< from 1; 0: the file as a whole */
	const char *text;      /**< a clause, without a newline */
	const char *path;      /**< in the document, as "providers[3].kind", or "" */
};

/** Is told of each error, in the order of the files and of what stands in them. */
typedef void di_yaml_report_fn(void *data, const struct di_yaml_error *error);

#ifdef __cplusplus
}
#endif

#endif
