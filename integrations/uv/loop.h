/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_UV_LOOP_H
#define DI_UV_LOOP_H

/**
 * What brings di to a loop, and what is open for it. All of it belongs to the loop's thread, but
 * for what is under the lock. Private to the integration.
 */

#include "integrations/uv/uv.h"

#include "di/capture.h"

#include <pthread.h>
#include <stddef.h>

struct di_uv_request;
struct di__uv_call;

struct di_uv {
	struct di_executor executor; /* first */
	uv_loop_t *loop;
	uv_async_t async; /* referenced while something holds the loop */
	const struct di_allocator *allocator;
	struct di_uv_request *open; /* newest first */
	unsigned requests;          /* those, and those whose memory is not given back yet */
	unsigned refs;
	int closing; /* set under the lock */
	int ending;  /* the last handle is being closed */
	di_uv_closed_fn *closed;
	void *data;
	pthread_mutex_t lock; /* never held while user code runs */
	/* Under the lock: */
	struct di_task *first, **end; /* what was posted */
	struct di__uv_call *calls;    /* whose work is not done; newest first */
};

/** What every request begins with. */
struct di_uv_request {
	struct di_uv *uv;
	struct di_uv_request *next, **link; /* among the open ones; link NULL: it is none */
	size_t size;
	struct di_capture *capture;
	/** Cancels it if that is possible; returns whether it was. */
	int (*cancel)(struct di_uv_request *request);
	void *data;
};

/* ---- loop.c ---- */

/** Keeps the loop alive, or lets go of it, as what is open says. */
void di__uv_update(struct di_uv *uv);
/** Queues a task and wakes the loop. Any thread, under the lock. */
void di__uv_post(struct di_uv *uv, struct di_task *task);
/** Fills err. Returns status. */
enum di_status di__uv_fail(struct di_error *err, enum di_status status, const char *detail);
void *di__uv_allocate(const struct di_uv *uv, size_t size);
void di__uv_release(const struct di_uv *uv, void *memory, size_t size);

/* ---- request.c ---- */

/**
 * A zeroed request of so many bytes that is not open yet, with a capture of the contexts too if
 * that is asked for. NULL: DI_EINVAL (no uv, or not has_callback), DI_ECLOSED, DI_ENOMEM.
 */
void *di__uv_request_new(struct di_uv *uv, size_t size, int with_contexts, int has_callback,
			 struct di_error *err);
/** The same without a check of anything, for any thread; and back. */
void *di__uv_request_make(struct di_uv *uv, size_t size, int with_contexts, struct di_error *err);
void di__uv_request_unmake(struct di_uv_request *request);
/** It is open from now on: the loop stays alive, and it is cancelled when uv is closed. */
void di__uv_request_open(struct di_uv_request *request);
/** Its last callback begins: nobody can name it any more. */
void di__uv_request_done(struct di_uv_request *request);
/** Gives its memory back. */
void di__uv_request_free(struct di_uv_request *request);

/**
 * Calls function, with the capture: error is what happened, or NULL. Where the contexts cannot be
 * entered, and there is no error, that is the error, and function is called without them.
 */
typedef void di__uv_call_fn(struct di_uv_request *request, const struct di_error *error);
void di__uv_call_back(struct di_uv_request *request, di__uv_call_fn *function,
		      const struct di_error *error);

#endif
