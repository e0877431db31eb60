/* SPDX-License-Identifier: MIT */
#include "samples/notes/json.h"

#include <stdio.h>

/* Jansson's text may quote bytes of the input that are no UTF-8: those cannot be sent back. */
static void explain(struct reason *reason, const json_error_t *error)
{
	const char *text = error->text;
	json_t *sendable = json_string(text);

	if (!sendable)
		text = "not UTF-8";
	json_decref(sendable);
	snprintf(reason->text, sizeof(reason->text), "malformed JSON at line %d, column %d: %s",
		 error->line, error->column, text);
}

/* Returns 0, or -1 with the reason. */
static int read_string(const json_t *object, const char *name, const char **out,
		       struct reason *reason)
{
	const json_t *value = json_object_get(object, name);

	if (!value && *out)
		return 0;
	if (json_is_string(value)) {
		*out = json_string_value(value);
		return 0;
	}
	snprintf(reason->text, sizeof(reason->text), value ? "%s is not a string" : "%s is missing",
		 name);
	return -1;
}

json_t *json_to_draft(struct draft *out, const char *body, size_t size, struct reason *reason)
{
	struct draft draft = { .title = NULL, .text = "" };
	json_error_t error;
	json_t *document = json_loadb(body, size, JSON_REJECT_DUPLICATES, &error);

	if (!document) {
		explain(reason, &error);
		return NULL;
	}
	if (!json_is_object(document)) {
		snprintf(reason->text, sizeof(reason->text), "the body is not a JSON object");
	} else if (read_string(document, "title", &draft.title, reason) == 0 &&
		   read_string(document, "text", &draft.text, reason) == 0) {
		*out = draft;
		return document;
	}
	json_decref(document);
	return NULL;
}

json_t *json_from_note(const struct note *note)
{
	return json_pack("{s:I, s:s, s:s, s:I, s:I}", "id", (json_int_t)note->id, "title",
			 note->title, "text", note->text, "created", (json_int_t)note->created,
			 "changed", (json_int_t)note->changed);
}

json_t *json_from_error(const char *text)
{
	return json_pack("{s:s}", "error", text);
}
