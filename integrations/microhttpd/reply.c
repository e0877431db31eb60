/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/reply.h"

#include <errno.h>
#include <string.h>

void di__mhd_reply_init(struct di_mhd_reply *reply, const struct di_allocator *allocator,
			unsigned status)
{
	*reply = (struct di_mhd_reply){
		.status = status,
		.body = { .allocator = allocator },
		.headers = { .allocator = allocator },
		.type = { .allocator = allocator },
	};
}

void di__mhd_reply_release(struct di_mhd_reply *reply)
{
	di__mhd_buffer_release(&reply->body);
	di__mhd_buffer_release(&reply->headers);
	di__mhd_buffer_release(&reply->type);
}

void di__mhd_reply_reset(struct di_mhd_reply *reply, unsigned status)
{
	const struct di_allocator *allocator = reply->body.allocator;

	di__mhd_reply_release(reply);
	di__mhd_reply_init(reply, allocator, status);
}

/* Others libmicrohttpd does not send, or sends as the promise of a further reply. */
static int can_be_sent(const struct di_mhd_reply *reply)
{
	return !reply->broken && reply->status >= 200 && reply->status <= 999;
}

enum di_outcome di__mhd_reply_judge(const struct di_mhd_reply *reply)
{
	if (!can_be_sent(reply))
		return DI_FAILED;
	if (reply->outcome_said)
		return reply->outcome;
	return reply->status < 400 ? DI_DONE : DI_FAILED;
}

void di_mhd_reply_status(struct di_mhd_reply *reply, unsigned status)
{
	reply->status = status;
}

void di_mhd_reply_outcome(struct di_mhd_reply *reply, enum di_outcome outcome)
{
	reply->outcome_said = 1;
	reply->outcome = outcome;
}

static int append(struct di_mhd_reply *reply, struct di__mhd_buffer *buffer, const void *data,
		  size_t size)
{
	if (di__mhd_buffer_append(buffer, data, size) == 0)
		return 0;
	reply->broken = 1;
	return ENOMEM;
}

int di_mhd_reply_body(struct di_mhd_reply *reply, const char *type, const void *body, size_t size)
{
	di__mhd_buffer_release(&reply->body);
	di__mhd_buffer_release(&reply->type);
	if (type && append(reply, &reply->type, type, strlen(type)))
		return ENOMEM;
	return append(reply, &reply->body, body, size);
}

int di_mhd_reply_header(struct di_mhd_reply *reply, const char *name, const char *value)
{
	if (append(reply, &reply->headers, name, strlen(name) + 1))
		return ENOMEM;
	return append(reply, &reply->headers, value, strlen(value) + 1);
}

static int add_headers(struct MHD_Response *response, const struct di_mhd_reply *reply)
{
	const char *at = reply->headers.data;
	const char *end = at ? at + reply->headers.size : NULL;

	if (reply->type.data &&
	    !MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type.data))
		return ENOMEM;
	while (at != end) {
		const char *value = at + strlen(at) + 1;

		if (!MHD_add_response_header(response, at, value))
			return EINVAL;
		at = value + strlen(value) + 1;
	}
	return 0;
}

struct MHD_Response *di__mhd_reply_build(const struct di_mhd_reply *reply)
{
	struct MHD_Response *response;

	if (!can_be_sent(reply))
		return NULL;
	response = MHD_create_response_from_buffer(reply->body.size, reply->body.data,
						   MHD_RESPMEM_MUST_COPY);
	if (response && add_headers(response, reply)) {
		MHD_destroy_response(response);
		response = NULL;
	}
	return response;
}
