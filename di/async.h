/* SPDX-License-Identifier: MIT */
#ifndef DI_ASYNC_H
#define DI_ASYNC_H

#ifndef DI_BUILDING
#pragma GCC system_header
#endif

/**
 * Asking for what takes time: values whose constructors complete later, from anywhere.
 *
 * A get asks for one value and calls back once. Whatever the value needs is made in parallel as far
 * as it is independent; all who ask for one value wait for one creation. When a creation fails,
 * that is told after all that was begun for it has settled, to each who waits with a path of its
 * own.
 *
 * A callback runs on the thread that completes what was awaited, or that asks where nothing is to
 * be awaited, possibly before the function that was given it returns; or, if the flow that asks has
 * an executor, on that. No lock is held while it runs, and it may call whatever it likes. Callbacks
 * of one thread never nest: what one of them brings about is called after it.
 *
 * Nothing here waits, but for a part that is not asynchronous and is being made by another thread.
 */

#include "di/compiler.h"
#include "di/error.h"
#include "di/observer.h"
#include "di/provider.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_container;
struct di_context;
struct di_flow;

/* ---- Executors: where callbacks run. ---- */

/** A piece of work, run once. next is the executor's, to queue it by. */
struct di_task {
	struct di_task *next;
	void (*run)(struct di_task *task);
};

/**
 * What runs tasks: a loop, a pool. Part of a struct of the user's, who owns it.
 *
 * post is called from any thread, under no lock, and takes the task to run it once, mostly later;
 * it cannot fail. The task is borrowed until it runs, and is gone then.
 */
struct di_executor {
	void (*post)(struct di_executor *executor, struct di_task *task);
};

/**
 * Makes the executor that of the flow, for what the flow asks for from now on; NULL: none. It is
 * borrowed until everything that was asked for meanwhile has called back. Only the flow itself may
 * call it; flow NULL is the calling one.
 */
DI_API void di_flow_set_executor(struct di_flow *flow, struct di_executor *executor);

/** The executor of the flow, or NULL; flow NULL is the calling one. */
DI_API struct di_executor *di_flow_executor(const struct di_flow *flow);

/* ---- Gets. ---- */

/**
 * Names one get. A plain value, to be copied and forgotten at will; valid as long as the container
 * of the context that was asked. After the callback has begun it names nothing, and the functions
 * below, which any thread may call at any time, do nothing with it.
 */
struct di_get {
	struct di__get *at;
	uint64_t number; /**< 0: it was refused, and does not call back */
};

/**
 * Is told how a get ended: the value, borrowed as after di_resolve(), or NULL and the error, which
 * is borrowed for the call.
 */
typedef void di_get_fn(void *data, void *value, const struct di_error *error);

/**
 * Asks for the value of the provider as seen from context, whatever its kind; callback is called
 * once with data. This is how what is not asynchronous but needs something that is can be made.
 *
 * What lives with a thread (thread_singleton) is made, once what it needs is there, for the thread
 * that calls this and on that, where the callback is called. DI_ETHREAD, for the callback, if that
 * is elsewhere: there was no executor and another thread has completed what it needs, or the
 * executor runs on another thread.
 *
 * Returns the get; its number is 0, and callback is never called, if it is refused with err filled:
 * DI_EINVAL (no callback, or what di_resolve() says so of), DI_ECLOSED (the context), DI_ENOMEM.
 * All further errors go to the callback: those of di_resolve(), and DI_ECLOSED if the context is
 * closing or closed when the callback is to be called, whatever was made. A context that is asked
 * may be closed before it has answered: its memory stays until then.
 */
DI_API struct di_get di_get_async(struct di_context *context, const struct di_provider *provider,
				  di_get_fn *callback, void *data, struct di_error *err);

/** The same with callback called on that executor, whatever the flow has; NULL: on none. */
DI_API struct di_get di_get_async_on(struct di_executor *executor, struct di_context *context,
				     const struct di_provider *provider, di_get_fn *callback,
				     void *data, struct di_error *err);

/* The same for a callback of another type, which deliver calls. */
typedef void di__deliver_fn(void (*callback)(void), void *data, void *value,
			    const struct di_error *error);
DI_API struct di_get di__get_async(struct di_context *context, const struct di_provider *provider,
				   di__deliver_fn *deliver, void (*callback)(void), void *data,
				   struct di_error *err);

/**
 * Lets go of a get: its callback is not called any more. The creation goes on; a product of a
 * factory that nobody awaits ends as soon as it is made.
 *
 * Returns 1, or 0: the callback has begun, or the get was ended before.
 */
DI_API int di_get_detach(struct di_get get);

/**
 * The same, and calls the callback with DI_ETIMEDOUT, where it would have been called: for timers.
 */
DI_API int di_get_expire(struct di_get get);

/**
 * The same with DI_ECANCELLED; and if nobody else awaits the creation, it is asked to cancel
 * itself: see di_call_on_cancel().
 */
DI_API int di_get_cancel(struct di_get get);

/* ---- Ending. ---- */

/**
 * Is told how something ended that was begun with it: DI_OK and no error, or what the synchronous
 * form would have returned, and the error, borrowed for the call.
 */
typedef void di_done_fn(void *data, enum di_status status, const struct di_error *error);

/**
 * Closes a context as di_context_close() does, also where finalizers are asynchronous: they run one
 * by one, newest first, all of them. What is being made there asynchronously is waited for, and
 * ended.
 *
 * DI_OK: the context is closing, and callback is called once. Else nothing has changed, and
 * callback is never called: the errors of di_context_close() but DI_EFINALIZE, and DI_ENOMEM.
 */
DI_API enum di_status di_context_close_async(struct di_context *context, enum di_outcome outcome,
					     di_done_fn *callback, void *data,
					     struct di_error *err);

/** Tears down a value and what was built from it as di_reset() does. Otherwise the same. */
DI_API enum di_status di_reset_async(struct di_context *context, const struct di_provider *provider,
				     di_done_fn *callback, void *data, struct di_error *err);

/** Ends one product as di_context_drop() does. Otherwise the same. */
DI_API enum di_status di_context_drop_async(struct di_context *context,
					    const struct di_provider *provider, const void *value,
					    di_done_fn *callback, void *data, struct di_error *err);

#ifdef __cplusplus
}
#endif

#endif
