/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/microhttpd.h"
#include "integrations/microhttpd/buffer.h"
#include "integrations/microhttpd/reply.h"
#include "integrations/microhttpd/service.h"

#include "di/flow.h"

#include <errno.h>
#include <string.h>

static const struct di_error no_memory = { .status = DI_ENOMEM };

/* A request and what is kept for it, from its headers to its completion notice. */
struct exchange {
	struct di_mhd_request http;
	struct di_context *context; /* NULL once it is closed */
	struct di__mhd_buffer body;
	int body_error; /* 0, EFBIG or ENOMEM: the rest of the body is swallowed */
};

const char *di_mhd_header(const struct di_mhd_request *http, const char *name)
{
	return MHD_lookup_connection_value(http->connection, MHD_HEADER_KIND, name);
}

const char *di_mhd_query(const struct di_mhd_request *http, const char *name)
{
	const char *value = NULL;

	if (!MHD_lookup_connection_value_n(http->connection, MHD_GET_ARGUMENT_KIND, name,
					   strlen(name), &value, NULL))
		return NULL;
	return value ? value : "";
}

static void fail(const struct di_mhd *mhd, const struct exchange *exchange,
		 struct di_mhd_reply *reply, unsigned status, const struct di_error *error)
{
	const char *text;

	di__mhd_reply_reset(reply, status);
	if (mhd->options.failed) {
		mhd->options.failed(mhd->options.data, &exchange->http, error, reply);
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

static enum MHD_Result queue(const struct di_mhd *mhd, const struct exchange *exchange,
			     struct di_mhd_reply *reply, struct MHD_Response *response)
{
	enum MHD_Result result;

	if (!response) {
		di__mhd_reply_reset(reply, MHD_HTTP_INTERNAL_SERVER_ERROR);
		response = build(mhd, reply);
	}
	if (!response)
		return MHD_NO;
	result = MHD_queue_response(exchange->http.connection, reply->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum di_status handle(const struct di_mhd *mhd, const struct exchange *exchange,
			     struct di_mhd_reply *reply, struct di_error *err)
{
	struct di_context *context = exchange->context;
	enum di_status status = di_context_enter(context, err);
	enum di_status left;

	if (status != DI_OK)
		return status;
	status = mhd->options.handle(mhd->options.data, context, &exchange->http, reply, err);
	left = di_context_leave(context, status == DI_OK ? err : NULL);
	if (status == DI_OK)
		return left;
	if (err->status == DI_OK)
		err->status = status;
	return status;
}

static void run(const struct di_mhd *mhd, const struct exchange *exchange,
		struct di_mhd_reply *reply)
{
	struct di_error err = { 0 };

	if (exchange->body_error == EFBIG)
		fail(mhd, exchange, reply, MHD_HTTP_CONTENT_TOO_LARGE, NULL);
	else if (exchange->body_error)
		fail(mhd, exchange, reply, MHD_HTTP_INTERNAL_SERVER_ERROR, &no_memory);
	else if (handle(mhd, exchange, reply, &err) != DI_OK)
		fail(mhd, exchange, reply, MHD_HTTP_INTERNAL_SERVER_ERROR, &err);
	else
		return;
	di_mhd_reply_outcome(reply, DI_FAILED);
}

static enum di_status close_context(struct exchange *exchange, enum di_outcome outcome,
				    struct di_error *err)
{
	enum di_status status = di_context_close(exchange->context, outcome, err);

	/* Only a context that is in use is still there after an error. */
	if (status != DI_EBUSY)
		exchange->context = NULL;
	return status;
}

/*
 * The response is built before the context is closed: what cannot be told to the client is not
 * committed. It is queued after: what is told has been committed.
 */
static enum MHD_Result answer(const struct di_mhd *mhd, struct exchange *exchange)
{
	struct di_error err = { 0 };
	struct di_mhd_reply reply;
	struct MHD_Response *response;
	enum di_outcome outcome;
	enum MHD_Result result;

	di__mhd_reply_init(&reply, mhd->options.allocator, MHD_HTTP_OK);
	run(mhd, exchange, &reply);
	response = build(mhd, &reply);
	outcome = response ? di__mhd_reply_judge(&reply) : DI_FAILED;
	if (close_context(exchange, outcome, &err) != DI_OK) {
		if (response)
			MHD_destroy_response(response);
		fail(mhd, exchange, &reply, MHD_HTTP_INTERNAL_SERVER_ERROR, &err);
		response = build(mhd, &reply);
	}
	result = queue(mhd, exchange, &reply, response);
	di__mhd_reply_release(&reply);
	return result;
}

static enum MHD_Result refuse(const struct di_mhd *mhd, const struct exchange *exchange,
			      const struct di_error *err)
{
	struct di_mhd_reply reply;
	enum MHD_Result result;

	di__mhd_reply_init(&reply, mhd->options.allocator, MHD_HTTP_OK);
	fail(mhd, exchange, &reply, MHD_HTTP_INTERNAL_SERVER_ERROR, err);
	result = queue(mhd, exchange, &reply, build(mhd, &reply));
	di__mhd_reply_release(&reply);
	return result;
}

static void keep(struct exchange *exchange, const char *url, const char *method,
		 const char *version, struct MHD_Connection *connection)
{
	exchange->http = (struct di_mhd_request){
		.method = method,
		.url = url,
		.version = version,
		.body = exchange->body.data ? exchange->body.data : "",
		.body_size = exchange->body.size,
		.connection = connection,
	};
}

static void collect(const struct di_mhd *mhd, struct exchange *exchange, const char *piece,
		    size_t size)
{
	if (exchange->body_error)
		return;
	if (size > mhd->options.body_limit - exchange->body.size)
		exchange->body_error = EFBIG;
	else
		exchange->body_error = di__mhd_buffer_append(&exchange->body, piece, size);
	if (exchange->body_error)
		di__mhd_buffer_release(&exchange->body);
}

static enum MHD_Result begin(struct di_mhd *mhd, struct exchange *exchange)
{
	struct di_error err = { 0 };

	exchange->context = di_context_open(mhd->parent, mhd->options.scope, &err);
	return exchange->context ? MHD_YES : refuse(mhd, exchange, &err);
}

static struct exchange *exchange_new(struct di_mhd *mhd)
{
	const struct di_allocator *allocator = mhd->options.allocator;
	struct exchange *exchange;

	if (!di__mhd_begun(mhd))
		return NULL;
	exchange = di__mhd_allocate(allocator, sizeof(*exchange));
	if (exchange)
		*exchange = (struct exchange){ .body = { .allocator = allocator } };
	else
		di__mhd_ended(mhd);
	return exchange;
}

static void exchange_free(struct di_mhd *mhd, struct exchange *exchange)
{
	di__mhd_buffer_release(&exchange->body);
	di__mhd_release(mhd->options.allocator, exchange, sizeof(*exchange));
	di__mhd_ended(mhd);
}

enum MHD_Result di_mhd_access(void *service, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	struct di_mhd *mhd = service;
	struct exchange *exchange = *state;

	if (exchange && *upload_size) {
		collect(mhd, exchange, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	if (exchange) {
		keep(exchange, url, method, version, connection);
		return answer(mhd, exchange);
	}
	exchange = exchange_new(mhd);
	if (!exchange)
		return MHD_NO;
	*state = exchange;
	keep(exchange, url, method, version, connection);
	return begin(mhd, exchange);
}

void di_mhd_completed(void *service, struct MHD_Connection *connection, void **state,
		      enum MHD_RequestTerminationCode reason)
{
	struct di_mhd *mhd = service;
	struct exchange *exchange = *state;

	(void)connection;
	(void)reason;
	/* libmicrohttpd completes requests too that never got as far as the access handler. */
	if (!exchange)
		return;
	*state = NULL;
	if (exchange->context)
		close_context(exchange, DI_CANCELLED, NULL);
	exchange_free(mhd, exchange);
}
