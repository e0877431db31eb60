/* SPDX-License-Identifier: MIT */
/* Rows that live with threads, and what may need them. */
#include <di/di.h>

#include <stddef.h>

struct config {
	long size;
};
struct pool;
struct buffer;
struct session;
struct query;
struct lock {
	int held;
};

static const struct config default_config = { 4096 };

int pool_new(struct pool **out);
void pool_free(struct pool *pool);
int buffer_new(struct buffer **out, struct pool *pool, long size);
struct buffer *buffer_make(struct buffer *other, struct query *query);
int buffer_end(struct buffer *buffer, enum di_outcome outcome);
void buffer_free(struct buffer *buffer);
int query_new(struct query **out, struct pool *pool);
int query_of(struct query **out, struct buffer *buffer);
int query_end(struct query *query);
int lock_init(struct lock *lock, struct di_context *context);
int session_new(struct session **out, struct buffer *buffer);
void session_end(struct session *session, enum di_outcome outcome);
int work(int number, struct buffer *buffer, struct session *session);
const char *choose(struct lock *lock);

DI_LIST_TYPE(buffers, struct buffer);
DI_DICT_TYPE(named_buffers, struct buffer);
DI_LAZY_TYPE(later_buffer, struct buffer);
DI_LAZY_TYPE(later_pool, struct pool);
DI_SCOPE_DECLARE(job, 2);

int holder_new(struct session **out, const struct buffers *all, const struct named_buffers *named,
	       struct buffer *any, const struct later_buffer *later);
int early_new(struct buffer **out, const struct later_pool *pool);

/* clang-format off */
#define APP(X) \
	X(object,           app_config, const struct config,  &default_config) \
	X(lazy,             app_soon,   struct later_pool,    app_pool, app) \
	X(singleton,        app_pool,   struct pool,          (pool_new), pool_free) \
	X(factory,          app_fresh,  struct query,         (query_new, app_pool), query_end) \
	X(thread_singleton, app_buffer, struct buffer,        (buffer_new, app_pool, DI_FIELD(app_config, size)), buffer_free) \
	X(thread_singleton, app_other,  struct buffer,        DI_RETURNS(buffer_make, app_buffer, app_fresh), buffer_end) \
	X(thread_singleton, app_lock,   struct lock,          DI_INIT(lock_init, DI_CONTEXT), di_keep) \
	X(thread_singleton, app_early,  struct buffer,        (early_new, app_soon), buffer_free) \
	X(factory,          app_query,  struct query,         (query_of, app_other), query_end) \
	X(list,             app_all,    struct buffers,       app_buffer, app_other) \
	X(dict,             app_named,  struct named_buffers, ("one", app_buffer)) \
	X(selector,         app_any,    struct buffer,        (choose, app_lock), ("one", app_buffer), ("other", app_other)) \
	X(lazy,             app_later,  struct later_buffer,  app_any, request) \
	X(context_resource, app_job,    struct session,       (session_new, app_buffer), session_end, job) \
	X(context_resource, app_held,   struct session,       (holder_new, app_all, app_named, app_any, app_later), session_end, request) \
	X(context_resource, app_each,   struct session,       (session_new, app_buffer), session_end, any)
#define WEB(X) \
	X(thread_singleton, web_buffer, struct buffer,        DI_RETURNS(buffer_make, app_buffer, app_query), buffer_free)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DECLARE(web, WEB, app);
DI_SCOPE_DEFINE(job);
DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DEFINE(web, WEB);
DI_HANDLER(app_work, int, (int), (work, app_buffer, app_held));

int use(struct di_context *context, struct di_container *container, struct buffer *fake);
int use(struct di_context *context, struct di_container *container, struct buffer *fake)
{
	struct di_error err = { 0 };
	struct buffer *buffer = app_buffer_get(context, &err);

	return buffer == NULL || app_buffer_override(context, fake, &err) != DI_OK ||
	       di_thread_count(container) == 0 || di_thread_end(container, &err) != DI_OK;
}
