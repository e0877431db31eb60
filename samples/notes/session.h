/* SPDX-License-Identifier: MIT */
#ifndef NOTES_SESSION_H
#define NOTES_SESSION_H

/**
 * A session is one transaction on the notes: all of what is done in it is kept, or nothing.
 *
 * One thread at a time may use it. Functions return 0 or an errno; EBUSY means that the database
 * stayed locked by someone else, and that trying again later makes sense.
 */

#include "samples/notes/note.h"

#include "di/observer.h"

#include <stdint.h>

struct session;
struct store;

/** What a session can do with one owner's notes. All are mandatory. */
struct session_ops {
	/** Reads a note, owned by the caller. ENOENT where the owner has none of that id. */
	int (*find)(struct session *session, const char *owner, int64_t id, struct note *out);
	/** Calls each for the notes of a page by ascending id; returns what made it end early. */
	int (*list)(struct session *session, const char *owner, const struct page *page,
		    note_fn *each, void *data);
	/** Adds a note and tells its id. */
	int (*add)(struct session *session, const char *owner, const struct draft *draft,
		   int64_t now, int64_t *id);
	/** Rewrites a note. ENOENT as above. */
	int (*change)(struct session *session, const char *owner, int64_t id,
		      const struct draft *draft, int64_t now);
	/** Removes a note. ENOENT as above. */
	int (*remove)(struct session *session, const char *owner, int64_t id);
};

/** Implementations begin with it. */
struct session {
	const struct session_ops *ops;
};

/** What a session is begun for. */
struct intent {
	int writes; /**< 1: the database is locked against other writers from the beginning */
};

/** Begins a transaction on a connection of the store, which must outlive it. */
int session_begin(struct session **out, struct store *store, const struct intent *intent);

/** Commits if the outcome is DI_DONE, else rolls back. The session is gone in any case. */
int session_end(struct session *session, enum di_outcome outcome);

#endif
