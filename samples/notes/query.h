/* SPDX-License-Identifier: MIT */
#ifndef NOTES_QUERY_H
#define NOTES_QUERY_H

/**
 * A query lists notes page by page; each has its own place in the list. It ends before its session.
 */

#include "samples/notes/note.h"

struct query;
struct session;

/** Returns 0 or ENOMEM. */
int query_new(struct query **out, struct session *session);
void query_free(struct query *query);

/** Which page comes next; without this, the first of 100 notes. */
void query_from(struct query *query, const struct page *page);

/** Calls each for the notes of the page and moves on to the next. Returns 0 or an errno. */
int query_each(struct query *query, const char *owner, note_fn *each, void *data);

#endif
