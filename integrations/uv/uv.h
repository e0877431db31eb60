/* SPDX-License-Identifier: MIT */
#ifndef DI_UV_H
#define DI_UV_H

/**
 * Asynchronous parts on a loop of libuv.
 *
 *     struct di_uv *uv = di_uv_new(uv_default_loop(), NULL, &err);
 *     di_uv_get(uv, root, &app_store, 2000, store_is_there, &app, &err);
 *     uv_run(uv_default_loop(), UV_RUN_DEFAULT);
 *     ...
 *     di_uv_close(uv, NULL, NULL);
 *     uv_run(uv_default_loop(), UV_RUN_DEFAULT);
 *     uv_loop_close(uv_default_loop());
 *
 * What is asked for here calls back on the loop, in a later iteration and never before the function
 * has returned; it keeps the loop alive until then, and a struct di_uv for which nothing is open
 * does not. A callback sees the context-local values that were seen where it was asked for, and
 * the contexts that were entered there are entered again, above what the loop's thread has entered
 * itself. Until then they are captured (di/capture.h): they may be closed, and where one is, the
 * callback is told DI_ECLOSED, with the values and without the contexts. Their container cannot be
 * freed meanwhile. A callback may leave them and close them.
 *
 * Everything here is for the loop's thread, but for the executor and di_uv_call_work(). The header
 * of libuv needs POSIX, which -std=c11 alone hides: _POSIX_C_SOURCE as 200809L shows it.
 */

#include "di/allocator.h"
#include "di/async.h"
#include "di/call.h"
#include "di/compiler.h"
#include "di/error.h"

#include <stdint.h>
#include <uv.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_container;
struct di_context;
struct di_uv;

/** How it is made. Zero it, set abi to DI_ABI, and what else is wanted. */
struct di_uv_options {
	uint32_t abi;                         /**< DI_ABI */
	const struct di_allocator *allocator; /**< NULL: malloc; borrowed until it is closed */
};

/**
 * Makes what brings di to a loop, which is borrowed until it is closed. options may be NULL.
 *
 * Returns it, to be closed by di_uv_close(), or NULL: DI_EINVAL (no loop), DI_EABI, DI_ENOMEM,
 * DI_ECREATE (what libuv says).
 */
DI_API struct di_uv *di_uv_new(uv_loop_t *loop, const struct di_uv_options *options,
			       struct di_error *err);

/** Is told that a struct di_uv is gone: no handle of it is left in the loop. */
typedef void di_uv_closed_fn(void *data);

/**
 * Closes it: what is open is cancelled and calls back with DI_ECANCELLED, what cannot be cancelled
 * is waited for; then closed, which may be NULL, is called, and all is freed.
 *
 * It takes iterations of the loop. New requests are DI_ECLOSED. If the calling flow has its
 * executor, it has none from now on. What was asked for with that executor elsewhere must have
 * called back before, and no other thread may be cancelling gets that wait for a di_uv_call_work().
 * NULL is legal, and nothing.
 */
DI_API void di_uv_close(struct di_uv *uv, di_uv_closed_fn *closed, void *data);

/** Its loop. */
DI_API uv_loop_t *di_uv_loop(const struct di_uv *uv);

/**
 * What runs tasks on the loop, in the order in which they were posted: for di_flow_set_executor().
 *
 * Tasks of any thread wake the loop, many of them once. What is posted while tasks run is run in
 * the next iteration, so that the loop's other work is not kept waiting. Tasks do not keep the loop
 * alive, see di_uv_ref(). They see no contexts or values but those of the loop's thread.
 */
DI_API struct di_executor *di_uv_executor(struct di_uv *uv);

/** Keeps the loop alive, for as often as it was called, until di_uv_unref(). */
DI_API void di_uv_ref(struct di_uv *uv);
DI_API void di_uv_unref(struct di_uv *uv);

/* ---- Requests. ---- */

/** What was asked for and is open: it names it until its last callback has begun. */
struct di_uv_request;

/**
 * Cancels what is open: its callback is called with DI_ECANCELLED, later.
 *
 * Returns 1, or 0: it is too late, and the callback is told how it ended; work has begun, or an
 * answer is due.
 */
DI_API int di_uv_cancel(struct di_uv_request *request);

/**
 * Asks for a value as di_get_async() does, at most for timeout_ms milliseconds if that is not 0.
 *
 * callback is then called with DI_ETIMEDOUT, which names the provider; the creation goes on. If it
 * is cancelled, and nobody else awaits the creation, that is asked to cancel itself.
 *
 * Returns the request, or NULL, and callback is never called: the errors of di_get_async() and of
 * di_flow_capture_contexts().
 */
DI_API struct di_uv_request *di_uv_get(struct di_uv *uv, struct di_context *context,
				       const struct di_provider *provider, uint64_t timeout_ms,
				       di_get_fn *callback, void *data, struct di_error *err);

/** Is told that a timer fired or work was done, error NULL; or why not, borrowed for the call. */
typedef void di_uv_fn(void *data, const struct di_error *error);

/**
 * Calls callback after after_ms milliseconds, and then each repeat_ms milliseconds if that is not
 * 0, until it is cancelled, which calls it for the last time.
 *
 * One that does not repeat has fired, or was cancelled; it needs no end. NULL: DI_EINVAL (no
 * callback), DI_ECLOSED, DI_ENOMEM, and callback is never called.
 */
DI_API struct di_uv_request *di_uv_timer(struct di_uv *uv, uint64_t after_ms, uint64_t repeat_ms,
					 di_uv_fn *callback, void *data, struct di_error *err);

/** What a thread of the pool does. */
typedef void di_uv_work_fn(void *data);

/**
 * Calls function with data on a thread of libuv's pool, where it may block, and then after on the
 * loop.
 *
 * function sees what after sees: the values, each in a copy of its own, and the contexts, which are
 * busy while it runs. It is not called if it was cancelled before it has begun, DI_ECANCELLED, or
 * if a context was closed, DI_ECLOSED, or belongs to the loop's thread, DI_ETHREAD. Blocks and
 * contexts that it has left open are DI_EINVAL. NULL as for di_uv_timer().
 */
DI_API struct di_uv_request *di_uv_work(struct di_uv *uv, di_uv_work_fn *function, di_uv_fn *after,
					void *data, struct di_error *err);

/* ---- Blocking constructors and finalizers. ---- */

/**
 * Completes the call for which work was done; cause is 0, or ECANCELED where function was not
 * called.
 */
typedef void di_uv_complete_fn(struct di_call *call, void *data, int cause);

/**
 * Lets an asynchronous constructor or finalizer block: function is called with data on a thread of
 * libuv's pool, and then complete on the loop.
 *
 *     static int address_new(struct di_call *call, const struct config *config)
 *     {
 *             ...
 *             return di_uv_call_work(config->uv, call, look_up, address_is_there, lookup);
 *     }
 *
 * To be called before the constructor returns, from any thread, and its result returned:
 * DI_PENDING; or ENOMEM, EINVAL (a NULL), ECANCELED (it is being closed), and nothing is called
 * then. complete completes the call.
 * If all who await the creation have cancelled before function has begun, it is not called
 * (di_call_on_cancel() is used up for that). function may also complete the call itself, and then
 * complete must not; but what needs the value is then made on the thread of the pool. Both see the
 * context-local values of the constructor's flow and no contexts: di_call_context() is the home.
 */
DI_API int di_uv_call_work(struct di_uv *uv, struct di_call *call, di_uv_work_fn *function,
			   di_uv_complete_fn *complete, void *data);

/* ---- Starting and ending. ---- */

/**
 * di_container_start_async(), di_context_close_async() and di_container_free_async() with callback
 * called on the loop, which they keep alive. It sees the values that were seen, and no contexts.
 * They cannot be cancelled. Errors as theirs, and DI_ECLOSED.
 */
DI_API enum di_status di_uv_start(struct di_uv *uv, struct di_container *container,
				  di_done_fn *callback, void *data, struct di_error *err);
DI_API enum di_status di_uv_context_close(struct di_uv *uv, struct di_context *context,
					  enum di_outcome outcome, di_done_fn *callback, void *data,
					  struct di_error *err);
DI_API enum di_status di_uv_container_free(struct di_uv *uv, struct di_container *container,
					   di_done_fn *callback, void *data, struct di_error *err);

/* ---- Taking turns: for what schedules itself, such as fibers. ---- */

/** What somebody who takes turns wants next. */
enum di_uv_turn {
	DI_UV_DONE,  /**< nothing */
	DI_UV_AGAIN, /**< another turn, in the next iteration */
	DI_UV_WAIT   /**< another turn when it is woken; the loop is kept alive until then */
};

typedef enum di_uv_turn di_uv_turn_fn(void *data);
struct di_uv_turns;

/**
 * Makes what gives turns on the loop: run is called with data, without contexts or values, in the
 * iteration after it was woken. To be freed before uv is closed. NULL: DI_EINVAL, DI_ENOMEM.
 */
DI_API struct di_uv_turns *di_uv_turns_new(struct di_uv *uv, di_uv_turn_fn *run, void *data,
					   struct di_error *err);

/**
 * Asks for a turn; several times before it comes are once. Any thread may call it, which keeps a
 * loop alive that is alive, and from the loop's thread also one that is not. turns is a struct
 * di_uv_turns.
 */
DI_API void di_uv_turns_wake(void *turns);

/** Gives no more turns; nobody may wake it any more. NULL is legal; so is a call while it runs. */
DI_API void di_uv_turns_free(struct di_uv_turns *turns);

#ifdef __cplusplus
}
#endif

#endif
