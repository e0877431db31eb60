/* SPDX-License-Identifier: MIT */
#include "samples/notes/handlers.h"

#include <errno.h>

int add_note(const struct draft *draft, struct note *out, struct session *session,
	     struct clock *clock, const struct user *user)
{
	int64_t id;
	int rc;

	if (draft_fault(draft))
		return EINVAL;
	rc = session->ops->add(session, user->name, draft, clock->now(clock), &id);
	return rc ? rc : session->ops->find(session, user->name, id, out);
}

int read_note(int64_t id, struct note *out, struct session *session, const struct user *user)
{
	return session->ops->find(session, user->name, id, out);
}

int change_note(int64_t id, const struct draft *draft, struct note *out, struct session *session,
		struct clock *clock, const struct user *user)
{
	int rc;

	if (draft_fault(draft))
		return EINVAL;
	rc = session->ops->change(session, user->name, id, draft, clock->now(clock));
	return rc ? rc : session->ops->find(session, user->name, id, out);
}

int remove_note(int64_t id, struct session *session, const struct user *user)
{
	return session->ops->remove(session, user->name, id);
}

int list_notes(const struct page *page, note_fn *each, void *data, struct query *query,
	       const struct user *user)
{
	query_from(query, page);
	return query_each(query, user->name, each, data);
}

/* clang-format off */
DI_HANDLER(notes_add, int, (const struct draft *, struct note *),
	   (add_note, notes_session, notes_clock, notes_user));
DI_HANDLER(notes_read, int, (int64_t, struct note *),
	   (read_note, notes_session, notes_user));
DI_HANDLER(notes_change, int, (int64_t, const struct draft *, struct note *),
	   (change_note, notes_session, notes_clock, notes_user));
DI_HANDLER(notes_remove, int, (int64_t),
	   (remove_note, notes_session, notes_user));
DI_HANDLER(notes_list, int, (const struct page *, note_fn *, void *),
	   (list_notes, notes_query, notes_user));
/* clang-format on */
