/* SPDX-License-Identifier: MIT */
#include "samples/notes/session.h"
#include "samples/notes/connection.h"
#include "samples/notes/notes_db.h"
#include "samples/notes/store.h"

#include <errno.h>
#include <stdlib.h>

int session_begin(struct session **out, struct store *store, const struct intent *intent)
{
	struct notes_db *db = calloc(1, sizeof(*db));
	int rc;

	if (!db)
		return ENOMEM;
	db->session.ops = &notes_db_ops;
	db->store = store;
	rc = store_borrow(store, &db->connection);
	if (rc) {
		free(db);
		return rc;
	}
	rc = connection_run(db->connection, intent->writes ? BEGIN_WRITING : BEGIN_READING);
	if (rc) {
		store_give_back(store, db->connection);
		free(db);
		return rc;
	}
	*out = &db->session;
	return 0;
}

/* A connection that cannot even roll back is of no use to the next session. */
static void give_back(struct store *store, struct connection *connection)
{
	if (!sqlite3_get_autocommit(connection->db))
		connection_run(connection, ROLLBACK);
	if (sqlite3_get_autocommit(connection->db))
		store_give_back(store, connection);
	else
		connection_close(connection);
}

int session_end(struct session *session, enum di_outcome outcome)
{
	struct notes_db *db = notes_db_of(session);
	int rc = outcome == DI_DONE ? connection_run(db->connection, COMMIT) : 0;

	give_back(db->store, db->connection);
	free(db);
	return rc;
}
