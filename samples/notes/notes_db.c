/* SPDX-License-Identifier: MIT */
#include "samples/notes/notes_db.h"
#include "samples/notes/connection.h"

#include <errno.h>
#include <stdint.h>

/*
 * Gets a statement and binds what nearly all of them begin with. SQLite copies nothing: what is
 * bound outlives the step.
 */
static int prepare(struct session *session, enum statement which, const char *owner, int64_t id,
		   sqlite3_stmt **out)
{
	int rc = connection_prepare(notes_db_of(session)->connection, which, out);

	if (rc)
		return rc;
	rc = sqlite3_bind_int64(*out, 1, id);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(*out, 2, owner, -1, SQLITE_STATIC);
	return connection_errno(rc);
}

static int bind_draft(sqlite3_stmt *statement, const struct draft *draft, int64_t now)
{
	int rc = sqlite3_bind_text(statement, 3, draft->title, -1, SQLITE_STATIC);

	if (rc == SQLITE_OK)
		rc = sqlite3_bind_text(statement, 4, draft->text, -1, SQLITE_STATIC);
	if (rc == SQLITE_OK)
		rc = sqlite3_bind_int64(statement, 5, now);
	return connection_errno(rc);
}

/* Ends with the result that stepping gave; a reset would only repeat it. */
static int finish(sqlite3_stmt *statement, int rc)
{
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return rc;
}

static int step(sqlite3_stmt *statement)
{
	return finish(statement, connection_errno(sqlite3_step(statement)));
}

/* Hands over the row as a note; its strings last until the statement moves on. */
static int with_row(sqlite3_stmt *row, note_fn *take, void *data)
{
	union {
		const unsigned char *sqlite;
		char *note;
	} title, text;
	struct note note;

	title.sqlite = sqlite3_column_text(row, 3);
	text.sqlite = sqlite3_column_text(row, 4);
	if (!title.sqlite || !text.sqlite)
		return ENOMEM;
	note = (struct note){
		.id = sqlite3_column_int64(row, 0),
		.created = sqlite3_column_int64(row, 1),
		.changed = sqlite3_column_int64(row, 2),
		.title = title.note,
		.text = text.note,
	};
	return take(data, &note);
}

static int copy(void *data, const struct note *note)
{
	return note_init(data, note);
}

static int find(struct session *session, const char *owner, int64_t id, struct note *out)
{
	sqlite3_stmt *statement;
	int rc = prepare(session, FIND, owner, id, &statement);

	if (rc)
		return rc;
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		return finish(statement, with_row(statement, copy, out));
	return finish(statement, rc == SQLITE_DONE ? ENOENT : connection_errno(rc));
}

static int list(struct session *session, const char *owner, const struct page *page, note_fn *each,
		void *data)
{
	sqlite3_stmt *statement;
	int rc = prepare(session, LIST, owner, page->after, &statement);

	if (rc)
		return rc;
	rc = sqlite3_bind_int(statement, 3, page->limit);
	if (rc != SQLITE_OK)
		return finish(statement, connection_errno(rc));
	while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
		int stop = with_row(statement, each, data);

		if (stop)
			return finish(statement, stop);
	}
	return finish(statement, connection_errno(rc));
}

static int add(struct session *session, const char *owner, const struct draft *draft, int64_t now,
	       int64_t *id)
{
	sqlite3_stmt *statement;
	int rc = prepare(session, ADD, owner, 0, &statement); /* there is no id yet */

	if (rc)
		return rc;
	rc = bind_draft(statement, draft, now);
	rc = rc ? finish(statement, rc) : step(statement);
	if (rc == 0)
		*id = sqlite3_last_insert_rowid(notes_db_of(session)->connection->db);
	return rc;
}

static int changed_one(struct session *session)
{
	return sqlite3_changes(notes_db_of(session)->connection->db) == 1 ? 0 : ENOENT;
}

static int change(struct session *session, const char *owner, int64_t id, const struct draft *draft,
		  int64_t now)
{
	sqlite3_stmt *statement;
	int rc = prepare(session, CHANGE, owner, id, &statement);

	if (rc)
		return rc;
	rc = bind_draft(statement, draft, now);
	rc = rc ? finish(statement, rc) : step(statement);
	return rc ? rc : changed_one(session);
}

static int remove_one(struct session *session, const char *owner, int64_t id)
{
	sqlite3_stmt *statement;
	int rc = prepare(session, REMOVE, owner, id, &statement);

	rc = rc ? rc : step(statement);
	return rc ? rc : changed_one(session);
}

const struct session_ops notes_db_ops = {
	.find = find,
	.list = list,
	.add = add,
	.change = change,
	.remove = remove_one,
};
