/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_TWIN_H
#define DI_TESTS_TWIN_H

/**
 * A random table, a container of it and its model, side by side. After every step both must have
 * answered the same, and made and ended the same values from the same needs in the same order.
 *
 * The model takes each step first, so that constructors and destructors may look at it.
 */

#include "di/di.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/model.h"

enum {
	TWIN_STEPS = 40, /**< of a case, numbered from 0 */
	TWIN_FAKES = 128
};

/* Mistakes of a program abort in debug builds, and are then left out. */
#ifdef DI_DEBUG
enum {
	TWIN_MISUSE_ASSERTS = 1
};
#else
enum {
	TWIN_MISUSE_ASSERTS = 0
};
#endif

/** A value; where it stands in storage of the container, it is gone when it has ended. */
struct twin_value {
	int number, storage;
};

struct twin {
	unsigned seed; /**< draws everything */
	int step;
	struct graph graph;
	struct failing_allocator memory;
	/* The real thing. */
	struct di_container *container;
	const struct di_table *table;
	struct di_context *contexts[MODEL_CONTEXTS]; /**< NULL: closed */
	int contexts_count;
	int unseen; /**< a context that a handler opens, not known yet; or -1 */
	struct twin_value *values[MODEL_VALUES];
	int values_count;
	struct twin_value fakes[TWIN_FAKES], objects[GRAPH_ROWS];
	int fail_new[GRAPH_ROWS], null_new[GRAPH_ROWS], fail_end[GRAPH_ROWS];
	int constructing[GRAPH_ROWS], depth;
	struct trace trace;
	struct di_error error;
	int is_observed, events[6]; /**< so far, by enum di_event_kind */
	struct trace story;         /**< what was done, for who has to find the fault */
	struct model model;
};

/** There is one: constructors are told nothing. */
extern struct twin twin;

/** Draws a graph and makes both, some with an observer; the seed comes first in the story. */
void twin_begin(unsigned seed);

const struct di_provider *twin_provider(int row);

/** Notes a context that both have opened. */
void twin_opened(int number, struct di_context *context);

/** A call to defer; borrowed until it has run. */
struct twin_value *twin_deferred(void);
int twin_run_deferred(void *data, enum di_outcome outcome);

/**
 * Fails the test unless both have done the same since the last time; di_error is what was found.
 */
void twin_compare(enum di_status expected, enum di_status found);
/** The same for a call that resolves: also the path of the error. */
void twin_compare_path(enum di_status expected, enum di_status found);
/** The same for a call that ends values: also how many finalizers failed. */
void twin_compare_end(enum di_status expected, enum di_status found);

/** At the end: whether an observer, if there was one, was told all. */
void twin_compare_events(void);

/** Fails the test, with the story. */
#define twin_assert(condition_, ...)                                                               \
	do {                                                                                       \
		if (!(condition_))                                                                 \
			twin_fail(__VA_ARGS__);                                                    \
	} while (0)
void twin_fail(const char *format, ...) DI__PRINTF(1, 2);

/**
 * Makes the call, which may run out of memory once where n is not 0: then it must have changed
 * nothing, and is made again.
 */
#define twin_try(n_, call_)                                                                        \
	(twin_refuse_memory(n_), twin_was_refused(call_) ? (call_) : twin.error.status)
void twin_refuse_memory(int n);
int twin_was_refused(enum di_status status);

/** Makes the call, which must not ask for memory. */
#define twin_without_memory(call_) (twin_take_memory(), twin_give_memory(call_))
void twin_take_memory(void);
enum di_status twin_give_memory(enum di_status status);

#endif
