/* SPDX-License-Identifier: MIT */
#ifndef NOTES_NOTES_DB_H
#define NOTES_NOTES_DB_H

/**
 * The session that keeps notes in SQLite. Private to the session.
 */

#include "samples/notes/session.h"

struct connection;

struct notes_db {
	struct session session; /**< first: a session is converted back by its address */
	struct store *store;
	struct connection *connection;
};

extern const struct session_ops notes_db_ops;

static inline struct notes_db *notes_db_of(struct session *session)
{
	return (struct notes_db *)session;
}

#endif
