/* SPDX-License-Identifier: MIT */
#ifndef DI_MICROHTTPD_UV_H
#define DI_MICROHTTPD_UV_H

/**
 * HTTP requests on a loop of libuv, each in a fiber of its own.
 *
 *     struct di_mhd_options options = { .abi = DI_ABI, .handle = route, .data = &app };
 *     struct di_mhd_uv *web = di_mhd_uv_start(root, &options, uv, scheduler, 8080, NULL, &err);
 *     uv_run(loop, UV_RUN_DEFAULT);
 *     ...
 *     di_mhd_uv_stop(web, 5000, is_stopped, &app);          in some callback of the loop
 *
 * Everything is as in integrations/microhttpd: a context for each request, entered while the
 * handler runs and closed with its outcome before the reply is queued. But the handler runs in a
 * fiber, with the context-local values that it sets seen by nobody else, and may wait there for
 * whatever takes time: di_await(), di_uv_sleep(), di_uv_do(). Meanwhile the loop serves others; the
 * connection is suspended. The context may hold what ends asynchronously, and is closed by
 * di_await_close().
 *
 * Everything here is for the loop's thread, which is that of the scheduler.
 */

#include "integrations/fiber/fiber.h"
#include "integrations/microhttpd/microhttpd.h"
#include "integrations/uv/uv.h"

#ifdef __cplusplus
extern "C" {
#endif

struct di_mhd_uv;

/**
 * Serves requests on port, where 0 lets the system pick one, in contexts below parent. It keeps the
 * loop alive until it is stopped.
 *
 * options are copied; their dispatcher is not to be set. parent, uv and fibers, which mostly are of
 * di_uv_fibers_new(), are borrowed until it is stopped. further are further options of
 * libmicrohttpd, as for di_mhd_start().
 *
 * Returns it, to be ended by di_mhd_uv_stop(), or NULL: what di_mhd_new() says; DI_EINVAL (no uv,
 * no fibers, a dispatcher); DI_ECREATE, with the errno that kept libmicrohttpd from starting or
 * what libuv says; DI_ENOMEM.
 */
DI_API struct di_mhd_uv *di_mhd_uv_start(struct di_context *parent,
					 const struct di_mhd_options *options, struct di_uv *uv,
					 struct di_fiber_scheduler *fibers, uint16_t port,
					 const struct MHD_OptionItem *further,
					 struct di_error *err);

/** The port that it listens on. */
DI_API uint16_t di_mhd_uv_port(const struct di_mhd_uv *web);

/** Is told that nothing of it is left: 0, or ETIMEDOUT where something was cut off. */
typedef void di_mhd_uv_stopped_fn(void *data, int cause);

/**
 * Stops serving: no new connections, and what is under way gets grace_ms milliseconds.
 *
 * Then what is not answered is cut off, its context closed as DI_CANCELLED, and fibers in which
 * handlers run are cancelled, see di_fiber_cancel(), and waited for. In the end stopped is called,
 * once and later; it may be NULL. To be called once.
 */
DI_API void di_mhd_uv_stop(struct di_mhd_uv *web, unsigned grace_ms, di_mhd_uv_stopped_fn *stopped,
			   void *data);

#ifdef __cplusplus
}
#endif

#endif
