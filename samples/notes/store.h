/* SPDX-License-Identifier: MIT */
#ifndef NOTES_STORE_H
#define NOTES_STORE_H

/**
 * The database file and the connections to it that are not in use. Any thread may call these.
 */

struct connection;
struct store;

struct store_options {
	const char *path;
	const char *journal; /**< "wal" or "delete" */
	int busy_timeout_ms; /**< how long to wait for a lock that someone else has */
};

/**
 * Opens the database at the path, making it and its tables where they are missing.
 *
 * journal is "wal" or "delete", busy_timeout_ms how long to wait for a lock that someone else has.
 * The strings are borrowed until store_close(). Returns 0 or an errno; on failure nothing
 * is left.
 */
int store_open(struct store **out, const char *path, const char *journal, int busy_timeout_ms);

/** Closes it and its connections, all of which must have been given back. */
void store_close(struct store *store);

/**
 * Borrows a connection, a new one if all are in use. store_give_back() or connection_close() ends
 * it.
 *
 * Returns 0 or an errno: ESTALE where the file at path is not the one that was opened, so that
 * nothing is written to a database that was moved away.
 */
int store_borrow(struct store *store, struct connection **out);
void store_give_back(struct store *store, struct connection *connection);

#endif
