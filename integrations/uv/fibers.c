/* SPDX-License-Identifier: MIT */
#include "integrations/uv/fibers.h"
#include "integrations/uv/loop.h"

struct di_uv_fibers {
	struct di_uv *uv;
	struct di_uv_turns *turns;
	struct di_fiber_scheduler *scheduler;
};

/* The loop stays alive as long as there are fibers. */
static enum di_uv_turn run(void *data)
{
	struct di_uv_fibers *fibers = data;

	if (di_fiber_run_ready(fibers->scheduler))
		return DI_UV_AGAIN;
	return di_fiber_count(fibers->scheduler) > 0 ? DI_UV_WAIT : DI_UV_DONE;
}

static void release(struct di_uv_fibers *fibers)
{
	di_uv_turns_free(fibers->turns);
	di__uv_release(fibers->uv, fibers, sizeof(*fibers));
}

static enum di_status begin(struct di_uv_fibers *fibers,
			    const struct di_fiber_scheduler_options *options, struct di_error *err)
{
	struct di_fiber_scheduler_options own = { .abi = DI_ABI };

	if (options != NULL)
		own = *options;
	fibers->turns = di_uv_turns_new(fibers->uv, run, fibers, err);
	if (fibers->turns == NULL)
		return DI_ENOMEM;
	own.loop = (struct di_fiber_loop){ di_uv_turns_wake, fibers->turns };
	fibers->scheduler = di_fiber_scheduler_new(&own, err);
	return fibers->scheduler != NULL ? DI_OK : DI_ENOMEM;
}

struct di_uv_fibers *di_uv_fibers_new(struct di_uv *uv,
				      const struct di_fiber_scheduler_options *options,
				      struct di_error *err)
{
	struct di_uv_fibers *fibers;

	if (uv == NULL) {
		di__uv_fail(err, DI_EINVAL, "fibers need a loop");
		return NULL;
	}
	fibers = di__uv_allocate(uv, sizeof(*fibers));
	if (fibers == NULL) {
		di__uv_fail(err, DI_ENOMEM, "for running fibers");
		return NULL;
	}
	*fibers = (struct di_uv_fibers){ .uv = uv };
	if (begin(fibers, options, err) == DI_OK)
		return fibers;
	release(fibers);
	return NULL;
}

struct di_fiber_scheduler *di_uv_fibers_scheduler(struct di_uv_fibers *fibers)
{
	return fibers->scheduler;
}

enum di_status di_uv_fibers_free(struct di_uv_fibers *fibers, struct di_error *err)
{
	enum di_status status;

	if (fibers == NULL)
		return DI_OK;
	status = di_fiber_scheduler_free(fibers->scheduler, err);
	if (status == DI_OK)
		release(fibers);
	return status;
}

/* ---- What fibers wait for. ---- */

/* On the C stack of the fiber, which does not go on before it is answered. */
struct wait {
	struct di_fiber *fiber;
	struct di_error *err;
	enum di_status status;
	int answered;
};

static void answer(void *data, const struct di_error *error)
{
	struct wait *wait = data;

	wait->answered = 1;
	wait->status = error != NULL ? error->status : DI_OK;
	if (error != NULL && wait->err != NULL)
		*wait->err = *error;
	di_fiber_resume(wait->fiber);
}

/*
 * Waits for the answer, also where the fiber is cancelled. Returns whether it was, in vain. What
 * resumes the fiber for another reason is kept for who suspends it for that.
 */
static int wait_for(struct wait *wait, struct di_uv_request *request)
{
	int in_vain = 0, resumed = 0;

	while (!wait->answered) {
		if (di_fiber_suspend(NULL) == DI_OK)
			resumed |= !wait->answered;
		else if (wait->answered || !di_uv_cancel(request))
			in_vain = 1;
	}
	if (resumed)
		di_fiber_resume(wait->fiber);
	return in_vain;
}

static enum di_status outside(struct di_error *err)
{
	return di__uv_fail(err, DI_EINVAL, "only a fiber can wait for this");
}

enum di_status di_uv_sleep(struct di_uv *uv, uint64_t ms, struct di_error *err)
{
	struct wait wait = { .fiber = di_fiber_current(), .err = err };
	struct di_error own = { 0 };
	struct di_uv_request *request;

	if (wait.fiber == NULL)
		return outside(err);
	request = di_uv_timer(uv, ms, 0, answer, &wait, err != NULL ? err : &own);
	if (request == NULL)
		return err != NULL ? err->status : own.status;
	if (wait_for(&wait, request))
		di_fiber_cancel(wait.fiber);
	return wait.status;
}

struct work {
	struct wait wait; /* first */
	di_uv_work_fn *function;
	void *data;
};

static void do_work(void *data)
{
	const struct work *work = data;

	work->function(work->data);
}

enum di_status di_uv_do(struct di_uv *uv, di_uv_work_fn *function, void *data, struct di_error *err)
{
	struct work work = { { .fiber = di_fiber_current(), .err = err }, function, data };
	struct di_error own = { 0 };
	struct di_uv_request *request;

	if (work.wait.fiber == NULL)
		return outside(err);
	if (function == NULL)
		return di__uv_fail(err, DI_EINVAL, "there is no function to call");
	request = di_uv_work(uv, do_work, answer, &work, err != NULL ? err : &own);
	if (request == NULL)
		return err != NULL ? err->status : own.status;
	if (wait_for(&work.wait, request))
		di_fiber_cancel(work.wait.fiber);
	return work.wait.status;
}
