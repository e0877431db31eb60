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
#include "di/observer.h"
#include "tests/support/graph.h"

enum {
	MODEL_CONTEXTS = 128,
	MODEL_VALUES = 1024,
	MODEL_NEEDS = GRAPH_NEEDS + GRAPH_ASKS,
	MODEL_KEYS = 4,
	MODEL_DEPTH = 6,        /* constructors that run inside each other, at most */
	MODEL_FAKES = 100000,   /* numbers of values that overrides, puts and items give */
	MODEL_OBJECTS = 200000, /* numbers of objects */
	MODEL_EPROTO = 71,      /* what a constructor returns that could not resolve */
	MODEL_EIO = 5           /* what one returns that was told to fail */
};

/** Lines, of the model or of the real thing. */
struct trace {
	char text[32768];
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
	int row; /* -1: a deferred call */
	int home, alive;
	int owner; /* the value that this product was made for, or -1 */
	int badly; /* 1: a deferred call that fails at its end */
	/*
	 * Numbers of what it was made from, what it asked for behind what it needs; -1: nothing
	 * that stays.
	 */
	int needs[MODEL_NEEDS];
	int recorded[GRAPH_ASKS]; /* 1: what it asked for counts as what it was built from */
};

struct model_context {
	int open, parent;
	int private_; /* 1: a handler's own */
	const struct di_scope *scope;
	enum di_outcome mark;
	int entered; /* how often */
	enum model_meaning meaning[GRAPH_ROWS];
	/* The value of an override or a put, or the row that stands for it. */
	int given[GRAPH_ROWS];
	/* 1: built from something that was overridden or begun afresh here */
	int touched[GRAPH_ROWS];
	int slots[GRAPH_ROWS]; /* the value made here, or -1 */
	int items[MODEL_KEYS]; /* -1: none */
	int newest_item[MODEL_KEYS];
	int items_count;
	int isolated;
	int stack[MODEL_VALUES];
	int height;
};

struct model {
	const struct graph *graph;
	int contexts_count, values_count;
	int entered[MODEL_CONTEXTS]; /* what the flow has entered, newest last */
	int entered_count;
	/* How many of the next ones fail, or make nothing. */
	int fail_new[GRAPH_ROWS], null_new[GRAPH_ROWS], fail_end[GRAPH_ROWS];
	int making[GRAPH_ROWS][MODEL_CONTEXTS];
	int constructing[GRAPH_ROWS], depth; /* constructors that run now */
	struct trace trace;
	char path[512];       /* of the last error */
	unsigned failed_ends; /* of the last call */
	int events[6];        /* so far, by enum di_event_kind; not of contexts */
	/* As far as they are counted; these are not zeroed. */
	struct model_value values[MODEL_VALUES];
	struct model_context contexts[MODEL_CONTEXTS];
};

/** One row and what it is to mean: a value's number. */
struct model_pair {
	int row, value;
};

void model_init(struct model *model, const struct graph *graph);
/** afresh: rows to begin afresh by name, -1 ends them. */
enum di_status model_open(struct model *model, int parent, const struct di_scope *scope,
			  const int *afresh, int isolated, int *opened);
enum di_status model_close(struct model *model, int context, enum di_outcome outcome);
enum di_status model_mark(struct model *model, int context, enum di_outcome outcome);
enum di_status model_defer(struct model *model, int context, int badly);
enum di_status model_enter(struct model *model, int context);
/** Leaves what was entered last. */
enum di_status model_leave(struct model *model);
enum di_status model_resolve(struct model *model, int context, int row, int *value);
enum di_status model_start(struct model *model);
/**
 * A handler with these needs, rows or GRAPH_CONTEXT: values are what it is called with. opened is
 * the context that was opened for the call, or -1.
 */
enum di_status model_call(struct model *model, int context, const int *needs, int count, int failed,
			  int *opened);
enum di_status model_override(struct model *model, int context, const struct model_pair *pairs,
			      int count);
/** DI_EINVAL where other may not stand for row. */
enum di_status model_override_with(struct model *model, int context, int row, int other);
enum di_status model_put(struct model *model, int context, int row, int value);
enum di_status model_reset(struct model *model, int context, int row);
enum di_status model_drop(struct model *model, int value);
enum di_status model_free(struct model *model);

/** The last key is another object of the first one's name and type; types are equal for key % 2. */
enum di_status model_put_item(struct model *model, int context, int key, int value);
/** The item seen from context, or -1. */
int model_fetch(const struct model *model, int context, int key);
int model_fetch_type(const struct model *model, int context, int type);

/* ---- What the parts of the model share ---- */

const struct graph_row *model_row(const struct model *model, int row);
/** Its values are given and not made. */
int model_is_given(const struct model *model, int row);
/** A handler that needs it opens a context of its own. */
int model_is_per_call(const struct model *model, int row);
/** Whether outer is context, or around it. */
int model_is_around(const struct model *model, int outer, int context);
struct model_context *model_add_context(struct model *model, int parent,
					const struct di_scope *scope);
/** How many contexts are around it. */
int model_depth(const struct model *model, int context);
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
/** Where a constructor of that home asks that: the home, or the context around. */
int model_asked_in(const struct model *model, int home, const struct graph_ask *ask);
/** Puts a new value on the stack of its home. */
int model_add_value(struct model *model, const struct model_value *value);
/** Ends everything in a context. */
enum di_status model_end_context(struct model *model, int context, enum di_outcome outcome);

/* ---- What holds ---- */

/** The value that the row has as seen from context, or -1; makes nothing. */
int model_peek(const struct model *model, int context, int row);
/**
 * NULL, or what is wrong: a live value that is built from what is dead, hidden or not meant any
 * more.
 */
const char *model_fault(const struct model *model);

#endif
