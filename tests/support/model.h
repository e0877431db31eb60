/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_MODEL_H
#define DI_TESTS_MODEL_H

/**
 * A container as the documents describe it, slow and obvious, to compare the real one with.
 *
 * Values have numbers in the order in which they are made; contexts in the order in which they are
 * opened, the root is 0. Everything that is made or ends is written to the trace, as the real
 * constructors and destructors do.
 */

#include "di/error.h"
#include "tests/support/graph.h"

enum {
	MODEL_CONTEXTS = 64,
	MODEL_VALUES = 1024,
	MODEL_FAKES = 100000, /* numbers of values that overrides give, and of objects */
	MODEL_OBJECTS = 200000,
	MODEL_EPROTO = 71, /* what a constructor returns that could not resolve */
	MODEL_EIO = 5      /* what one returns that was told to fail */
};

/** Lines, of the model or of the real thing. */
struct trace {
	char text[16384];
	int length;
};

void trace_clear(struct trace *trace);
void trace_write(struct trace *trace, const char *format, ...) DI__PRINTF(2, 3);

enum model_meaning {
	MODEL_ITSELF,
	MODEL_VALUE, /* overridden by a value */
	MODEL_OTHER, /* another row stands for it */
	MODEL_AFRESH /* begun here by name; or a state that was put here */
};

struct model_value {
	int row, home, alive;
	int owner; /* the value that this product was made for, or -1 */
	int needs[GRAPH_NEEDS +
		  1]; /* numbers of what it was made from, the asked one last; -1: none */
};

struct model_context {
	int open, parent;
	const struct di_scope *scope;
	enum di_outcome mark;
	enum model_meaning meaning[GRAPH_ROWS];
	int given
		[GRAPH_ROWS]; /* the value of an override or a put, or the row that stands for it */
	int touched
		[GRAPH_ROWS]; /* 1: built from something that was overridden or begun afresh here */
	int slots[GRAPH_ROWS]; /* the value made here, or -1 */
	int stack[MODEL_VALUES];
	int height;
};

struct model {
	const struct graph *graph;
	struct model_context contexts[MODEL_CONTEXTS];
	int contexts_count;
	struct model_value values[MODEL_VALUES];
	int values_count;
	int fail_new[GRAPH_ROWS], fail_end[GRAPH_ROWS]; /* how many of the next ones fail */
	int making[GRAPH_ROWS][MODEL_CONTEXTS];
	struct trace trace;
	unsigned failed_ends; /* of the last call */
};

void model_init(struct model *model, const struct graph *graph);
/** afresh: rows to begin afresh by name, -1 ends them. */
enum di_status model_open(struct model *model, int parent, const struct di_scope *scope,
			  const int *afresh, int *opened);
enum di_status model_close(struct model *model, int context, enum di_outcome outcome);
enum di_status model_resolve(struct model *model, int context, int row, int *value);
enum di_status model_override(struct model *model, int context, int row, int value);
enum di_status model_override_with(struct model *model, int context, int row, int other);
enum di_status model_put(struct model *model, int context, int row, int value);
enum di_status model_reset(struct model *model, int context, int row);
enum di_status model_drop(struct model *model, int value);
enum di_status model_free(struct model *model);

/* ---- What the parts of the model share ---- */

const struct graph_row *model_row(const struct model *model, int row);
struct model_context *model_add_context(struct model *model, int parent,
					const struct di_scope *scope);
int model_has_children(const struct model *model, int context);
/** Whether values of row depend on the scope, by their own or by what they need. */
int model_depends_on(const struct model *model, int row, const struct di_scope *scope);
/** The context whose override the row means as seen from context, or -1. */
int model_overrider(const struct model *model, int context, int row);
/** The row that stands for this one as seen from context, or GRAPH_NONE. */
int model_stands_for(const struct model *model, int context, int row);
/** What the row means over any number of such steps, mostly itself. */
int model_stand_in(const struct model *model, int context, int row);
/** The home of the row's own value, or -1. */
int model_home(const struct model *model, int context, int row);

/* ---- What holds ---- */

/** The value that the row has as seen from context, or -1; makes nothing. */
int model_peek(const struct model *model, int context, int row);
/** Whether other is row, or its constructor gets it, with what stands for what there. */
int model_reaches(const struct model *model, int context, int other, int row);
/** Whether every scope that the values of other depend on is one of row's. */
int model_lives_within(const struct model *model, int other, int row);
/** NULL, or what is wrong: a live value that is built from what is dead or not meant any more. */
const char *model_fault(const struct model *model);

#endif
