/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_MICROHTTPD_UV_WEB_H
#define DI_MICROHTTPD_UV_WEB_H

/**
 * What serves requests on a loop, and the handlers that run. Private to the integration.
 */

#include "integrations/microhttpd_uv/microhttpd_uv.h"

/** A request whose handler runs, or is about to. */
struct di__mhd_run {
	struct di__mhd_run *next, **link;
	struct di_mhd_uv *web;
	struct di_mhd_job *job;
	struct di_fiber *fiber;
};

struct di_mhd_uv {
	struct di_mhd *mhd;
	struct MHD_Daemon *daemon;
	struct di_uv *uv;
	struct di_fiber_scheduler *fibers;
	struct di__mhd_run *runs;
	uv_poll_t poll;   /* what libmicrohttpd watches */
	uv_timer_t timer; /* when it wants to be called at the latest */
	uv_timer_t grace; /* while it is being stopped */
	unsigned handles; /* of these, that are not closed yet */
	int stopping;
	int cause;           /* what stopped is told */
	MHD_socket listener; /* from then on */
	di_mhd_uv_stopped_fn *stopped;
	void *data;
};

/* ---- run.c ---- */

/** Runs handlers in fibers; data is the struct di_mhd_uv. */
struct di_mhd_dispatcher di__mhd_uv_dispatcher(struct di_mhd_uv *web);
/** Cancels the fibers in which handlers run. */
void di__mhd_uv_cancel(struct di_mhd_uv *web);

/* ---- web.c ---- */

/** A handler has ended: goes on with stopping, if that is what is being waited for. */
void di__mhd_uv_ended(struct di_mhd_uv *web);

#endif
