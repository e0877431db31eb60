/* SPDX-License-Identifier: MIT */
#include "integrations/uv/loop.h"

#include <stdio.h>
#include <stdlib.h>

void *di__uv_allocate(const struct di_uv *uv, size_t size)
{
	return uv->allocator ? uv->allocator->allocate(size, uv->allocator->data) : malloc(size);
}

void di__uv_release(const struct di_uv *uv, void *memory, size_t size)
{
	if (uv->allocator)
		uv->allocator->release(memory, size, uv->allocator->data);
	else
		free(memory);
}

enum di_status di__uv_fail(struct di_error *err, enum di_status status, const char *detail)
{
	if (err) {
		*err = (struct di_error){ .status = status };
		snprintf(err->detail, sizeof(err->detail), "%s", detail);
	}
	return status;
}

/* ---- Tasks ---- */

void di__uv_post(struct di_uv *uv, struct di_task *task)
{
	int was_empty = uv->first == NULL;

	task->next = NULL;
	*uv->end = task;
	uv->end = &task->next;
	/* Under the lock, so that whoever has seen the task run knows that nobody is in here. */
	if (was_empty)
		uv_async_send(&uv->async);
}

static void post(struct di_executor *executor, struct di_task *task)
{
	struct di_uv *uv = (struct di_uv *)(void *)executor;

	pthread_mutex_lock(&uv->lock);
	di__uv_post(uv, task);
	pthread_mutex_unlock(&uv->lock);
}

static struct di_task *take_all(struct di_uv *uv)
{
	struct di_task *first;

	pthread_mutex_lock(&uv->lock);
	first = uv->first;
	uv->first = NULL;
	uv->end = &uv->first;
	pthread_mutex_unlock(&uv->lock);
	return first;
}

static void run_all(struct di_uv *uv)
{
	struct di_task *task = take_all(uv);

	while (task) {
		struct di_task *next = task->next;

		task->run(task);
		task = next;
	}
}

static void on_async(uv_async_t *async)
{
	struct di_uv *uv = async->data;

	run_all(uv);
	di__uv_update(uv);
}

/* ---- Life ---- */

static int has_tasks(struct di_uv *uv)
{
	int has;

	pthread_mutex_lock(&uv->lock);
	has = uv->first != NULL;
	pthread_mutex_unlock(&uv->lock);
	return has;
}

static void free_uv(struct di_uv *uv)
{
	const struct di_uv own = *uv;

	pthread_mutex_destroy(&uv->lock);
	di__uv_release(&own, uv, sizeof(*uv));
}

static void on_closed(uv_handle_t *handle)
{
	struct di_uv *uv = handle->data;
	di_uv_closed_fn *closed = uv->closed;
	void *data = uv->data;

	while (has_tasks(uv))
		run_all(uv);
	free_uv(uv);
	if (closed)
		closed(data);
}

void di__uv_update(struct di_uv *uv)
{
	if (uv->ending)
		return;
	if (uv->closing && uv->requests == 0) {
		uv->ending = 1;
		uv_close((uv_handle_t *)&uv->async, on_closed);
	} else if (uv->requests > 0 || uv->refs > 0 || has_tasks(uv)) {
		uv_ref((uv_handle_t *)&uv->async);
	} else {
		uv_unref((uv_handle_t *)&uv->async);
	}
}

static enum di_status begin(struct di_uv *uv, struct di_error *err)
{
	int rc = uv_async_init(uv->loop, &uv->async, on_async);

	if (rc != 0) {
		di__uv_fail(err, DI_ECREATE, "uv_async_init() has failed");
		if (err)
			err->cause = -rc;
		return DI_ECREATE;
	}
	uv->async.data = uv;
	uv->executor.post = post;
	uv->end = &uv->first;
	pthread_mutex_init(&uv->lock, NULL);
	uv_unref((uv_handle_t *)&uv->async);
	return DI_OK;
}

struct di_uv *di_uv_new(uv_loop_t *loop, const struct di_uv_options *options, struct di_error *err)
{
	struct di_uv own = { .loop = loop };
	struct di_uv *uv;

	if (!loop) {
		di__uv_fail(err, DI_EINVAL, "di_uv_new() needs a loop");
		return NULL;
	}
	if (options && options->abi != DI_ABI) {
		di__uv_fail(err, DI_EABI, "set abi of the options of di_uv_new() to DI_ABI");
		return NULL;
	}
	if (options)
		own.allocator = options->allocator;
	uv = di__uv_allocate(&own, sizeof(*uv));
	if (!uv) {
		di__uv_fail(err, DI_ENOMEM, "di_uv_new()");
		return NULL;
	}
	*uv = own;
	if (begin(uv, err) == DI_OK)
		return uv;
	di__uv_release(&own, uv, sizeof(*uv));
	return NULL;
}

void di_uv_close(struct di_uv *uv, di_uv_closed_fn *closed, void *data)
{
	struct di_uv_request *request, *next;

	if (!uv || uv->closing)
		return;
	if (di_flow_executor(NULL) == &uv->executor)
		di_flow_set_executor(NULL, NULL);
	pthread_mutex_lock(&uv->lock);
	uv->closing = 1;
	pthread_mutex_unlock(&uv->lock);
	uv->closed = closed;
	uv->data = data;
	for (request = uv->open; request; request = next) {
		next = request->next;
		request->cancel(request);
	}
	di__uv_update(uv);
}

uv_loop_t *di_uv_loop(const struct di_uv *uv)
{
	return uv->loop;
}

struct di_executor *di_uv_executor(struct di_uv *uv)
{
	return &uv->executor;
}

void di_uv_ref(struct di_uv *uv)
{
	uv->refs++;
	di__uv_update(uv);
}

void di_uv_unref(struct di_uv *uv)
{
	if (uv->refs > 0)
		uv->refs--;
	di__uv_update(uv);
}
