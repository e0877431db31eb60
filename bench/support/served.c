/* SPDX-License-Identifier: MIT */
#include "bench/support/served.h"

DI_CONTAINER_DEFINE(served, SERVED);
DI_HANDLER(served_add, int, (int), (add, served_session, served_clock, served_user));
DI_HANDLER(served_list, int, (int), (list, served_query, served_user));

static int end(struct session *session, int rc)
{
	int ended = session_end(session, rc == 0 ? DI_DONE : DI_FAILED);

	return rc != 0 ? rc : ended;
}

int add_by_hand(int number, struct store *store, struct clock *clock,
		const struct served_user *user)
{
	const struct intent intent = { .writes = 1 };
	struct session *session;
	int rc = session_begin(&session, store, &intent);

	return rc != 0 ? rc : end(session, add(number, session, clock, user));
}

int list_by_hand(int number, struct store *store, const struct served_user *user)
{
	const struct intent intent = { .writes = 0 };
	struct session *session;
	struct query *query;
	int rc = session_begin(&session, store, &intent);

	if (rc != 0)
		return rc;
	rc = query_new(&query, session);
	if (rc == 0) {
		rc = list(number, query, user);
		query_free(query);
	}
	return end(session, rc);
}
