/* SPDX-License-Identifier: MIT */
#include "samples/notes/answers.h"
#include "samples/notes/handlers.h"
#include "samples/notes/json.h"
#include "samples/notes/reply.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NOTES_PER_PAGE = 100,
	NOTES_PER_PAGE_MAX = 1000
};

enum di_status refuse(struct exchange *exchange, unsigned status, const char *text)
{
	reply_error(exchange->reply, status, text);
	return DI_OK;
}

/* Replies with what a handler's result means where it is not 0. */
static enum di_status explain(struct exchange *exchange, int result, const struct draft *draft)
{
	switch (result) {
	case ENOENT:
		return refuse(exchange, MHD_HTTP_NOT_FOUND, "no such note");
	case EINVAL:
		return refuse(exchange, MHD_HTTP_BAD_REQUEST, draft_fault(draft));
	case EBUSY:
		reply_busy(exchange->reply);
		return DI_OK;
	default:
		reply_internal(exchange->reply, exchange->http, strerror(result));
		return DI_OK;
	}
}

/* Replies with a note, which is released. */
static enum di_status show(struct exchange *exchange, unsigned status, struct note *note)
{
	reply_json(exchange->reply, status, json_from_note(note));
	note_release(note);
	return DI_OK;
}

enum di_status get_health(struct exchange *exchange)
{
	reply_json(exchange->reply, MHD_HTTP_OK, json_pack("{s:s}", "status", "ok"));
	return DI_OK;
}

/* Reads an argument of the query, if it is there. Returns whether it is a fit number then. */
static int query_number(const struct exchange *exchange, const char *name, int64_t least,
			int64_t most, int64_t *out)
{
	const char *text = di_mhd_query(exchange->http, name);
	char *end;
	int64_t value;

	if (!text)
		return 1;
	errno = 0;
	value = strtoll(text, &end, 10);
	if (errno || end == text || *end || value < least || value > most)
		return 0;
	*out = value;
	return 1;
}

static int append(void *array, const struct note *note)
{
	return json_array_append_new(array, json_from_note(note)) ? ENOMEM : 0;
}

static enum di_status list_page(struct exchange *exchange, const struct page *page)
{
	json_t *array = json_array();
	int result;
	enum di_status status =
		notes_list(exchange->context, &result, page, append, array, exchange->err);

	if (status == DI_OK && result == 0) {
		reply_json(exchange->reply, MHD_HTTP_OK, json_pack("{s:o}", "notes", array));
		return DI_OK;
	}
	json_decref(array);
	return status == DI_OK ? explain(exchange, result, NULL) : status;
}

enum di_status get_notes(struct exchange *exchange)
{
	int64_t after = 0;
	int64_t limit = NOTES_PER_PAGE;

	if (!query_number(exchange, "after", 0, INT64_MAX, &after))
		return refuse(exchange, MHD_HTTP_BAD_REQUEST, "after is not the id of a note");
	if (!query_number(exchange, "limit", 1, NOTES_PER_PAGE_MAX, &limit))
		return refuse(exchange, MHD_HTTP_BAD_REQUEST, "limit is not from 1 to 1000");
	return list_page(exchange, &(struct page){ .after = after, .limit = (int)limit });
}

enum di_status get_note(struct exchange *exchange)
{
	struct note note;
	int result;
	enum di_status status =
		notes_read(exchange->context, &result, exchange->id, &note, exchange->err);

	if (status != DI_OK)
		return status;
	return result ? explain(exchange, result, NULL) : show(exchange, MHD_HTTP_OK, &note);
}

static enum di_status save_draft(struct exchange *exchange, const struct draft *draft)
{
	struct note note;
	char location[64];
	enum di_status status;
	int result;

	if (exchange->id) {
		status = notes_change(exchange->context, &result, exchange->id, draft, &note,
				      exchange->err);
	} else {
		status = notes_add(exchange->context, &result, draft, &note, exchange->err);
	}
	if (status != DI_OK)
		return status;
	if (result)
		return explain(exchange, result, draft);
	if (exchange->id)
		return show(exchange, MHD_HTTP_OK, &note);
	snprintf(location, sizeof(location), "/notes/%" PRId64, note.id);
	di_mhd_reply_header(exchange->reply, MHD_HTTP_HEADER_LOCATION, location);
	return show(exchange, MHD_HTTP_CREATED, &note);
}

enum di_status save_note(struct exchange *exchange)
{
	const struct di_mhd_request *http = exchange->http;
	struct draft draft;
	struct reason reason;
	json_t *document = json_to_draft(&draft, http->body, http->body_size, &reason);
	enum di_status status;

	if (!document)
		return refuse(exchange, MHD_HTTP_BAD_REQUEST, reason.text);
	status = save_draft(exchange, &draft);
	json_decref(document);
	return status;
}

enum di_status delete_note(struct exchange *exchange)
{
	int result;
	enum di_status status =
		notes_remove(exchange->context, &result, exchange->id, exchange->err);

	if (status != DI_OK)
		return status;
	if (result)
		return explain(exchange, result, NULL);
	di_mhd_reply_status(exchange->reply, MHD_HTTP_NO_CONTENT);
	return DI_OK;
}
