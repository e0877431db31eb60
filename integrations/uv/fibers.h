/* SPDX-License-Identifier: MIT */
#ifndef DI_UV_FIBERS_H
#define DI_UV_FIBERS_H

/**
 * Fibers that a loop of libuv runs, and what they wait for there.
 *
 *     struct di_uv_fibers *fibers = di_uv_fibers_new(uv, NULL, &err);
 *     di_fiber_spawn(di_uv_fibers_scheduler(fibers), serve, client, NULL, &err);
 *     uv_run(loop, UV_RUN_DEFAULT);
 *     di_uv_fibers_free(fibers, &err);
 *     di_uv_close(uv, NULL, NULL);
 *
 * Fibers run in iterations of the loop, on its thread; a loop with fibers that have not ended stays
 * alive. A fiber's current contexts and context-local values are its own, wherever it waits.
 */

#include "integrations/fiber/fiber.h"
#include "integrations/uv/uv.h"

#ifdef __cplusplus
extern "C" {
#endif

struct di_uv_fibers;

/**
 * Makes a scheduler of fibers that uv's loop runs; for the loop's thread.
 *
 * options are the scheduler's, may be NULL and are copied; their loop is not used. uv is borrowed
 * until di_uv_fibers_free(). NULL with DI_EINVAL (no uv), DI_EABI or DI_ENOMEM.
 */
DI_API struct di_uv_fibers *di_uv_fibers_new(struct di_uv *uv,
					     const struct di_fiber_scheduler_options *options,
					     struct di_error *err);

/** The scheduler, for di_fiber_spawn(); borrowed. */
DI_API struct di_fiber_scheduler *di_uv_fibers_scheduler(struct di_uv_fibers *fibers);

/**
 * Frees it; NULL is legal. DI_EBUSY, nothing changed: fibers have not ended, or have not been
 * joined. DI_ETHREAD. Not from a fiber of it, and before uv is closed.
 */
DI_API enum di_status di_uv_fibers_free(struct di_uv_fibers *fibers, struct di_error *err);

/**
 * Suspends the calling fiber for so many milliseconds.
 *
 * DI_ECANCELLED: by di_fiber_cancel(), at once. Else what di_uv_timer() says; DI_EINVAL outside of
 * fibers.
 */
DI_API enum di_status di_uv_sleep(struct di_uv *uv, uint64_t ms, struct di_error *err);

/**
 * Calls function with data on a thread of libuv's pool, where it may block, and suspends the
 * calling fiber until it has returned.
 *
 * It sees the fiber's contexts and values, see di_uv_work(). DI_ECANCELLED: it was cancelled before
 * function has begun, which is then not called; once that has begun it is waited for, and the
 * cancellation is kept for what the fiber waits for next. Else as di_uv_work(); DI_EINVAL outside
 * of fibers.
 */
DI_API enum di_status di_uv_do(struct di_uv *uv, di_uv_work_fn *function, void *data,
			       struct di_error *err);

#ifdef __cplusplus
}
#endif

#endif
