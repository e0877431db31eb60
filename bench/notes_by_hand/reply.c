/* SPDX-License-Identifier: MIT */
#include "bench/notes_by_hand/reply.h"

#include "samples/notes/json.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void take(struct request *request, unsigned status, struct MHD_Response *response)
{
	if (request->response)
		MHD_destroy_response(request->response);
	request->status = status;
	request->response = response;
}

void reply_json(struct request *request, unsigned status, json_t *document)
{
	char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;
	struct MHD_Response *response = NULL;

	json_decref(document);
	if (text) {
		response =
			MHD_create_response_from_buffer(strlen(text), text, MHD_RESPMEM_MUST_FREE);
	}
	take(request, status, response);
	reply_header(request, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
}

void reply_error(struct request *request, unsigned status, const char *text)
{
	reply_json(request, status, json_from_error(text));
}

void reply_too_large(struct request *request)
{
	char text[64];

	snprintf(text, sizeof(text), "the body is larger than %zu bytes",
		 request->service->config.http.max_body);
	reply_error(request, MHD_HTTP_CONTENT_TOO_LARGE, text);
}

void reply_failure(struct request *request, int rc)
{
	if (rc == EBUSY) {
		reply_error(request, MHD_HTTP_SERVICE_UNAVAILABLE,
			    "the database is busy, try again");
		reply_header(request, MHD_HTTP_HEADER_RETRY_AFTER, "1");
		return;
	}
	fprintf(stderr, "notes: %s %s: %s\n", request->method, request->url, strerror(rc));
	reply_error(request, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal error");
}

void reply_status(struct request *request, unsigned status)
{
	take(request, status, MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
}

void reply_header(struct request *request, const char *name, const char *value)
{
	if (!request->response || MHD_add_response_header(request->response, name, value))
		return;
	MHD_destroy_response(request->response);
	request->response = NULL;
}
