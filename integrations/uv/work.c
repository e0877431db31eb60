/* SPDX-License-Identifier: MIT */
#include "integrations/uv/loop.h"

struct work {
	struct di_uv_request request;
	uv_work_t work;
	di_uv_work_fn *function;
	di_uv_fn *after;
	struct di_error error; /* why function was not called, or what it has left open */
};

static void run(void *data)
{
	struct work *work = data;

	work->function(work->request.data);
}

static void in_pool(uv_work_t *handle)
{
	struct work *work = handle->data;

	di_flow_run(work->request.capture, run, work, &work->error);
}

static void call(struct di_uv_request *request, const struct di_error *error)
{
	((struct work *)(void *)request)->after(request->data, error);
}

static void on_done(uv_work_t *handle, int status)
{
	struct work *work = handle->data;

	if (status == UV_ECANCELED)
		di__uv_fail(&work->error, DI_ECANCELLED, "the work was cancelled before it began");
	di__uv_request_done(&work->request);
	di__uv_call_back(&work->request, call, work->error.status != DI_OK ? &work->error : NULL);
	di__uv_request_free(&work->request);
}

static int cancel(struct di_uv_request *request)
{
	return uv_cancel((uv_req_t *)&((struct work *)(void *)request)->work) == 0;
}

struct di_uv_request *di_uv_work(struct di_uv *uv, di_uv_work_fn *function, di_uv_fn *after,
				 void *data, struct di_error *err)
{
	struct work *work = di__uv_request_new(uv, sizeof(*work), 1, function && after, err);

	if (!work)
		return NULL;
	work->request.cancel = cancel;
	work->request.data = data;
	work->work.data = work;
	work->function = function;
	work->after = after;
	uv_queue_work(uv->loop, &work->work, in_pool, on_done);
	di__uv_request_open(&work->request);
	return &work->request;
}
