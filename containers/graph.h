/* SPDX-License-Identifier: MIT */
#ifndef DI_GRAPH_H
#define DI_GRAPH_H

/**
 * Graphs: the rows of a table and what they need, as text for other programs to draw or read.
 *
 *     dot        for graphviz: dot -Tsvg app.dot -o app.svg
 *     mermaid    for Markdown
 *     json       for programs
 *
 * Each container is a cluster, those that it connects too. Rows have the colour of how long they
 * live, an arrow leads from a row to what it needs: drawn through for a need, dashed for an option
 * of a selector, with a dot for a member of a list or dict (in Mermaid: thick), dotted for what a
 * lazy leads to. What constructors resolve by themselves is in no table, and not here.
 */

#include "di/compiler.h"
#include "di/error.h"

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_container;
struct di_table;

enum di_graph_format {
	DI_GRAPH_DOT,
	DI_GRAPH_MERMAID,
	DI_GRAPH_JSON
};

/**
 * Takes the next piece of the text, which has no NUL at its end and is valid during the call.
 * Returns 0, or an errno to stop. Under no lock.
 */
typedef int di_write_fn(const char *text, size_t size, void *data);

/**
 * Writes the graph of a table and of those that it connects, directly or not. Allocates nothing.
 *
 * JSON is one object: "tables", each with "name" and "rows", of "id", "name", "kind", "type",
 * "scope" (null where the kind has none), "lifetime" and its "rank", "constructor", "destructor"
 * and "alive"; and "edges" of "from", "to", "kind" (need, option, member or lazy) and, for an
 * option, "key". Ids are numbers from 0, and n0, n1, ... in the other formats.
 *
 * DI_EINVAL: NULL, an unknown format, more than 64 tables, or write returned an errno, which is the
 * cause. What has been written then is a part of the text. Any thread may call it.
 */
DI_API enum di_status di_table_graph(const struct di_table *table, enum di_graph_format format,
				     di_write_fn *write, void *data, struct di_error *err);

/**
 * The same for a container and those that it connects: what has a value in the root of its
 * container is marked as alive, with a thick line. Any thread may call it while the container
 * lives.
 */
DI_API enum di_status di_container_graph(struct di_container *container,
					 enum di_graph_format format, di_write_fn *write,
					 void *data, struct di_error *err);

/** The format of that name, dot, mermaid or json; -1 for another one and for NULL. */
DI_API int di_graph_format_find(const char *name);

#ifdef __cplusplus
}
#endif

#endif
