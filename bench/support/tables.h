/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_TABLES_H
#define BENCH_SUPPORT_TABLES_H

/** The tables that tools/bench-table.sh generates, and what their graph is made of. */

#include <di/di.h>

extern const struct di_table rows_10, rows_100, rows_200, rows_1000;
extern const struct di_table cold_10, cold_100, cold_1000;

struct part;

/** Resolves the part that needs all others. */
struct part *cold_10_last(struct di_context *context);
struct part *cold_100_last(struct di_context *context);
struct part *cold_1000_last(struct di_context *context);

enum {
	NODE_NEEDS = 8
};

struct node {
	struct node *needs[NODE_NEEDS];
};

int leaf_malloc(struct node **out);
int node_malloc(struct node **out, struct node *a, struct node *b, struct node *c, struct node *d,
		struct node *e, struct node *f, struct node *g, struct node *h);
void node_free(struct node *node);

int leaf_init(struct node *self);
int node_init(struct node *self, struct node *a, struct node *b, struct node *c, struct node *d,
	      struct node *e, struct node *f, struct node *g, struct node *h);
void node_end(struct node *node);

extern const struct di_table graph_malloc, graph_init;

/** Resolves the node that needs all others. */
struct node *graph_malloc_root(struct di_context *context);
struct node *graph_init_root(struct di_context *context);

/** Makes all nodes and ends them; in an arena of 100 nodes. */
void graph_malloc_by_hand(void);
void graph_init_by_hand(struct node *arena);

#endif
