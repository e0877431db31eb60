/* SPDX-License-Identifier: MIT */
#include "integrations/uv/loop.h"

#include <errno.h>

/*
 * Work for constructors and finalizers. They run on whatever thread brings that about, so that work
 * is queued by a task of the loop; and those who wait for a value may cancel on any thread, so that
 * its work is looked for under the lock, and cancelled by a task.
 */

struct di__uv_call {
	struct di_uv_request request;
	struct di_task beginning, cancellation;
	uv_work_t work;
	struct di_call *call; /* perhaps complete: then only to be compared */
	di_uv_work_fn *function;
	di_uv_complete_fn *complete;
	int cause;
	int done;
	/* Under the lock: */
	struct di__uv_call *next, **link;
	int cancelling; /* 1: its cancellation is posted */
};

static struct di__uv_call *call_of(void *member, size_t offset)
{
	return (struct di__uv_call *)(void *)((char *)member - offset);
}

static void run(void *data)
{
	struct di__uv_call *it = data;

	it->function(it->request.data);
}

static void in_pool(uv_work_t *work)
{
	struct di__uv_call *it = work->data;

	di_flow_run(it->request.capture, run, it, NULL);
}

static void unlink_call(struct di__uv_call *it)
{
	*it->link = it->next;
	if (it->next)
		it->next->link = it->link;
}

static void complete(struct di_uv_request *request, const struct di_error *error)
{
	struct di__uv_call *it = (struct di__uv_call *)(void *)request;

	(void)error;
	it->complete(it->call, request->data, it->cause);
}

/* Its memory stays while its cancellation is a task. */
static void end(struct di__uv_call *it, int cause)
{
	struct di_uv *uv = it->request.uv;
	int cancelling;

	pthread_mutex_lock(&uv->lock);
	unlink_call(it);
	cancelling = it->cancelling;
	pthread_mutex_unlock(&uv->lock);
	it->done = 1;
	it->cause = cause;
	di__uv_call_back(&it->request, complete, NULL);
	if (!cancelling)
		di__uv_request_free(&it->request);
}

static void on_done(uv_work_t *work, int status)
{
	end(work->data, status == UV_ECANCELED ? ECANCELED : 0);
}

/* Who closes waits for it, and cancels gets. */
static int cannot_cancel(struct di_uv_request *request)
{
	(void)request;
	return 0;
}

static void begin(struct di_task *task)
{
	struct di__uv_call *it = call_of(task, offsetof(struct di__uv_call, beginning));

	it->request.cancel = cannot_cancel;
	di__uv_request_open(&it->request);
	if (it->request.uv->ending)
		end(it, ECANCELED);
	else
		uv_queue_work(it->request.uv->loop, &it->work, in_pool, on_done);
}

static void cancel(struct di_task *task)
{
	struct di__uv_call *it = call_of(task, offsetof(struct di__uv_call, cancellation));
	struct di_uv *uv = it->request.uv;

	pthread_mutex_lock(&uv->lock);
	it->cancelling = 0;
	pthread_mutex_unlock(&uv->lock);
	if (it->done)
		di__uv_request_free(&it->request);
	else
		uv_cancel((uv_req_t *)&it->work);
}

/* Of calls at one address only the newest is not complete. */
static void on_cancel(void *data, struct di_call *call)
{
	struct di_uv *uv = data;
	struct di__uv_call *it;

	pthread_mutex_lock(&uv->lock);
	it = uv->calls;
	while (it && it->call != call)
		it = it->next;
	if (it && !it->cancelling) {
		it->cancelling = 1;
		di__uv_post(uv, &it->cancellation);
	}
	pthread_mutex_unlock(&uv->lock);
}

/* Returns whether it was posted: what is being closed begins nothing more. */
static int post(struct di_uv *uv, struct di__uv_call *it)
{
	int posted;

	pthread_mutex_lock(&uv->lock);
	posted = !uv->closing;
	if (posted) {
		it->next = uv->calls;
		it->link = &uv->calls;
		if (it->next)
			it->next->link = &it->next;
		uv->calls = it;
		di__uv_post(uv, &it->beginning);
	}
	pthread_mutex_unlock(&uv->lock);
	return posted;
}

int di_uv_call_work(struct di_uv *uv, struct di_call *call, di_uv_work_fn *function,
		    di_uv_complete_fn *completer, void *data)
{
	struct di__uv_call *it;

	if (!uv || !call || !function || !completer)
		return EINVAL;
	it = di__uv_request_make(uv, sizeof(*it), 0, NULL);
	if (!it)
		return ENOMEM;
	it->beginning.run = begin;
	it->cancellation.run = cancel;
	it->work.data = it;
	it->call = call;
	it->function = function;
	it->complete = completer;
	it->request.data = data;
	if (post(uv, it)) {
		di_call_on_cancel(call, on_cancel, uv);
		return DI_PENDING;
	}
	di__uv_request_unmake(&it->request);
	return ECANCELED;
}
