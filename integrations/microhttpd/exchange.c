/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/exchange.h"

struct di__mhd_exchange *di__mhd_exchange_new(struct di_mhd *mhd)
{
	const struct di_allocator *allocator = mhd->options.allocator;
	struct di__mhd_exchange *exchange;

	if (!di__mhd_begun(mhd))
		return NULL;
	exchange = di__mhd_allocate(allocator, sizeof(*exchange));
	if (exchange)
		*exchange =
			(struct di__mhd_exchange){ .mhd = mhd, .body = { .allocator = allocator } };
	else
		di__mhd_ended(mhd);
	return exchange;
}

void di__mhd_exchange_free(struct di__mhd_exchange *exchange)
{
	struct di_mhd *mhd = exchange->mhd;

	if (exchange->context)
		di_context_close(exchange->context, DI_CANCELLED, NULL);
	if (exchange->response)
		MHD_destroy_response(exchange->response);
	di__mhd_buffer_release(&exchange->body);
	di__mhd_release(mhd->options.allocator, exchange, sizeof(*exchange));
	di__mhd_ended(mhd);
}

/* Whether an error of closing has changed nothing: the completion notice tries again. */
static int is_still_open(enum di_status status)
{
	return status == DI_EBUSY || status == DI_EAGAIN || status == DI_ENOMEM ||
	       status == DI_ETHREAD;
}

enum di_status di__mhd_exchange_close(struct di__mhd_exchange *exchange, enum di_outcome outcome,
				      struct di_error *err)
{
	const struct di_mhd_dispatcher *dispatcher = &exchange->mhd->options.dispatcher;
	enum di_status status =
		dispatcher->close
			? dispatcher->close(dispatcher->data, exchange->context, outcome, err)
			: di_context_close(exchange->context, outcome, err);

	if (!is_still_open(status))
		exchange->context = NULL;
	return status;
}
