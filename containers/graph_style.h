/* SPDX-License-Identifier: MIT */
#ifndef DI_GRAPH_STYLE_H
#define DI_GRAPH_STYLE_H

/* private */

/**
 * What a format of graphs is: how each thing that the walk over the tables meets is written.
 */

#include "containers/graph.h"
#include "di/internal.h"

#include <stdint.h>

/** Text on its way to the user's function. */
struct di__graph_out {
	di_write_fn *write;
	void *data;
	int cause; /* what it returned when it stopped, or 0 */
	size_t used;
	char buffer[512];
};

enum di__graph_edge {
	DI__EDGE_NEED,
	DI__EDGE_OPTION,
	DI__EDGE_MEMBER,
	DI__EDGE_LAZY
};

/** Each is called in this order: begin, for each table table, rows, table_end; then edges, end. */
struct di__graph_style {
	void (*begin)(struct di__graph_out *out, const struct di_table *table);
	void (*table)(struct di__graph_out *out, uint32_t number, const struct di_table *table);
	void (*row)(struct di__graph_out *out, uint32_t id, const struct di_provider *provider,
		    int alive, int is_first);
	void (*table_end)(struct di__graph_out *out);
	void (*edges)(struct di__graph_out *out); /* before the first edge */
	/* key is that of an option, or NULL. */
	void (*edge)(struct di__graph_out *out, uint32_t from, uint32_t to,
		     enum di__graph_edge kind, const char *key, int is_first);
	void (*end)(struct di__graph_out *out);
};

extern const struct di__graph_style di__graph_dot, di__graph_mermaid, di__graph_json;

void di__graph_text(struct di__graph_out *out, const char *text);
void di__graph_format(struct di__graph_out *out, const char *format, ...) DI__PRINTF(2, 3);
/** Writes text, and in place of each letter that escape knows what that returns for it. */
void di__graph_escape(struct di__graph_out *out, const char *text, const char *(*escape)(char));

/** How long a row lives: a name of few, by which colours go, and a text with the scope. */
struct di__graph_life {
	const char *class, *colour;
	char text[64];
};
struct di__graph_life di__graph_life(const struct di_provider *provider);

#endif
