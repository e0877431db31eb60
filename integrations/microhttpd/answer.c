/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/exchange.h"
#include "integrations/microhttpd/reply.h"

#include "di/flow.h"

#include <errno.h>
#include <string.h>

static const struct di_error no_memory = { .status = DI_ENOMEM };

static void fail(const struct di__mhd_exchange *exchange, struct di_mhd_reply *reply,
		 unsigned status, const struct di_error *error)
{
	const struct di_mhd_options *options = &exchange->mhd->options;
	const char *text;

	di__mhd_reply_reset(reply, status);
	if (options->failed) {
		options->failed(options->data, &exchange->http, error, reply);
		return;
	}
	text = MHD_get_reason_phrase_for(status);
	di_mhd_reply_body(reply, "text/plain", text, strlen(text));
}

static struct MHD_Response *build(const struct di_mhd *mhd, const struct di_mhd_reply *reply)
{
	struct MHD_Response *response = di__mhd_reply_build(reply);

	/* A client that keeps its connection would keep a draining service from ending. */
	if (response && di__mhd_draining(mhd))
		MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close");
	return response;
}

/* What could not be built becomes an empty 500, if that can be. */
static void finish(struct di__mhd_exchange *exchange, struct di_mhd_reply *reply,
		   struct MHD_Response *response)
{
	if (!response) {
		di__mhd_reply_reset(reply, MHD_HTTP_INTERNAL_SERVER_ERROR);
		response = build(exchange->mhd, reply);
	}
	exchange->response = response;
	exchange->status = reply->status;
	di__mhd_reply_release(reply);
	atomic_store_explicit(&exchange->answered, 1, memory_order_release);
}

static enum di_status handle(const struct di__mhd_exchange *exchange, struct di_mhd_reply *reply,
			     struct di_error *err)
{
	const struct di_mhd_options *options = &exchange->mhd->options;
	struct di_context *context = exchange->context;
	enum di_status status = di_context_enter(context, err);
	enum di_status left;

	if (status != DI_OK)
		return status;
	status = options->handle(options->data, context, &exchange->http, reply, err);
	left = di_context_leave(context, status == DI_OK ? err : NULL);
	if (status == DI_OK)
		return left;
	if (err->status == DI_OK)
		err->status = status;
	return status;
}

static void run(const struct di__mhd_exchange *exchange, struct di_mhd_reply *reply)
{
	struct di_error err = { 0 };

	if (exchange->body_error == EFBIG)
		fail(exchange, reply, MHD_HTTP_CONTENT_TOO_LARGE, NULL);
	else if (exchange->body_error)
		fail(exchange, reply, MHD_HTTP_INTERNAL_SERVER_ERROR, &no_memory);
	else if (handle(exchange, reply, &err) != DI_OK)
		fail(exchange, reply, MHD_HTTP_INTERNAL_SERVER_ERROR, &err);
	else
		return;
	di_mhd_reply_outcome(reply, DI_FAILED);
}

/*
 * The response is built before the context is closed: what cannot be told to the client is not
 * committed. It is queued after: what is told has been committed.
 */
void di__mhd_answer(struct di__mhd_exchange *exchange)
{
	struct di_error err = { 0 };
	struct di_mhd_reply reply;
	struct MHD_Response *response;
	enum di_outcome outcome;

	di__mhd_reply_init(&reply, exchange->mhd->options.allocator, MHD_HTTP_OK);
	run(exchange, &reply);
	response = build(exchange->mhd, &reply);
	outcome = response ? di__mhd_reply_judge(&reply) : DI_FAILED;
	if (di__mhd_exchange_close(exchange, outcome, &err) != DI_OK) {
		if (response)
			MHD_destroy_response(response);
		fail(exchange, &reply, MHD_HTTP_INTERNAL_SERVER_ERROR, &err);
		response = build(exchange->mhd, &reply);
	}
	finish(exchange, &reply, response);
}

void di__mhd_refuse(struct di__mhd_exchange *exchange, const struct di_error *err)
{
	struct di_mhd_reply reply;

	if (exchange->context)
		di__mhd_exchange_close(exchange, DI_FAILED, NULL);
	di__mhd_reply_init(&reply, exchange->mhd->options.allocator, MHD_HTTP_OK);
	fail(exchange, &reply, MHD_HTTP_INTERNAL_SERVER_ERROR, err);
	finish(exchange, &reply, build(exchange->mhd, &reply));
}
