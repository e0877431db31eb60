/* SPDX-License-Identifier: MIT */
#include "samples/notes/reply.h"
#include "samples/notes/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void reply_json(struct di_mhd_reply *reply, unsigned status, json_t *document)
{
	char *text = document ? json_dumps(document, JSON_COMPACT) : NULL;

	json_decref(document);
	if (text) {
		di_mhd_reply_status(reply, status);
		di_mhd_reply_body(reply, "application/json", text, strlen(text));
	} else {
		di_mhd_reply_status(reply, MHD_HTTP_INTERNAL_SERVER_ERROR);
	}
	free(text);
}

void reply_error(struct di_mhd_reply *reply, unsigned status, const char *text)
{
	reply_json(reply, status, json_from_error(text));
}

void reply_busy(struct di_mhd_reply *reply)
{
	di_mhd_reply_header(reply, MHD_HTTP_HEADER_RETRY_AFTER, "1");
	reply_error(reply, MHD_HTTP_SERVICE_UNAVAILABLE, "the database is busy, try again");
}

void reply_internal(struct di_mhd_reply *reply, const struct di_mhd_request *http,
		    const char *reason)
{
	fprintf(stderr, "notes: %s %s: %s\n", http->method, http->url, reason);
	reply_error(reply, MHD_HTTP_INTERNAL_SERVER_ERROR, "internal error");
}
