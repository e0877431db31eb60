/* SPDX-License-Identifier: MIT */
#ifndef NOTES_JSON_H
#define NOTES_JSON_H

/**
 * Notes as JSON and back.
 */

#include "samples/notes/note.h"

#include <jansson.h>
#include <stddef.h>

/** What is wrong with an input, as a sentence for its sender. */
struct reason {
	char text[256];
};

/**
 * Reads a draft: {"title": "...", "text": "..."}, where the text may be missing.
 *
 * Returns the document, owned by the caller, which holds the draft's strings; or NULL with the
 * reason.
 */
json_t *json_to_draft(struct draft *out, const char *body, size_t size, struct reason *reason);

/** New values, owned by the caller, or NULL for want of memory. */
json_t *json_from_note(const struct note *note);
json_t *json_from_error(const char *text);

#endif
