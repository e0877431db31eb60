/* SPDX-License-Identifier: MIT */
#include "bench/support/served.h"

#include <errno.h>
#include <stdlib.h>

const struct served_config served_default = { .db = { .limit = 100 } };

int clock_new(struct clock **out)
{
	struct clock *clock = calloc(1, sizeof(*clock));

	if (clock == NULL)
		return ENOMEM;
	*out = clock;
	return 0;
}

void clock_free(struct clock *clock)
{
	free(clock);
}

int store_open(struct store **out, int limit)
{
	struct store *store = calloc(1, sizeof(*store));

	if (store == NULL)
		return ENOMEM;
	store->limit = store->idle = limit;
	*out = store;
	return 0;
}

void store_close(struct store *store)
{
	free(store);
}

int session_begin(struct session **out, struct store *store, const struct intent *intent)
{
	struct session *session = malloc(sizeof(*session));

	if (session == NULL)
		return ENOMEM;
	session->store = store;
	session->writes = intent->writes;
	store->idle--;
	*out = session;
	return 0;
}

int session_end(struct session *session, enum di_outcome outcome)
{
	session->store->idle++;
	session->store->commits += outcome == DI_DONE;
	free(session);
	return 0;
}

int query_new(struct query **out, struct session *session)
{
	struct query *query = malloc(sizeof(*query));

	if (query == NULL)
		return ENOMEM;
	query->session = session;
	query->next = 0;
	*out = query;
	return 0;
}

void query_free(struct query *query)
{
	free(query);
}

int add(int number, struct session *session, struct clock *clock, const struct served_user *user)
{
	clock->now += number;
	return session->writes && user->number == number ? 0 : EINVAL;
}

int list(int number, struct query *query, const struct served_user *user)
{
	query->next = query->session->store->limit;
	return user->number == number ? 0 : EINVAL;
}
