/* SPDX-License-Identifier: MIT */
#ifndef NOTES_CONNECTION_H
#define NOTES_CONNECTION_H

/**
 * One connection to the database, with its prepared statements. One thread at a time may use it.
 *
 * Functions that return an int return 0 or an errno that SQLite's result stands for: EBUSY for a
 * database that stayed locked, ENOENT, ENOSPC and so on.
 */

#include <sqlite3.h>

/** All the SQL of the service: X(name, text). */
#define STATEMENT_MAP(X)                                                                           \
	X(BEGIN_READING, "BEGIN")                                                                  \
	X(BEGIN_WRITING, "BEGIN IMMEDIATE")                                                        \
	X(COMMIT, "COMMIT")                                                                        \
	X(ROLLBACK, "ROLLBACK")                                                                    \
	X(FIND, "SELECT id, created, changed, title, text FROM note WHERE id = ?1 AND owner = ?2") \
	X(LIST, "SELECT id, created, changed, title, text FROM note"                               \
		" WHERE owner = ?2 AND id > ?1 ORDER BY id LIMIT ?3")                              \
	X(ADD, "INSERT INTO note (owner, title, text, created, changed)"                           \
	       " VALUES (?2, ?3, ?4, ?5, ?5)")                                                     \
	X(CHANGE, "UPDATE note SET title = ?3, text = ?4, changed = ?5"                            \
		  " WHERE id = ?1 AND owner = ?2")                                                 \
	X(REMOVE, "DELETE FROM note WHERE id = ?1 AND owner = ?2")

struct store_options;

enum statement {
#define STATEMENT_NAME(name_, text_) name_,
	STATEMENT_MAP(STATEMENT_NAME)
#undef STATEMENT_NAME
	STATEMENT_COUNT
};

struct connection {
	sqlite3 *db;
	sqlite3_stmt *prepared[STATEMENT_COUNT]; /**< each on first use */
	struct connection *next;                 /**< for whoever keeps connections in a list */
};

/** Opens the file, making it where it is missing. */
int connection_open(struct connection **out, const struct store_options *options);
/** What is not committed is rolled back. NULL is legal. */
void connection_close(struct connection *connection);

/** Makes the tables that are missing. */
int connection_create_tables(struct connection *connection);

/** Gives a statement ready to be bound; it belongs to the connection. End with sqlite3_reset(). */
int connection_prepare(struct connection *connection, enum statement which, sqlite3_stmt **out);

/** Runs a statement that takes nothing and gives nothing. */
int connection_run(struct connection *connection, enum statement which);

/** The errno for one of SQLite's results: 0 for its successes. */
int connection_errno(int result);

#endif
