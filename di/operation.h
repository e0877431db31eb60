/* SPDX-License-Identifier: MIT */
#ifndef DI_OPERATION_H
#define DI_OPERATION_H

/* private */

/**
 * What is begun with a callback that is told once how it ended: closing, resetting, starting,
 * freeing. Its memory outlives what it works on.
 */

#include "di/ending.h"

struct di__operation {
	struct di__ending ending; /* whose errors are its own */
	struct di_task task;
	struct di_allocator allocator;
	size_t size;
	struct di_executor *executor; /* of the flow that began it, or NULL */
	di_done_fn *callback;
	void *data;
	int keeps; /* 1: its memory stays until the callback has returned */
	struct di_error err;
};

/** One of so many bytes, the first of which are an operation, or NULL with err filled. */
void *di__operation_new(struct di_container *container, size_t size, di_done_fn *callback,
			void *data, struct di_error *err);
/** It was not begun after all. */
void di__operation_drop(struct di__operation *operation);
/** It is through: gives the memory back, and lets the callback be called. Under no lock. */
void di__operation_done(struct di_flow *flow, struct di__operation *operation);

/* ---- close.c ---- */

/**
 * Sets an open context that may be closed to closing; what is asynchronous is still being made
 * there, perhaps. *waits says whether anything there takes time, so that it may be closed by
 * others.
 */
enum di_status di__close_begin(struct di_context *context, struct di_flow *flow, int *waits,
			       struct di_error *err);
/** The end of a context that is torn down. */
void di__close_end(struct di_context *context, struct di_flow *flow, enum di_outcome outcome);

/* ---- close_async.c ---- */

struct di__close {
	struct di__operation operation;
	struct di_context *context; /* closing */
	enum di_outcome outcome;
	int holds; /* 1: the container, until it is closed: see get.h */
	/** Runs once all in the context has ended. */
	void (*torn_down)(struct di_flow *flow, struct di__close *close);
};

/** Tears the context down, once nothing is being made in it. Under no lock. */
void di__close_run(struct di_flow *flow, struct di__close *close);

/* ---- reset.c ---- */

/** What a reset or a drop has taken off the stack of a context, which waits until it has ended. */
struct di__taken {
	struct di_context *context;
	struct di_entry *of_thread; /* ended first */
	struct di_entry *todo;
};

/**
 * Takes what the reset ends. Where that takes time DI_EAGAIN, nothing changed, unless waits. The
 * context is NULL where there is nothing to end.
 */
enum di_status di__reset_begin(struct di_context *context, const struct di_provider *provider,
			       int waits, struct di__taken *taken, struct di_error *err);
/** The same for a drop of one product. */
enum di_status di__drop_begin(struct di_context *context, const struct di_provider *provider,
			      const void *value, int waits, struct di__taken *taken,
			      struct di_error *err);
/** All has ended. */
void di__drop_end(struct di_flow *flow, struct di_context *context);

/* ---- reset_async.c ---- */

/** A reset or a drop whose finalizers take time. */
struct di__removal {
	struct di__operation operation;
	struct di__taken taken;
};

/** A drop has ended all that it has taken. */
void di__drop_done(struct di_flow *flow, struct di__ending *ending);
/** di_context_drop_async() where it is not done directly. */
enum di_status di__drop_with_care(struct di_context *context, const struct di_provider *provider,
				  const void *value, di_done_fn *callback, void *data,
				  struct di_error *err);

/* ---- direct_drop.c ---- */

/** Releases what the context keeps for the next drop, before it is released itself. */
void di__direct_drop_release(struct di_context *context);

#endif
