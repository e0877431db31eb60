/* SPDX-License-Identifier: MIT */
#ifndef DI_MICROHTTPD_H
#define DI_MICROHTTPD_H

/**
 * A context for each HTTP request on libmicrohttpd.
 *
 * It is opened when the headers are in, entered while the application's handler runs, and closed
 * with the handler's outcome before the reply is queued: a client that reads "201 Created" knows
 * that the work is committed, and where closing fails the client reads an error instead. What a
 * client that goes away, a timeout or a shutdown leaves open is closed as DI_CANCELLED.
 *
 *     struct di_mhd_options options = { .abi = DI_ABI, .handle = route, .data = &app };
 *     struct di_mhd *mhd = di_mhd_new(di_container_root(container), &options, &err);
 *     int rc = di_mhd_start(mhd, MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL);
 *     printf("listening on port %d\n", (int)di_mhd_port(mhd));
 *     ...
 *     di_mhd_stop(mhd, 5000);
 *     di_mhd_free(mhd);
 *
 * Every way that libmicrohttpd runs handlers is supported: one polling thread, a pool
 * (MHD_OPTION_THREAD_POOL_SIZE), a thread for each connection, or MHD_run() in a loop of one's own.
 * One request is served by one thread at a time; handlers of different requests run at once where
 * there are several threads. With epoll, libmicrohttpd 0.9.75 may notice a client that goes away
 * right behind its last bytes only when the connection times out: set
 * MHD_OPTION_CONNECTION_TIMEOUT.
 */

#include "di/allocator.h"
#include "di/compiler.h"
#include "di/context.h"
#include "di/error.h"
#include "di/observer.h"
#include "di/scope.h"

#include <microhttpd.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct di_mhd;
struct di_mhd_job;
struct di_mhd_reply;

enum {
	/** Most bytes of a body where options.body_limit is 0. */
	DI_MHD_BODY_LIMIT = 1024 * 1024
};

/** One request. It and all it points to are borrowed until the handler or the hook returns. */
struct di_mhd_request {
	const char *method;  /**< as it was sent: "GET" */
	const char *url;     /**< the path, decoded and without the query */
	const char *version; /**< "HTTP/1.1" */
	const char *body;    /**< the whole body with a NUL behind it; "" where none came */
	size_t body_size;    /**< its length without that NUL */
	struct MHD_Connection *connection; /**< for whatever else libmicrohttpd can tell */
};

/**
 * Answers one request: the application's routing.
 *
 * context is the request's own, and is current while this runs; it must be left with no child open
 * in it and entered by nobody. The reply starts as an empty 200. Returns DI_OK where the reply is
 * to be sent, or another status with err filled: then the failure hook makes the reply. Called
 * without locks on a thread of libmicrohttpd; it may block, and that thread's other connections
 * then wait.
 *
 * The context is closed as DI_DONE if the reply's status is below 400, else as DI_FAILED;
 * di_mhd_reply_outcome() says otherwise. After an error it is closed as DI_FAILED.
 */
typedef enum di_status di_mhd_handle_fn(void *data, struct di_context *context,
					const struct di_mhd_request *http,
					struct di_mhd_reply *reply, struct di_error *err);

/**
 * Makes the reply where the handler could not, or where what it did could not be finished.
 *
 * error is what the handler, opening the context or closing it answered; it is NULL for a body over
 * the limit. The reply comes empty, with status 500, or 413 for that body, and is sent as this
 * leaves it. It may be called twice for one request: for the handler's error and then for closing.
 * Called like a handler, without a context.
 */
typedef void di_mhd_failed_fn(void *data, const struct di_mhd_request *http,
			      const struct di_error *error, struct di_mhd_reply *reply);

/**
 * Where handlers run, if not on libmicrohttpd's threads: on fibers, in a pool. Zeroed: there is
 * none.
 *
 * The connection is suspended meanwhile, and its thread serves others. All else is as without: the
 * context is entered where the handler runs and closed with its outcome before the reply is queued.
 */
struct di_mhd_dispatcher {
	/**
	 * Takes a request whose handler is to run. If it returns DI_OK, di_mhd_job_run() must be
	 * called for the job once, on any thread or fiber, possibly before this returns. With
	 * another status and err filled the job is as good as run, and the failure hook replies.
	 * Called on a thread of libmicrohttpd, which it should not keep.
	 */
	enum di_status (*dispatch)(void *data, struct di_mhd_job *job, struct di_error *err);
	/**
	 * Closes a context where the handler has run, as di_context_close(), for what must wait
	 * meanwhile; NULL: that.
	 */
	enum di_status (*close)(void *data, struct di_context *context, enum di_outcome outcome,
				struct di_error *err);
	void *data; /**< handed to both; borrowed until di_mhd_free() */
};

/**
 * Runs the handler, closes the context and lets libmicrohttpd send the reply. The job is gone then.
 *
 * Any thread or fiber may call it, once for each job. For a fiber or thread it is as any other
 * call: the handler may await, block, and enter and leave contexts.
 */
DI_API void di_mhd_job_run(struct di_mhd_job *job);

/** The job's context, and its request; borrowed until it has run. */
DI_API struct di_context *di_mhd_job_context(const struct di_mhd_job *job);
DI_API const struct di_mhd_request *di_mhd_job_request(const struct di_mhd_job *job);

/** How requests are served. Zero it, set abi to DI_ABI, handle, and what else is wanted. */
struct di_mhd_options {
	uint32_t abi;                         /**< DI_ABI */
	di_mhd_handle_fn *handle;             /**< mandatory */
	di_mhd_failed_fn *failed;             /**< NULL: the status's name as plain text */
	void *data;                           /**< handed to both; borrowed until di_mhd_free() */
	const struct di_scope *scope;         /**< of the contexts; NULL: di_scope_request */
	size_t body_limit;                    /**< bytes; 0: DI_MHD_BODY_LIMIT */
	const struct di_allocator *allocator; /**< NULL: malloc; borrowed until di_mhd_free() */
	struct di_mhd_dispatcher dispatcher;  /**< where handlers run */
};

/**
 * Makes what serves requests in contexts below parent, which is borrowed until di_mhd_free().
 *
 * options are copied. Returns it, owned by the caller, or NULL: DI_EINVAL (no parent or no
 * handler), DI_EABI, DI_ENOMEM.
 */
DI_API struct di_mhd *di_mhd_new(struct di_context *parent, const struct di_mhd_options *options,
				 struct di_error *err);

/** Ends it; its daemon must have been stopped, and the parent still be open. NULL is legal. */
DI_API void di_mhd_free(struct di_mhd *mhd);

/**
 * Starts a daemon that serves on port, where 0 lets the system pick one.
 *
 * flags are libmicrohttpd's, which must name an internal polling thread; further are further
 * options of its, closed by MHD_OPTION_END, borrowed for the call, or NULL. To bind to one address,
 * put MHD_OPTION_SOCK_ADDR there. MHD_OPTION_NOTIFY_CONNECTION is di's: by it di_mhd_stop() knows
 * whom to hang up. One that stands there takes its place, and a malformed request that comes while
 * the daemon is stopped may then end the program, by a fault of libmicrohttpd 0.9.75. Returns 0,
 * EBUSY where it runs already, or the errno that kept libmicrohttpd from starting (EIO where it
 * left none). For mhd's owner only.
 */
DI_API int di_mhd_start(struct di_mhd *mhd, unsigned flags, uint16_t port,
			const struct MHD_OptionItem *further);

/** The port that the started daemon listens on, else 0. Any thread, until di_mhd_stop(). */
DI_API uint16_t di_mhd_port(const struct di_mhd *mhd);

/** The started daemon, else NULL; borrowed until di_mhd_stop(). */
DI_API struct MHD_Daemon *di_mhd_daemon(const struct di_mhd *mhd);

/**
 * Stops the daemon that di_mhd_start() started: no new connections, di_mhd_drain(), hanging up, the
 * end.
 *
 * What is not answered by then is cut off and its context closed as DI_CANCELLED; but handlers that
 * run are waited for, wherever they do. Returns 0, ETIMEDOUT where something was cut off, or EINVAL
 * where nothing runs. For mhd's owner only, and not from a handler or where a dispatcher has put
 * some.
 */
DI_API int di_mhd_stop(struct di_mhd *mhd, unsigned grace_ms);

/**
 * Waits until no request is under way, at most for grace_ms milliseconds.
 *
 * From its call on, replies tell clients to close their connections. Returns 0, and requests that
 * come later are dropped unanswered; or ETIMEDOUT. Stop accepting first (MHD_quiesce_daemon()), if
 * the daemon is your own. Any thread may call it, but no handler.
 */
DI_API int di_mhd_drain(struct di_mhd *mhd, unsigned grace_ms);

/**
 * The access handler and the completion callback, for a daemon that one starts oneself:
 *
 *     MHD_start_daemon(flags, port, NULL, NULL, di_mhd_access, mhd,
 *                      MHD_OPTION_NOTIFY_COMPLETED, di_mhd_completed, mhd, MHD_OPTION_END);
 *
 * Both are needed, and both are given the struct di_mhd; with a dispatcher MHD_ALLOW_SUSPEND_RESUME
 * is too, and no job may be under way when the daemon is stopped. The connection is dropped where
 * memory ran out before the request could be kept.
 */
DI_API enum MHD_Result di_mhd_access(void *service, struct MHD_Connection *connection,
				     const char *url, const char *method, const char *version,
				     const char *upload, size_t *upload_size, void **state);
DI_API void di_mhd_completed(void *service, struct MHD_Connection *connection, void **state,
			     enum MHD_RequestTerminationCode reason);

/** The value of a header, whatever the case of its name, or NULL. Borrowed like the request. */
DI_API const char *di_mhd_header(const struct di_mhd_request *http, const char *name);

/** The decoded value of a query argument: "" where it has none, NULL where it is not there. */
DI_API const char *di_mhd_query(const struct di_mhd_request *http, const char *name);

/** Sets the status, from 200 to 999; any other makes the reply a 500, as below. */
DI_API void di_mhd_reply_status(struct di_mhd_reply *reply, unsigned status);

/**
 * Sets the body, which is copied, and its Content-Type, NULL for none. The last call wins.
 *
 * Returns 0 or ENOMEM. A reply that ran out of memory once, here or for a header, need not be
 * looked after: the context is closed as DI_FAILED and an empty 500 is sent.
 */
DI_API int di_mhd_reply_body(struct di_mhd_reply *reply, const char *type, const void *body,
			     size_t size);

/** Adds a header; the strings are copied. One that HTTP forbids makes the reply a 500, as above. */
DI_API int di_mhd_reply_header(struct di_mhd_reply *reply, const char *name, const char *value);

/** Says how the context is to end, whatever the status. */
DI_API void di_mhd_reply_outcome(struct di_mhd_reply *reply, enum di_outcome outcome);

#ifdef __cplusplus
}
#endif

#endif
