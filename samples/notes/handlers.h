/* SPDX-License-Identifier: MIT */
#ifndef NOTES_HANDLERS_H
#define NOTES_HANDLERS_H

/**
 * What the service can do. The functions are plain C: what they work on comes as arguments. The
 * handlers are the same functions with the later arguments already filled from a context:
 *
 *     enum di_status notes_read(struct di_context *context, int *result, int64_t id,
 *                               struct note *out, struct di_error *err);
 *
 * All results are 0 or an errno: EINVAL for a draft that draft_fault() has something to say about,
 * ENOENT for a note that the user does not have, EBUSY for a locked database.
 */

#include "samples/notes/notes.h"

/** Adds a note and reads it back into out, owned by the caller. */
int add_note(const struct draft *draft, struct note *out, struct session *session,
	     struct clock *clock, const struct user *user);

/** Reads a note into out, owned by the caller. */
int read_note(int64_t id, struct note *out, struct session *session, const struct user *user);

/** Rewrites a note and reads it back into out, owned by the caller. */
int change_note(int64_t id, const struct draft *draft, struct note *out, struct session *session,
		struct clock *clock, const struct user *user);

int remove_note(int64_t id, struct session *session, const struct user *user);

/** Calls each for the notes of a page. */
int list_notes(const struct page *page, note_fn *each, void *data, struct query *query,
	       const struct user *user);

DI_HANDLER_DECLARE(notes_add, int, (const struct draft *, struct note *));
DI_HANDLER_DECLARE(notes_read, int, (int64_t, struct note *));
DI_HANDLER_DECLARE(notes_change, int, (int64_t, const struct draft *, struct note *));
DI_HANDLER_DECLARE(notes_remove, int, (int64_t));
DI_HANDLER_DECLARE(notes_list, int, (const struct page *, note_fn *, void *));

#endif
