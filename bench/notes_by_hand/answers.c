/* SPDX-License-Identifier: MIT */
#include "bench/notes_by_hand/answers.h"
#include "bench/notes_by_hand/reply.h"

#include "samples/notes/json.h"
#include "samples/notes/query.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NOTES_PER_PAGE = 100,
	NOTES_PER_PAGE_MAX = 1000
};

static const struct intent reading = { .writes = 0 };
static const struct intent writing = { .writes = 1 };

/* Returns whether there is a session now; else the reply says why. */
static int begin(struct request *request, const struct intent *intent)
{
	int rc = session_begin(&request->session, request->service->store, intent);

	if (rc)
		reply_failure(request, rc);
	return rc == 0;
}

static void explain(struct request *request, int rc)
{
	if (rc == ENOENT)
		reply_error(request, MHD_HTTP_NOT_FOUND, "no such note");
	else
		reply_failure(request, rc);
}

/* Replies with a note, which is released. */
static void show(struct request *request, unsigned status, struct note *note)
{
	reply_json(request, status, json_from_note(note));
	note_release(note);
}

void get_health(struct request *request)
{
	reply_json(request, MHD_HTTP_OK, json_pack("{s:s}", "status", "ok"));
}

/* Reads an argument of the query, if it is there. Returns whether it is a fit number then. */
static int query_number(const struct request *request, const char *name, int64_t least,
			int64_t most, int64_t *out)
{
	const char *text = NULL;
	char *end;
	int64_t value;

	if (!MHD_lookup_connection_value_n(request->connection, MHD_GET_ARGUMENT_KIND, name,
					   strlen(name), &text, NULL))
		return 1;
	if (!text)
		return 0;
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

static int read_page(struct request *request, const struct page *page, json_t *array)
{
	struct query *query;
	int rc = query_new(&query, request->session);

	if (rc)
		return rc;
	query_from(query, page);
	rc = query_each(query, request->user.name, append, array);
	query_free(query);
	return rc;
}

static void list_page(struct request *request, const struct page *page)
{
	json_t *array;
	int rc;

	if (!begin(request, &reading))
		return;
	array = json_array();
	rc = read_page(request, page, array);
	if (rc == 0) {
		reply_json(request, MHD_HTTP_OK, json_pack("{s:o}", "notes", array));
		return;
	}
	json_decref(array);
	explain(request, rc);
}

void get_notes(struct request *request)
{
	int64_t after = 0;
	int64_t limit = NOTES_PER_PAGE;

	if (!query_number(request, "after", 0, INT64_MAX, &after))
		reply_error(request, MHD_HTTP_BAD_REQUEST, "after is not the id of a note");
	else if (!query_number(request, "limit", 1, NOTES_PER_PAGE_MAX, &limit))
		reply_error(request, MHD_HTTP_BAD_REQUEST, "limit is not from 1 to 1000");
	else
		list_page(request, &(struct page){ .after = after, .limit = (int)limit });
}

static int find(struct request *request, int64_t id, struct note *out)
{
	return request->session->ops->find(request->session, request->user.name, id, out);
}

void get_note(struct request *request)
{
	struct note note;
	int rc;

	if (!begin(request, &reading))
		return;
	rc = find(request, request->id, &note);
	if (rc)
		explain(request, rc);
	else
		show(request, MHD_HTTP_OK, &note);
}

static int store_draft(struct request *request, const struct draft *draft, int64_t *id)
{
	const struct session_ops *ops = request->session->ops;
	const int64_t now = request->service->clock->now(request->service->clock);

	if (!request->id)
		return ops->add(request->session, request->user.name, draft, now, id);
	*id = request->id;
	return ops->change(request->session, request->user.name, *id, draft, now);
}

static void save_draft(struct request *request, const struct draft *draft)
{
	char location[64];
	struct note note;
	int64_t id;
	int rc;

	if (!begin(request, &writing))
		return;
	rc = store_draft(request, draft, &id);
	if (rc == 0)
		rc = find(request, id, &note);
	if (rc) {
		explain(request, rc);
	} else if (request->id) {
		show(request, MHD_HTTP_OK, &note);
	} else {
		show(request, MHD_HTTP_CREATED, &note);
		snprintf(location, sizeof(location), "/notes/%" PRId64, id);
		reply_header(request, MHD_HTTP_HEADER_LOCATION, location);
	}
}

void save_note(struct request *request)
{
	struct draft draft;
	struct reason reason;
	json_t *document = json_to_draft(&draft, request->body ? request->body : "",
					 request->body_size, &reason);

	if (!document)
		reply_error(request, MHD_HTTP_BAD_REQUEST, reason.text);
	else if (draft_fault(&draft))
		reply_error(request, MHD_HTTP_BAD_REQUEST, draft_fault(&draft));
	else
		save_draft(request, &draft);
	json_decref(document);
}

void delete_note(struct request *request)
{
	int rc;

	if (!begin(request, &writing))
		return;
	rc = request->session->ops->remove(request->session, request->user.name, request->id);
	if (rc)
		explain(request, rc);
	else
		reply_status(request, MHD_HTTP_NO_CONTENT);
}
