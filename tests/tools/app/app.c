/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct settings default_settings = { { "default.db", 1 } };
const struct settings test_settings = { { "test.db", 7 } };

static struct store *store_new(const char *label)
{
	struct store *store = malloc(sizeof(*store));

	if (store != NULL)
		store->label = label;
	return store;
}

int store_open(struct store **out, const char *url, int retries, double ratio, _Bool verbose,
	       const char *label)
{
	printf("open %s, %d, %g, %d, %s\n", url, retries, ratio, verbose, label);
	*out = store_new(label);
	return 0;
}

void store_close(struct store *store)
{
	printf("close %s\n", store->label);
	free(store);
}

int memory_open(struct store **out, struct counter *counter, const int *limit)
{
	printf("memory from %lld, at most %d\n", counter->start, *limit);
	*out = store_new("memory");
	return 0;
}

int counter_init(struct counter *self, long long start, unsigned long long most)
{
	printf("count from %lld to %llu\n", start, most);
	self->start = start;
	return 0;
}

struct session *session_new(struct store *store, const struct user *user,
			    const struct stores_by_name *all)
{
	struct session *session = malloc(sizeof(*session));

	printf("session of %s with %s, there are %zu, fast is %s\n", user->name, store->label,
	       all->count, stores_by_name_find(all, "fast")->label);
	if (session != NULL)
		session->store = store;
	return session;
}

int session_end(struct session *session, enum di_outcome outcome)
{
	printf("end with %d\n", (int)outcome);
	free(session);
	return 0;
}

int query_new(struct query **out, struct session *session, const struct later_session *later,
	      struct di_context *context)
{
	*out = malloc(sizeof(**out));
	printf("query with %s, %d, %d\n", session->store->label,
	       later_session_get(later, NULL) == session, context != NULL);
	(*out)->session = session;
	return 0;
}

void query_free(struct query *query)
{
	printf("no query\n");
	free(query);
}

/* ---- What takes time. ---- */

struct due {
	struct di_call *call;
	enum di_status (*complete)(struct di_call *call, int status, struct link *link);
	struct link link;
};

static struct due due[8];
static int due_count;

static int later(struct due one)
{
	due[due_count++] = one;
	return DI_PENDING;
}

static void settle(const struct due *one)
{
	struct link *link = one->complete != NULL ? malloc(sizeof(*link)) : NULL;

	if (link != NULL) {
		*link = one->link;
		one->complete(one->call, 0, link);
	} else {
		di_call_end(one->call, 0);
	}
}

int turn(void)
{
	struct due now[8];
	int count = due_count, i;

	memcpy(now, due, sizeof(now));
	due_count = 0;
	for (i = 0; i < count; i++)
		settle(&now[i]);
	return count;
}

int link_open(struct di_call *call, const char *url, int retries)
{
	printf("link to %s, %d\n", url, retries);
	return later((struct due){ call, link_open_complete, { url, retries } });
}

int link_close(struct di_call *call, struct link *link)
{
	printf("no link to %s\n", link->url);
	free(link);
	return later((struct due){ .call = call });
}

int link_share(struct di_call *call, struct link *link)
{
	printf("share %s\n", link->url);
	return later((struct due){ call, link_share_complete, { link->url, link->retries + 1 } });
}

int link_leave(struct di_call *call, struct link *link, enum di_outcome outcome)
{
	printf("leave %s, %d, %s\n", link->url, link->retries, di_outcome_text(outcome));
	free(link);
	return later((struct due){ .call = call });
}

const char *pick_store(const struct settings *settings)
{
	return strcmp(settings->db.url, "test.db") == 0 ? "memory" : "file";
}
