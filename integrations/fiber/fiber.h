/* SPDX-License-Identifier: MIT */
#ifndef DI_FIBER_H
#define DI_FIBER_H

/**
 * Fibers: functions with stacks of their own that take turns on one thread.
 *
 *     struct di_fiber_scheduler *fibers = di_fiber_scheduler_new(NULL, &err);
 *     struct di_fiber *fiber = di_fiber_spawn(fibers, serve, client, NULL, &err);
 *     di_fiber_run(fibers, &err);
 *     di_fiber_join(fiber, &result, &err);
 *     di_fiber_scheduler_free(fibers, &err);
 *
 * A fiber is a flow (di/flow.h): it has contexts that it has entered, context-local values and
 * blocks of its own, which are suspended with it. One that asks for a value that another flow is
 * making is suspended until that is done, and its thread goes on with other fibers; where fibers of
 * one thread would wait for each other that is DI_ECYCLE, as among threads.
 *
 * A scheduler and its fibers belong to the thread that made it, which frees it before it ends, and
 * see its thread_singletons; only di_fiber_resume() and di_fiber_cancel() may be called elsewhere.
 * Fibers are never interrupted: others run when one yields, suspends itself, joins, awaits or ends.
 * errno and the mask of signals are the thread's, and not switched (the mask is where that is by
 * swapcontext()). A fiber must not end its thread, nor be jumped out of.
 *
 * A stack has a page below it that nobody may touch: overflow is a SIGSEGV, and harms nothing else.
 * What needs much stack does not belong on a fiber, or wants a larger one.
 */

#include "di/await.h"
#include "di/capture.h"
#include "di/compiler.h"
#include "di/context.h"
#include "di/error.h"
#include "di/provider.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_fiber;
struct di_fiber_scheduler;

enum {
	/** Bytes of a stack where options.stack_size is 0. */
	DI_FIBER_STACK_SIZE = 64 * 1024,
	/** Stacks kept for the next fibers where options.stacks_kept is 0. */
	DI_FIBER_STACKS_KEPT = 256
};

/** How an event loop drives fibers. Zeroed: none does. */
struct di_fiber_loop {
	/**
	 * Called when a fiber has become ready while none of the scheduler's was running, or on
	 * another thread: di_fiber_run_ready() is to be called soon, on the scheduler's. Any thread
	 * may call it, without locks; once may stand for several. It must call nothing of di.
	 */
	void (*wake)(void *data);
	void *data;
};

/** Zeroed but for abi is what most want. */
struct di_fiber_scheduler_options {
	uint32_t abi;      /**< DI_ABI */
	size_t stack_size; /**< of each fiber, at least 16 KiB and rounded up to pages; 0: 64 KiB */
	size_t stacks_kept; /**< how many free stacks it keeps at most; 0: 256 */
	struct di_fiber_loop loop;
};

/**
 * Makes a scheduler of the calling thread, to be freed by di_fiber_scheduler_free().
 *
 * options may be NULL, and are copied. NULL with DI_EABI or DI_ENOMEM.
 */
DI_API struct di_fiber_scheduler *
di_fiber_scheduler_new(const struct di_fiber_scheduler_options *options, struct di_error *err);

/**
 * Frees a scheduler. NULL is legal.
 *
 * DI_EBUSY, nothing changed: fibers have not ended, or have not been joined. DI_ETHREAD.
 */
DI_API enum di_status di_fiber_scheduler_free(struct di_fiber_scheduler *scheduler,
					      struct di_error *err);

typedef void *di_fiber_fn(void *data);

/** Zeroed but for abi is what most want. */
struct di_fiber_options {
	uint32_t abi; /**< DI_ABI */
	int detached; /**< 1: nobody will join it, and its handle is nobody's */
	int empty;    /**< 1: it begins without context-local values, as a new thread */
	/** It begins with these, borrowed until di_fiber_spawn() returns; NULL: with a copy of its
	 * maker's, which is O(1). */
	const struct di_capture *capture;
	/** Entered until the fiber has ended, from now on, so that it is not closed; or NULL. */
	struct di_context *context;
};

/**
 * Makes a fiber, which begins when its turn comes: function(data), whose result is for who joins.
 *
 * scheduler may be NULL in a fiber, and is then that fiber's. options may be NULL. The handle is to
 * be given to di_fiber_join() once, unless it is detached. NULL with DI_EINVAL, DI_EABI,
 * DI_ETHREAD, what di_context_enter() says, or DI_ENOMEM: also where the process has as many
 * mappings as it may, of which a stack takes two (/proc/sys/vm/max_map_count).
 */
DI_API struct di_fiber *di_fiber_spawn(struct di_fiber_scheduler *scheduler, di_fiber_fn *function,
				       void *data, const struct di_fiber_options *options,
				       struct di_error *err);

/** The fiber that runs on the calling thread, or NULL. */
DI_API struct di_fiber *di_fiber_current(void);

/** Lets others run that are ready; outside of fibers it does nothing. */
DI_API void di_fiber_yield(void);

/**
 * Waits until a fiber has ended, frees it, and stores its result, unless result is NULL.
 *
 * In a fiber others run meanwhile; outside of them they are run here. Cancelling the caller does
 * not end the wait. Nothing is changed by DI_EINVAL (NULL, itself, a detached one), DI_ETHREAD,
 * DI_EBUSY (it is being joined already) and DI_ECYCLE: it waits for the caller, by joins or for
 * what the caller makes, ends or calls back; or is of another scheduler, whose fiber runs the
 * caller's.
 */
DI_API enum di_status di_fiber_join(struct di_fiber *fiber, void **result, struct di_error *err);

/**
 * Suspends the calling fiber until di_fiber_resume(), which may have come before: one such is kept.
 *
 * DI_ECANCELLED: by di_fiber_cancel(). DI_EINVAL: outside of fibers.
 */
DI_API enum di_status di_fiber_suspend(struct di_error *err);

/**
 * Lets a fiber's present, or else its next, di_fiber_suspend() return.
 *
 * Any thread may call it, and anything may but signal handlers. The fiber must not have been freed:
 * what a fiber suspends itself for, and who resumes it, are to be agreed on.
 */
DI_API void di_fiber_resume(struct di_fiber *fiber);

/**
 * Cancels what a fiber waits for: its present di_fiber_suspend() or di_await(), or else the next
 * that would wait, returns DI_ECANCELLED, once. The fiber ends as its function sees fit.
 *
 * As di_fiber_resume(); see di_flow_cancel() for what an asynchronous creation is told. Who waits
 * for a value that another flow makes synchronously, for a context to close, or joins, is not
 * disturbed.
 */
DI_API void di_fiber_cancel(struct di_fiber *fiber);

/**
 * Runs all that are ready, each until it is suspended, yields or ends, and returns.
 *
 * Returns 1 if some are ready again, which have yielded, and 0 if there is nothing to do now: then
 * options.loop.wake says when. Not for fibers of the same scheduler, and not for other threads: 0.
 */
DI_API int di_fiber_run_ready(struct di_fiber_scheduler *scheduler);

/**
 * Runs fibers until all have ended; where none is ready the thread waits until another one resumes
 * some. DI_EINVAL: NULL, or in a fiber of it. DI_ETHREAD.
 */
DI_API enum di_status di_fiber_run(struct di_fiber_scheduler *scheduler, struct di_error *err);

/** How many fibers have not ended. For the scheduler's thread. */
DI_API size_t di_fiber_count(const struct di_fiber_scheduler *scheduler);

#ifdef __cplusplus
}
#endif

#endif
