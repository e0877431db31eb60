/* SPDX-License-Identifier: MIT */
#include "integrations/uv/loop.h"

/*
 * Gets that call back on the loop. The get is asked with the loop's executor, whatever executor the
 * flow has, and holds what it asks until its task has run there.
 */

struct get {
	struct di_uv_request request;
	struct di_get get;
	uv_timer_t timer;
	int has_timer;
	di_get_fn *callback;
	void *value;
};

static void on_timer_closed(uv_handle_t *handle)
{
	di__uv_request_free(handle->data);
}

static void end(struct get *get)
{
	if (get->has_timer)
		uv_close((uv_handle_t *)&get->timer, on_timer_closed);
	else
		di__uv_request_free(&get->request);
}

static void deliver(struct di_uv_request *request, const struct di_error *error)
{
	struct get *get = (struct get *)(void *)request;

	get->callback(request->data, error ? NULL : get->value, error);
}

static void on_answer(void *data, void *value, const struct di_error *error)
{
	struct get *get = data;

	di__uv_request_done(&get->request);
	get->value = value;
	di__uv_call_back(&get->request, deliver, error);
	end(get);
}

static void on_timeout(uv_timer_t *timer)
{
	struct get *get = timer->data;

	di_get_expire(get->get);
}

static int cancel(struct di_uv_request *request)
{
	return di_get_cancel(((struct get *)(void *)request)->get);
}

static void start_timer(struct get *get, uint64_t timeout_ms)
{
	get->has_timer = 1;
	get->timer.data = get;
	uv_timer_init(get->request.uv->loop, &get->timer);
	uv_update_time(get->request.uv->loop);
	uv_timer_start(&get->timer, on_timeout, timeout_ms, 0);
}

struct di_uv_request *di_uv_get(struct di_uv *uv, struct di_context *context,
				const struct di_provider *provider, uint64_t timeout_ms,
				di_get_fn *callback, void *data, struct di_error *err)
{
	struct get *get = di__uv_request_new(uv, sizeof(*get), 1, callback != NULL, err);

	if (!get)
		return NULL;
	get->request.cancel = cancel;
	get->request.data = data;
	get->callback = callback;
	di__uv_request_open(&get->request);
	get->get = di_get_async_on(&uv->executor, context, provider, on_answer, get, err);
	if (get->get.number == 0) {
		di__uv_request_free(&get->request);
		return NULL;
	}
	if (timeout_ms > 0)
		start_timer(get, timeout_ms);
	return &get->request;
}
