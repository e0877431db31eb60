/* SPDX-License-Identifier: MIT */
#include "integrations/uv/loop.h"

#include <string.h>

void *di__uv_request_make(struct di_uv *uv, size_t size, int with_contexts, struct di_error *err)
{
	struct di_uv_request *request = di__uv_allocate(uv, size);

	if (!request) {
		di__uv_fail(err, DI_ENOMEM, "for a request of the loop");
		return NULL;
	}
	memset(request, 0, size);
	request->uv = uv;
	request->size = size;
	request->capture = with_contexts ? di_flow_capture_contexts(err) : di_flow_capture(err);
	if (request->capture)
		return request;
	di__uv_release(uv, request, size);
	return NULL;
}

void di__uv_request_unmake(struct di_uv_request *request)
{
	di_capture_free(request->capture);
	di__uv_release(request->uv, request, request->size);
}

void *di__uv_request_new(struct di_uv *uv, size_t size, int with_contexts, int has_callback,
			 struct di_error *err)
{
	if (!uv || !has_callback) {
		di__uv_fail(err, DI_EINVAL, uv ? "there is no callback" : "there is no di_uv");
		return NULL;
	}
	if (uv->closing) {
		di__uv_fail(err, DI_ECLOSED, "the di_uv is being closed");
		return NULL;
	}
	return di__uv_request_make(uv, size, with_contexts, err);
}

void di__uv_request_open(struct di_uv_request *request)
{
	struct di_uv *uv = request->uv;

	request->next = uv->open;
	request->link = &uv->open;
	if (request->next)
		request->next->link = &request->next;
	uv->open = request;
	uv->requests++;
	di__uv_update(uv);
}

void di__uv_request_done(struct di_uv_request *request)
{
	if (!request->link)
		return;
	*request->link = request->next;
	if (request->next)
		request->next->link = request->link;
	request->link = NULL;
}

void di__uv_request_free(struct di_uv_request *request)
{
	struct di_uv *uv = request->uv;

	di__uv_request_done(request);
	di__uv_request_unmake(request);
	uv->requests--;
	di__uv_update(uv);
}

int di_uv_cancel(struct di_uv_request *request)
{
	return request && request->cancel(request);
}

/* ---- Calling back ---- */

struct run {
	struct di_uv_request *request;
	di__uv_call_fn *function;
	const struct di_error *error;
	int called;
};

static void call(void *data)
{
	struct run *run = data;

	run->called = 1;
	run->function(run->request, run->error);
}

void di__uv_call_back(struct di_uv_request *request, di__uv_call_fn *function,
		      const struct di_error *error)
{
	struct run run = { request, function, error, 0 };
	struct di_error err = { 0 };

	di_flow_run(request->capture, call, &run, &err);
	if (run.called)
		return;
	if (!error)
		run.error = &err;
	di_flow_run_values(request->capture, call, &run, NULL);
}
