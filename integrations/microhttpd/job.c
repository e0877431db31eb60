/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/exchange.h"

/* A job is an exchange in other hands. */

static struct di__mhd_exchange *exchange_of(const struct di_mhd_job *job)
{
	return (struct di__mhd_exchange *)(uintptr_t)job;
}

/* What has been resumed may be freed at once. */
static void resume(struct di__mhd_exchange *exchange)
{
	struct di_mhd *mhd = exchange->mhd;

	MHD_resume_connection(exchange->http.connection);
	di__mhd_job_ended(mhd);
}

enum MHD_Result di__mhd_dispatch(struct di__mhd_exchange *exchange)
{
	const struct di_mhd_dispatcher *dispatcher = &exchange->mhd->options.dispatcher;
	struct di_error err = { 0 };
	enum di_status status;

	if (!di__mhd_job_begun(exchange->mhd))
		return MHD_NO;
	/* Before: it may be resumed before the dispatcher returns. */
	MHD_suspend_connection(exchange->http.connection);
	status =
		dispatcher->dispatch(dispatcher->data, (struct di_mhd_job *)(void *)exchange, &err);
	if (status == DI_OK)
		return MHD_YES;
	if (err.status == DI_OK)
		err.status = status;
	di__mhd_refuse(exchange, &err);
	resume(exchange);
	return MHD_YES;
}

void di_mhd_job_run(struct di_mhd_job *job)
{
	struct di__mhd_exchange *exchange = exchange_of(job);

	di__mhd_answer(exchange);
	resume(exchange);
}

struct di_context *di_mhd_job_context(const struct di_mhd_job *job)
{
	return exchange_of(job)->context;
}

const struct di_mhd_request *di_mhd_job_request(const struct di_mhd_job *job)
{
	return &exchange_of(job)->http;
}
