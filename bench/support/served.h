/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_SERVED_H
#define BENCH_SUPPORT_SERVED_H

/**
 * The notes service without its database and its HTTP: the same parts, and what is left of its
 * requests. Its table is that of samples/notes.
 */

#include <di/di.h>

struct served_config {
	struct {
		int limit;
	} db;
};

struct served_user {
	int number;
};

struct intent {
	int writes;
};

struct store {
	int limit, idle, commits;
};

struct session {
	struct store *store;
	int writes;
};

struct query {
	struct session *session;
	int next;
};

struct clock {
	int now;
};

extern const struct served_config served_default;

int clock_new(struct clock **out);
void clock_free(struct clock *clock);
int store_open(struct store **out, int limit);
void store_close(struct store *store);
int session_begin(struct session **out, struct store *store, const struct intent *intent);
int session_end(struct session *session, enum di_outcome outcome);
int query_new(struct query **out, struct session *session);
void query_free(struct query *query);

/** What is asked for: 0, or an errno. */
int add(int number, struct session *session, struct clock *clock, const struct served_user *user);
int list(int number, struct query *query, const struct served_user *user);

/* clang-format off */
#define SERVED(X) \
	X(object, served_config, const struct served_config, &served_default) \
	X(singleton, served_clock, struct clock, (clock_new), clock_free) \
	X(resource, served_store, struct store, (store_open, DI_FIELD(served_config, db.limit)), store_close) \
	X(state, served_user, const struct served_user, request) \
	X(state, served_intent, const struct intent, request) \
	X(context_resource, served_session, struct session, (session_begin, served_store, served_intent), session_end, request) \
	X(factory, served_query, struct query, (query_new, served_session), query_free)
/* clang-format on */

DI_CONTAINER_DECLARE(served, SERVED);
DI_HANDLER_DECLARE(served_add, int, (int));
DI_HANDLER_DECLARE(served_list, int, (int));

/** The same by hand; 0, or an errno. */
int add_by_hand(int number, struct store *store, struct clock *clock,
		const struct served_user *user);
int list_by_hand(int number, struct store *store, const struct served_user *user);

#endif
