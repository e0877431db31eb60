/* SPDX-License-Identifier: MIT */
#include "integrations/uv/loop.h"

struct timer {
	struct di_uv_request request;
	uv_timer_t handle;
	di_uv_fn *callback;
	int repeats;
};

static void call(struct di_uv_request *request, const struct di_error *error)
{
	((struct timer *)(void *)request)->callback(request->data, error);
}

static void on_closed(uv_handle_t *handle)
{
	di__uv_request_free(handle->data);
}

static void on_cancelled(uv_handle_t *handle)
{
	struct timer *timer = handle->data;
	struct di_error err = { 0 };

	di__uv_fail(&err, DI_ECANCELLED, "the timer was cancelled");
	di__uv_call_back(&timer->request, call, &err);
	on_closed(handle);
}

static void on_timer(uv_timer_t *handle)
{
	struct timer *timer = handle->data;

	if (!timer->repeats)
		di__uv_request_done(&timer->request);
	di__uv_call_back(&timer->request, call, NULL);
	if (!timer->repeats)
		uv_close((uv_handle_t *)handle, on_closed);
}

static int cancel(struct di_uv_request *request)
{
	struct timer *timer = (struct timer *)(void *)request;

	if (!request->link)
		return 0;
	di__uv_request_done(request);
	uv_close((uv_handle_t *)&timer->handle, on_cancelled);
	return 1;
}

struct di_uv_request *di_uv_timer(struct di_uv *uv, uint64_t after_ms, uint64_t repeat_ms,
				  di_uv_fn *callback, void *data, struct di_error *err)
{
	struct timer *timer = di__uv_request_new(uv, sizeof(*timer), 1, callback != NULL, err);

	if (!timer)
		return NULL;
	timer->request.cancel = cancel;
	timer->request.data = data;
	timer->callback = callback;
	timer->repeats = repeat_ms > 0;
	timer->handle.data = timer;
	uv_timer_init(uv->loop, &timer->handle);
	uv_update_time(uv->loop);
	uv_timer_start(&timer->handle, on_timer, after_ms, repeat_ms);
	di__uv_request_open(&timer->request);
	return &timer->request;
}
