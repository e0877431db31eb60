/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_GRAPH_H
#define DI_TESTS_GRAPH_H

/**
 * Random tables, written as descriptors by hand, for the test of the model.
 *
 * All rows provide one type, so that any may stand for any. One table exists at a time.
 */

#include "di/provider.h"

enum {
	GRAPH_ROWS = 14,
	GRAPH_NEEDS = 3,
	GRAPH_ASKS = 2,
	GRAPH_CONTEXT = -1, /* a need: DI_CONTEXT */
	GRAPH_NONE = -2
};

enum graph_kind {
	GRAPH_OBJECT,
	GRAPH_STATE,
	GRAPH_SINGLETON,
	GRAPH_RESOURCE,
	GRAPH_CONTEXT_RESOURCE,
	GRAPH_FACTORY
};

/** Where a constructor resolves what it resolves itself. */
enum graph_where {
	GRAPH_HERE,    /**< in the home of its value */
	GRAPH_OUTSIDE, /**< in the context around that */
	GRAPH_INSIDE   /**< in a request context that it opens there, and closes */
};

struct graph_ask {
	int row; /**< any row, also of a shorter life, below, or its own */
	enum graph_where where;
};

struct graph_row {
	enum graph_kind kind;
	const struct di_scope *scope; /**< of a context resource or a state, else NULL */
	int needs[GRAPH_NEEDS];       /**< rows above, or GRAPH_CONTEXT */
	int needs_count;
	struct graph_ask asks[GRAPH_ASKS];
	int asks_count;
	int rank;    /**< of the shortest life it depends on, as far as the table says */
	int storage; /**< 1: like a DI_INIT row */
	int strict;  /**< 1: of the kind with DI_STRICT */
};

struct graph {
	struct graph_row rows[GRAPH_ROWS];
	int count;
};

/** A scope of the tests' own, between request and inject. */
extern const struct di_scope graph_scope_job;

/** What constructors and destructors do; row is the number of their row. */
typedef int graph_create_fn(int row, void *const *args, void **out);
typedef int graph_destroy_fn(void *value, enum di_outcome outcome);

/** A number below limit. */
int graph_random(unsigned *seed, int limit);

/** Draws a graph in which no row outlives what it needs. */
void graph_draw(struct graph *graph, unsigned *seed);

/** The table of that graph; objects[row] are its objects' values. Borrowed until the next call. */
const struct di_table *graph_table(const struct graph *graph, void *const *objects,
				   graph_create_fn *create, graph_destroy_fn *destroy);

#endif
