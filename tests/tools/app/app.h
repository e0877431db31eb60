/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_COMMAND_APP_H
#define DI_TESTS_COMMAND_APP_H

/**
 * The domain of app.yaml: something of every kind. All that is made says what it was made of.
 */

#include <di/di.h>

struct settings {
	struct {
		const char *url;
		int retries;
	} db;
};

struct store {
	const char *label;
};

struct counter {
	long long start;
};

struct session {
	struct store *store;
};

struct query {
	struct session *session;
};

struct user {
	const char *name;
};

DI_LIST_TYPE(stores, struct store);
DI_DICT_TYPE(stores_by_name, struct store);
DI_LAZY_TYPE(later_session, struct session);

extern const struct settings default_settings, test_settings;

int store_open(struct store **out, const char *url, int retries, double ratio, _Bool verbose,
	       const char *label);
void store_close(struct store *store);
int memory_open(struct store **out, struct counter *counter, const int *limit);
int counter_init(struct counter *self, long long start, unsigned long long most);
struct session *session_new(struct store *store, const struct user *user,
			    const struct stores_by_name *all);
int session_end(struct session *session, enum di_outcome outcome);
int query_new(struct query **out, struct session *session, const struct later_session *later,
	      struct di_context *context);
void query_free(struct query *query);

struct link {
	const char *url;
	int retries;
};

/* What takes time waits for the next turn, which returns how much that was. */
int turn(void);

int link_open(struct di_call *call, const char *url, int retries);
DI_COMPLETE_DECLARE(link_open, struct link);
int link_close(struct di_call *call, struct link *link);
/* Made for a session, or for another one. */
int link_share(struct di_call *call, struct link *link);
DI_COMPLETE_DECLARE(link_share, struct link);
int link_leave(struct di_call *call, struct link *link, enum di_outcome outcome);

const char *pick_store(const struct settings *settings);

#endif
