/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/exchange.h"

#include <errno.h>
#include <string.h>

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

static void keep(struct di__mhd_exchange *exchange, const char *url, const char *method,
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

static void collect(const struct di_mhd *mhd, struct di__mhd_exchange *exchange, const char *piece,
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

/* What could not even be told is cut off. */
static enum MHD_Result queue(struct di__mhd_exchange *exchange)
{
	struct MHD_Response *response = exchange->response;
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	exchange->response = NULL;
	result = MHD_queue_response(exchange->http.connection, exchange->status, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result begin(struct di__mhd_exchange *exchange)
{
	const struct di_mhd *mhd = exchange->mhd;
	struct di_error err = { 0 };

	exchange->context = di_context_open(mhd->parent, mhd->options.scope, &err);
	if (exchange->context)
		return MHD_YES;
	di__mhd_refuse(exchange, &err);
	return queue(exchange);
}

/* The request is whole; or it was, and its answer is there. */
static enum MHD_Result reply(struct di__mhd_exchange *exchange)
{
	if (atomic_load_explicit(&exchange->answered, memory_order_acquire))
		return queue(exchange);
	if (exchange->mhd->options.dispatcher.dispatch)
		return di__mhd_dispatch(exchange);
	di__mhd_answer(exchange);
	return queue(exchange);
}

enum MHD_Result di_mhd_access(void *service, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	struct di_mhd *mhd = service;
	struct di__mhd_exchange *exchange = *state;

	if (exchange && *upload_size) {
		collect(mhd, exchange, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	if (exchange) {
		keep(exchange, url, method, version, connection);
		return reply(exchange);
	}
	exchange = di__mhd_exchange_new(mhd);
	if (!exchange)
		return MHD_NO;
	*state = exchange;
	keep(exchange, url, method, version, connection);
	return begin(exchange);
}

void di_mhd_completed(void *service, struct MHD_Connection *connection, void **state,
		      enum MHD_RequestTerminationCode reason)
{
	struct di__mhd_exchange *exchange = *state;

	(void)service;
	(void)connection;
	(void)reason;
	/* libmicrohttpd completes requests too that never got as far as the access handler. */
	if (!exchange)
		return;
	*state = NULL;
	di__mhd_exchange_free(exchange);
}
