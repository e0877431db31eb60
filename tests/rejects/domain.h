/* SPDX-License-Identifier: MIT */
#ifndef TESTS_REJECTS_DOMAIN_H
#define TESTS_REJECTS_DOMAIN_H

/**
 * The parts that the programs here wire, and the beginning of their tables. All of it is correct.
 */

#include <di/di.h>

struct config {
	struct {
		const char *path;
		long limit;
	} db;
	int port;
	double ratio;
};
struct clock;
struct store;
struct session;
struct query;
struct user;
struct request;
struct cache;
struct lock {
	int held;
};

static const struct config default_config = { { "notes.db", 100 }, 8080, 0.5 };

int clock_new(struct clock **out);
void clock_free(struct clock *clock);

int store_open(struct store **out, const char *path);
int store_close(struct store *store);

int session_begin(struct session **out, struct store *store, struct clock *clock);
void session_end(struct session *session, enum di_outcome outcome);

struct query *query_make(struct session *session);
void query_free(struct query *query);

int cache_new(struct cache **out, int limit);
void cache_free(struct cache *cache);

int lock_init(struct lock *self);
void lock_release(struct lock *self);

int add_note(const struct request *request, int priority, struct session *session);
int compare_notes(const void *a, const void *b, struct clock *clock);

/* clang-format off */
#define STORAGE(X) \
	X(object,    notes_config, const struct config, &default_config)                                       \
	X(singleton, notes_clock,  struct clock, (clock_new), clock_free)                                      \
	X(resource,  notes_store,  struct store, (store_open, DI_FIELD(notes_config, db.path)), store_close)

#define SESSIONS(X) \
	STORAGE(X)                                                                                             \
	X(context_resource, notes_session, struct session, (session_begin, notes_store, notes_clock), session_end, request)
/* clang-format on */

#endif
