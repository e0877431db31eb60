/* SPDX-License-Identifier: MIT */
#ifndef DI_OBSERVER_H
#define DI_OBSERVER_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Observing a container: one function that is told what happens, set once in struct di_options.
 *
 * It is called on the thread that causes the event, with no lock held, after the event has taken
 * place. It may call di_container_describe(); it must not resolve, open, close or override. Several
 * threads may call it at once. Without an observer no clock is read and nothing is paid.
 *
 * When a constructor fails, each creation that waited for its value has failed too and is told,
 * innermost first. The first value put for a state is no event; one that replaces it is an
 * override.
 */

#include "di/compiler.h"
#include "di/error.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Every event with its text: X(name, text). */
#define DI_EVENT_MAP(X)                                                                            \
	X(DI_EVENT_CREATED, "created")                                                             \
	X(DI_EVENT_TORN_DOWN, "torn down")                                                         \
	X(DI_EVENT_FAILED, "failed")                                                               \
	X(DI_EVENT_OPENED, "opened")                                                               \
	X(DI_EVENT_CLOSED, "closed")                                                               \
	X(DI_EVENT_OVERRIDDEN, "overridden")

enum di_event_kind {
#define DI__EVENT_NAME(name_, text_) name_,
	DI_EVENT_MAP(DI__EVENT_NAME)
#undef DI__EVENT_NAME
};

/** How a context ended. Later ones are worse: a context ends with the worst that it was told. */
enum di_outcome {
	DI_DONE,
	DI_FAILED,
	DI_CANCELLED
};

/** The name of an outcome, a literal: "done", "failed", "cancelled". */
DI_API const char *di_outcome_text(enum di_outcome outcome);

/** The text of an event, a literal: "created", "torn down", ... */
DI_API const char *di_event_text(enum di_event_kind kind);

/**
 * One event. It and all it points to are borrowed for the call, except names of providers and
 * scopes.
 */
struct di_event {
	enum di_event_kind kind;
	const char *provider;  /**< NULL for opened and closed; "" for a deferred function */
	const char *container; /**< name of the table */
	const char *scope;     /**< name of the scope of the context concerned */
	uint64_t context; /**< number of that context, unique in its container; the root is 1 */
	uint64_t thread;  /**< number of the flow that caused it, unique in the process */
	uint64_t when_ns; /**< CLOCK_MONOTONIC, at the end of the event */
	uint64_t took_ns; /**< how long the constructor or finalizer ran, else 0 */
	int slow;         /**< 1: took_ns is above options.slow_ns */
	enum di_outcome outcome;      /**< of a context that closed, or handed to a finalizer */
	const struct di_error *error; /**< failed only; for the text, di_error_text() */
};

/**
 * Is told of one event, on the thread that caused it, under no lock. It may describe the container;
 * it must not resolve, open, close or override.
 */
typedef void di_observe_fn(void *data, const struct di_event *event);

struct di_observer {
	di_observe_fn *observe;
	void *data;
};

#ifdef __cplusplus
}
#endif

#endif
