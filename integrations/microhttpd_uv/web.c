/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd_uv/web.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* ---- Ending. ---- */

static void on_closed(uv_handle_t *handle)
{
	struct di_mhd_uv *web = handle->data;
	di_mhd_uv_stopped_fn *stopped = web->stopped;
	void *data = web->data;
	int cause = web->cause;

	if (--web->handles > 0)
		return;
	di_mhd_free(web->mhd);
	free(web);
	if (stopped != NULL)
		stopped(data, cause);
}

static void close_handles(struct di_mhd_uv *web)
{
	uv_close((uv_handle_t *)&web->poll, on_closed);
	uv_close((uv_handle_t *)&web->timer, on_closed);
	uv_close((uv_handle_t *)&web->grace, on_closed);
}

/* No handler runs. */
static void finish(struct di_mhd_uv *web)
{
	/* The loop lets go of what it watches before that is closed. */
	close_handles(web);
	MHD_stop_daemon(web->daemon);
	web->daemon = NULL;
	if (web->listener != MHD_INVALID_SOCKET)
		close(web->listener);
}

/* What is under way is answered, or its time is over. */
static void finish_if_done(struct di_mhd_uv *web)
{
	if (!web->stopping || web->daemon == NULL || web->runs != NULL)
		return;
	if (di_mhd_drain(web->mhd, 0) == 0 || web->cause != 0)
		finish(web);
}

/* ---- Driving libmicrohttpd. ---- */

static void on_time(uv_timer_t *timer);

/* Until it has nothing to do at once; then it says how long that will be so. */
static void drive(struct di_mhd_uv *web)
{
	MHD_UNSIGNED_LONG_LONG ms;

	MHD_run(web->daemon);
	if (MHD_get_timeout(web->daemon, &ms) == MHD_YES)
		uv_timer_start(&web->timer, on_time, ms, 0);
	else
		uv_timer_stop(&web->timer);
	finish_if_done(web);
}

static void on_time(uv_timer_t *timer)
{
	drive(timer->data);
}

static void on_events(uv_poll_t *poll, int status, int events)
{
	(void)status;
	(void)events;
	drive(poll->data);
}

/* In the loop, and not in the fiber that has ended. */
void di__mhd_uv_ended(struct di_mhd_uv *web)
{
	uv_timer_start(&web->timer, on_time, 0, 0);
}

static void on_grace(uv_timer_t *timer)
{
	struct di_mhd_uv *web = timer->data;

	finish_if_done(web);
	if (web->daemon == NULL)
		return;
	web->cause = ETIMEDOUT;
	di__mhd_uv_cancel(web);
	finish_if_done(web);
}

void di_mhd_uv_stop(struct di_mhd_uv *web, unsigned grace_ms, di_mhd_uv_stopped_fn *stopped,
		    void *data)
{
	web->stopping = 1;
	web->stopped = stopped;
	web->data = data;
	web->listener = MHD_quiesce_daemon(web->daemon);
	/* From now on replies tell their clients to leave. */
	di_mhd_drain(web->mhd, 0);
	uv_timer_start(&web->grace, on_grace, grace_ms, 0);
	uv_timer_start(&web->timer, on_time, 0, 0);
}

/* ---- Beginning. ---- */

static void refuse(struct di_error *err, enum di_status status, int cause, const char *detail)
{
	if (err == NULL)
		return;
	*err = (struct di_error){ .status = status, .cause = cause };
	snprintf(err->detail, sizeof(err->detail), "%s", detail);
}

static int begin_daemon(struct di_mhd_uv *web, uint16_t port, const struct MHD_OptionItem *further)
{
	static const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

	errno = 0;
	web->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, port, NULL, NULL,
				       di_mhd_access, web->mhd, MHD_OPTION_NOTIFY_COMPLETED,
				       di_mhd_completed, web->mhd, MHD_OPTION_ARRAY,
				       further != NULL ? further : none, MHD_OPTION_END);
	if (web->daemon != NULL)
		return 0;
	return errno != 0 ? errno : EIO;
}

static int begin_watching(struct di_mhd_uv *web)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	uv_loop_t *loop = di_uv_loop(web->uv);
	int rc = uv_poll_init(loop, &web->poll, info->epoll_fd);

	if (rc != 0)
		return -rc;
	uv_timer_init(loop, &web->timer);
	uv_timer_init(loop, &web->grace);
	web->poll.data = web->timer.data = web->grace.data = web;
	web->handles = 3;
	rc = uv_poll_start(&web->poll, UV_READABLE, on_events);
	if (rc == 0)
		return 0;
	close_handles(web);
	return -rc;
}

/* Frees what was not served with; handles do that later. */
static void give_up(struct di_mhd_uv *web)
{
	if (web->daemon != NULL)
		MHD_stop_daemon(web->daemon);
	if (web->handles > 0)
		return;
	di_mhd_free(web->mhd);
	free(web);
}

static struct di_mhd_uv *make(struct di_context *parent, const struct di_mhd_options *options,
			      struct di_error *err)
{
	struct di_mhd_uv *web = calloc(1, sizeof(*web));
	struct di_mhd_options own = *options;

	if (web == NULL) {
		refuse(err, DI_ENOMEM, 0, "di_mhd_uv_start()");
		return NULL;
	}
	own.dispatcher = di__mhd_uv_dispatcher(web);
	web->mhd = di_mhd_new(parent, &own, err);
	web->listener = MHD_INVALID_SOCKET;
	if (web->mhd != NULL)
		return web;
	free(web);
	return NULL;
}

struct di_mhd_uv *di_mhd_uv_start(struct di_context *parent, const struct di_mhd_options *options,
				  struct di_uv *uv, struct di_fiber_scheduler *fibers,
				  uint16_t port, const struct MHD_OptionItem *further,
				  struct di_error *err)
{
	struct di_mhd_uv *web;
	int cause;

	if (options == NULL || uv == NULL || fibers == NULL ||
	    options->dispatcher.dispatch != NULL) {
		refuse(err, DI_EINVAL, 0,
		       options != NULL && options->dispatcher.dispatch != NULL
			       ? "fibers are the dispatcher of di_mhd_uv_start()"
			       : "di_mhd_uv_start() needs options, a di_uv and fibers");
		return NULL;
	}
	web = make(parent, options, err);
	if (web == NULL)
		return NULL;
	web->uv = uv;
	web->fibers = fibers;
	cause = begin_daemon(web, port, further);
	if (cause == 0)
		cause = begin_watching(web);
	if (cause == 0) {
		drive(web);
		return web;
	}
	give_up(web);
	refuse(err, DI_ECREATE, cause, "serving cannot begin");
	return NULL;
}

uint16_t di_mhd_uv_port(const struct di_mhd_uv *web)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(web->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info->port;
}
