/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd_uv/web.h"

#include "di/await.h"

#include <stdlib.h>

static void unlink_run(struct di__mhd_run *run)
{
	*run->link = run->next;
	if (run->next != NULL)
		run->next->link = run->link;
}

static void link_run(struct di_mhd_uv *web, struct di__mhd_run *run)
{
	run->next = web->runs;
	run->link = &web->runs;
	if (run->next != NULL)
		run->next->link = &run->next;
	web->runs = run;
}

static void *serve(void *data)
{
	struct di__mhd_run *run = data;
	struct di_mhd_uv *web = run->web;

	di_mhd_job_run(run->job);
	unlink_run(run);
	free(run);
	di__mhd_uv_ended(web);
	return NULL;
}

static enum di_status dispatch(void *data, struct di_mhd_job *job, struct di_error *err)
{
	const struct di_fiber_options detached = { .abi = DI_ABI, .detached = 1 };
	struct di_mhd_uv *web = data;
	struct di__mhd_run *run;

	/* The grace is over, and those that ran then have been cancelled: no more of them. */
	if (web->cause != 0)
		return DI_ECLOSED;
	run = malloc(sizeof(*run));
	if (run == NULL)
		return DI_ENOMEM;
	*run = (struct di__mhd_run){ .web = web, .job = job };
	run->fiber = di_fiber_spawn(web->fibers, serve, run, &detached, err);
	if (run->fiber == NULL) {
		free(run);
		return err->status;
	}
	link_run(web, run);
	return DI_OK;
}

static enum di_status close_context(void *data, struct di_context *context, enum di_outcome outcome,
				    struct di_error *err)
{
	(void)data;
	return di_await_close(context, outcome, err);
}

struct di_mhd_dispatcher di__mhd_uv_dispatcher(struct di_mhd_uv *web)
{
	return (struct di_mhd_dispatcher){ dispatch, close_context, web };
}

void di__mhd_uv_cancel(struct di_mhd_uv *web)
{
	const struct di__mhd_run *run;

	for (run = web->runs; run != NULL; run = run->next)
		di_fiber_cancel(run->fiber);
}
