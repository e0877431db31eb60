/* SPDX-License-Identifier: MIT */
#include "integrations/uv/loop.h"

#include "containers/container.h"

/*
 * What is begun with a callback that is told how it ended: on the thread that ends it, from where
 * it is taken to the loop.
 */

struct done {
	struct di_uv_request request;
	struct di_task task;
	di_done_fn *callback;
	struct di_error error;
};

static void call(struct di_uv_request *request, const struct di_error *error)
{
	struct done *done = (struct done *)(void *)request;

	done->callback(request->data, error ? error->status : DI_OK, error);
}

static void on_loop(struct di_task *task)
{
	struct done *done = (struct done *)(void *)((char *)task - offsetof(struct done, task));

	di__uv_request_done(&done->request);
	di__uv_call_back(&done->request, call, done->error.status != DI_OK ? &done->error : NULL);
	di__uv_request_free(&done->request);
}

static void on_done(void *data, enum di_status status, const struct di_error *error)
{
	struct done *done = data;

	if (status != DI_OK)
		done->error = *error;
	done->task.run = on_loop;
	done->request.uv->executor.post(&done->request.uv->executor, &done->task);
}

static int cannot_cancel(struct di_uv_request *request)
{
	(void)request;
	return 0;
}

static struct done *begin(struct di_uv *uv, di_done_fn *callback, void *data, struct di_error *err)
{
	struct done *done = di__uv_request_new(uv, sizeof(*done), 0, callback != NULL, err);

	if (!done)
		return NULL;
	done->request.cancel = cannot_cancel;
	done->request.data = data;
	done->callback = callback;
	di__uv_request_open(&done->request);
	return done;
}

static enum di_status begun(struct done *done, enum di_status status)
{
	if (status != DI_OK)
		di__uv_request_free(&done->request);
	return status;
}

/* Why there is no request. */
static enum di_status refused(const struct di_error *own, struct di_error *err)
{
	if (err)
		*err = *own;
	return own->status;
}

enum di_status di_uv_start(struct di_uv *uv, struct di_container *container, di_done_fn *callback,
			   void *data, struct di_error *err)
{
	struct di_error own;
	struct done *done = begin(uv, callback, data, &own);

	if (!done)
		return refused(&own, err);
	return begun(done, di_container_start_async(container, on_done, done, err));
}

enum di_status di_uv_context_close(struct di_uv *uv, struct di_context *context,
				   enum di_outcome outcome, di_done_fn *callback, void *data,
				   struct di_error *err)
{
	struct di_error own;
	struct done *done = begin(uv, callback, data, &own);

	if (!done)
		return refused(&own, err);
	return begun(done, di_context_close_async(context, outcome, on_done, done, err));
}

enum di_status di_uv_container_free(struct di_uv *uv, struct di_container *container,
				    di_done_fn *callback, void *data, struct di_error *err)
{
	struct di_error own;
	struct done *done = begin(uv, callback, data, &own);

	if (!done)
		return refused(&own, err);
	return begun(done, di_container_free_async(container, on_done, done, err));
}
