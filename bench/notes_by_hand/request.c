/* SPDX-License-Identifier: MIT */
#include "bench/notes_by_hand/request.h"
#include "bench/notes_by_hand/answers.h"
#include "bench/notes_by_hand/reply.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int grow(struct request *request, size_t wanted)
{
	size_t capacity = request->body_capacity > 256 ? request->body_capacity : 256;
	char *body;

	while (capacity < wanted)
		capacity *= 2;
	body = realloc(request->body, capacity);
	if (!body)
		return ENOMEM;
	request->body = body;
	request->body_capacity = capacity;
	return 0;
}

static void collect(struct request *request, const char *piece, size_t size)
{
	const size_t wanted = request->body_size + size + 1;

	if (request->body_error)
		return;
	if (size > request->service->config.http.max_body - request->body_size)
		request->body_error = EFBIG;
	else if (wanted > request->body_capacity)
		request->body_error = grow(request, wanted);
	if (request->body_error)
		return;
	memcpy(request->body + request->body_size, piece, size);
	request->body_size += size;
	request->body[request->body_size] = '\0';
}

static int end_session(struct request *request, enum di_outcome outcome)
{
	struct session *session = request->session;

	request->session = NULL;
	return session ? session_end(session, outcome) : 0;
}

/* What cannot be told is not committed; what is told has been committed. */
static void finish(struct request *request)
{
	const int good = request->response && request->status < 400;
	int rc = end_session(request, good ? DI_DONE : DI_FAILED);

	if (rc)
		reply_failure(request, rc);
}

static enum MHD_Result send_reply(struct request *request)
{
	enum MHD_Result result;

	if (!request->response) {
		request->status = MHD_HTTP_INTERNAL_SERVER_ERROR;
		request->response =
			MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	}
	if (!request->response)
		return MHD_NO;
	if (atomic_load_explicit(&request->service->draining, memory_order_relaxed))
		reply_header(request, MHD_HTTP_HEADER_CONNECTION, "close");
	result = MHD_queue_response(request->connection, request->status, request->response);
	MHD_destroy_response(request->response);
	request->response = NULL;
	return result;
}

static enum MHD_Result begin(struct service *service, struct MHD_Connection *connection,
			     const char *url, const char *method, void **state)
{
	struct request *request;

	if (!service_begun(service))
		return MHD_NO;
	request = calloc(1, sizeof(*request));
	if (!request) {
		service_ended(service);
		return MHD_NO;
	}
	request->service = service;
	request->connection = connection;
	request->url = url;
	request->method = method;
	*state = request;
	return MHD_YES;
}

enum MHD_Result request_access(void *service, struct MHD_Connection *connection, const char *url,
			       const char *method, const char *version, const char *upload,
			       size_t *upload_size, void **state)
{
	struct request *request = *state;

	(void)version;
	if (!request)
		return begin(service, connection, url, method, state);
	if (*upload_size) {
		collect(request, upload, *upload_size);
		*upload_size = 0;
		return MHD_YES;
	}
	if (request->body_error == EFBIG)
		reply_too_large(request);
	else if (request->body_error)
		reply_failure(request, request->body_error);
	else
		answer(request);
	finish(request);
	return send_reply(request);
}

void request_completed(void *service, struct MHD_Connection *connection, void **state,
		       enum MHD_RequestTerminationCode reason)
{
	struct request *request = *state;

	(void)connection;
	(void)reason;
	if (!request)
		return;
	*state = NULL;
	free(request->body);
	free(request);
	service_ended(service);
}
