/* SPDX-License-Identifier: MIT */
#include "samples/notes/connection.h"
#include "samples/notes/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const texts[] = {
#define STATEMENT_TEXT(name_, text_) [name_] = text_,
	STATEMENT_MAP(STATEMENT_TEXT)
#undef STATEMENT_TEXT
};

static const char tables[] = "CREATE TABLE IF NOT EXISTS note ("
			     " id INTEGER PRIMARY KEY AUTOINCREMENT,"
			     " owner TEXT NOT NULL,"
			     " title TEXT NOT NULL,"
			     " text TEXT NOT NULL,"
			     " created INTEGER NOT NULL,"
			     " changed INTEGER NOT NULL);"
			     "CREATE INDEX IF NOT EXISTS note_by_owner ON note (owner, id)";

int connection_errno(int result)
{
	switch (result & 0xFF) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return EBUSY;
	case SQLITE_NOMEM:
		return ENOMEM;
	case SQLITE_CANTOPEN:
		return ENOENT;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return EACCES;
	case SQLITE_READONLY:
		return EROFS;
	case SQLITE_FULL:
		return ENOSPC;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return EBADMSG;
	default:
		return EIO;
	}
}

static int run_text(struct connection *connection, const char *text)
{
	return connection_errno(sqlite3_exec(connection->db, text, NULL, NULL, NULL));
}

static int configure(struct connection *connection, const struct store_options *options)
{
	int wal = strcmp(options->journal, "wal") == 0;
	int rc = connection_errno(sqlite3_busy_timeout(connection->db, options->busy_timeout_ms));

	if (rc)
		return rc;
	rc = run_text(connection,
		      wal ? "PRAGMA journal_mode = wal" : "PRAGMA journal_mode = delete");
	if (rc)
		return rc;
	return run_text(connection, "PRAGMA synchronous = normal");
}

/* SQLite's own word for a file it cannot open is poorer than the system's. */
static int open_errno(const struct connection *connection, int result)
{
	int cause = connection->db ? sqlite3_system_errno(connection->db) : 0;

	return (result & 0xFF) == SQLITE_CANTOPEN && cause ? cause : connection_errno(result);
}

int connection_open(struct connection **out, const struct store_options *options)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	struct connection *connection = calloc(1, sizeof(*connection));
	int rc;

	if (!connection)
		return ENOMEM;
	rc = sqlite3_open_v2(options->path, &connection->db, flags, NULL);
	rc = rc ? open_errno(connection, rc) : configure(connection, options);
	if (rc) {
		connection_close(connection);
		return rc;
	}
	*out = connection;
	return 0;
}

void connection_close(struct connection *connection)
{
	if (!connection)
		return;
	for (int i = 0; i < STATEMENT_COUNT; i++)
		sqlite3_finalize(connection->prepared[i]);
	sqlite3_close(connection->db);
	free(connection);
}

int connection_create_tables(struct connection *connection)
{
	return run_text(connection, tables);
}

int connection_prepare(struct connection *connection, enum statement which, sqlite3_stmt **out)
{
	sqlite3_stmt **prepared = &connection->prepared[which];
	int rc = SQLITE_OK;

	if (!*prepared) {
		rc = sqlite3_prepare_v3(connection->db, texts[which], -1, SQLITE_PREPARE_PERSISTENT,
					prepared, NULL);
	}
	*out = *prepared;
	return connection_errno(rc);
}

int connection_run(struct connection *connection, enum statement which)
{
	sqlite3_stmt *statement;
	int rc = connection_prepare(connection, which, &statement);

	if (rc)
		return rc;
	rc = connection_errno(sqlite3_step(statement));
	sqlite3_reset(statement);
	return rc;
}
