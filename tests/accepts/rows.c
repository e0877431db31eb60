/* SPDX-License-Identifier: MIT */
/* Every kind of row with every form of constructor, need, destructor and scope. */
#include <di/di.h>
#include <stdlib.h>

struct config {
	struct {
		const char *path;
		long limit;
		short retries;
	} db;
	int port;
	double ratio;
	unsigned char level;
	struct {
		int weight;
	} peers[2];
};
struct clock;
struct store;
struct session;
struct query;
struct user;
struct lock {
	int held;
};
typedef struct page page;
struct mixed {
	int all;
};

static const struct config default_config = {
	{ "notes.db", 100, 3 }, 8080, 0.5, 1, { { 1 }, { 2 } }
};
static struct lock shared_lock;
static char greeting[] = "hello";

/* int make(T **out, needs...) with each number of needs, by pointer and by value. */
int clock_new(struct clock **out);
int store_open(struct store **out, const char *path, long limit, short retries, int port,
	       double ratio, unsigned char level, int weight);
int session_begin(struct session **out, struct store *store, const struct config *config);
int mix_all(struct mixed **out, struct clock *a, struct clock *b, struct clock *c, struct clock *d,
	    struct clock *e, struct clock *f, struct clock *g, struct clock *h);
int widen(struct mixed **out, long port, double also_port);

/* T *make(needs...) */
struct query *query_make(struct session *session, struct di_context *home);
page *page_first(void);
const struct user *user_find(const struct config *config);
char *text_copy(const char *text);
void *plugin_load(const char *path);

/* int init(T *self, needs...) */
int lock_init(struct lock *self);
int mixed_init(struct mixed *self, const struct clock *clock, struct di_context *home);

/* Each form of destructor. */
void clock_free(struct clock *clock);
int store_close(struct store *store);
void session_end(struct session *session, enum di_outcome outcome);
int query_end(struct query *query, enum di_outcome outcome);
void lock_release(struct lock *self);
void plugin_close(void *plugin);

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

/* clang-format off */
#define ROWS(X) \
	/* given */ \
	X(object,           app_config,    const struct config, &default_config) \
	X(object,           app_lock,      struct lock,         &shared_lock) \
	X(object,           app_greeting,  char,                greeting) \
	X(object,           app_word,      const char,          "word") \
	X(state,            app_user,      const struct user,   request) \
	X(state,            app_page,      page,                app) \
	X(state,            app_ticket,    struct user,         any) \
	X(state,            app_work,      struct user,         job) \
	/* made */ \
	X(singleton,        app_clock,     struct clock,        (clock_new),                        clock_free) \
	X(resource,         app_store,     struct store, \
		(store_open, DI_FIELD(app_config, db.path), DI_FIELD(app_config, db.limit), \
		 DI_FIELD(app_config, db.retries), DI_FIELD(app_config, port), \
		 DI_FIELD(app_config, ratio), DI_FIELD(app_config, level), \
		 DI_FIELD(app_config, peers[1].weight)),                                            store_close) \
	X(singleton,        app_wide,      struct mixed, \
		(widen, DI_FIELD(app_config, port), DI_FIELD(app_config, port)),                    free) \
	X(singleton,        app_mixed,     struct mixed, \
		(mix_all, app_clock, app_clock, app_clock, app_clock, app_clock, app_clock, \
		 app_clock, app_clock),                                                             di_keep) \
	X(singleton,        app_first,     page,                DI_RETURNS(page_first),             di_keep) \
	X(singleton,        app_admin,     const struct user,   DI_RETURNS(user_find, app_config),  di_keep) \
	X(singleton,        app_text,      char,                DI_RETURNS(text_copy, app_word),    free) \
	X(resource,         app_plugin,    void,                DI_RETURNS(plugin_load, app_word),  plugin_close) \
	X(singleton,        app_anything,  void,                DI_RETURNS(plugin_load, app_word),  di_keep) \
	X(singleton,        app_mutex,     struct lock,         DI_INIT(lock_init),                 lock_release) \
	X(context_resource, app_session,   struct session,      (session_begin, app_store, app_config), session_end, request) \
	X(context_resource, app_again,     struct session,      (session_begin, app_store, app_config), session_end, app) \
	X(context_resource, app_job,       struct session,      (session_begin, app_store, app_config), session_end, job) \
	X(context_resource, app_call,      struct mixed,        DI_INIT(mixed_init, app_clock, DI_CONTEXT), di_keep, inject) \
	X(context_resource, app_here,      struct mixed,        DI_INIT(mixed_init, app_clock, DI_CONTEXT), di_keep, any) \
	X(factory,          app_query,     struct query,        DI_RETURNS(query_make, app_session, DI_CONTEXT), query_end) \
	X(factory,          app_page_new,  page,                DI_RETURNS(page_first),             di_keep) \
	X(factory,          app_mix_new,   struct mixed,        DI_INIT(mixed_init, app_clock, DI_CONTEXT), di_keep) \
	X(factory,          app_of_query,  struct query,        DI_RETURNS(query_make, app_session, DI_CONTEXT), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, ROWS);
DI_CONTAINER_DEFINE(app, ROWS);
