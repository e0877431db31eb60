/* SPDX-License-Identifier: MIT */
/* Rows that choose between others, hold several or lead to another, in each form. */
#include <di/di.h>

struct store {
	int open;
};
struct session;
struct cache;
struct config {
	int port;
	const char *kind;
};
typedef struct page page;

static const struct config default_config = { 8080, "disk" };

#define STORE_KIND "memory"

int store_open(struct store **out);
int session_begin(struct session **out, struct store *store);
void session_end(struct session *session, enum di_outcome outcome);
page *page_new(void);
const char *choose_plainly(void);
const char *choose_store(const struct config *config, int port, struct di_context *home);

DI_LIST_TYPE(stores, struct store);
DI_LIST_TYPE(seen_stores, const struct store);
DI_LIST_TYPE(pages, page);
DI_LIST_TYPE(anything, void);
DI_DICT_TYPE(named_stores, struct store);
DI_DICT_TYPE(named_lists, const struct stores);
DI_LAZY_TYPE(later_store, struct store);
DI_LAZY_TYPE(later_seen_store, const struct store);
DI_LAZY_TYPE(later_session, struct session);
DI_LAZY_TYPE(later_stores, const struct stores);
DI_LAZY_TYPE(later_page, page);

int cache_new(struct cache **out, struct store *one, const struct stores *all, size_t count,
	      const struct named_stores *named, const struct later_session *later,
	      struct store *const *items);
void cache_free(struct cache *cache);
int look(const struct stores *made, struct store *one, const struct later_session *later);

/* clang-format off */
#define ROWS(X) \
	X(object,           app_config,     const struct config, &default_config) \
	X(lazy,             app_early,      struct later_session, app_session, request) \
	X(lazy,             app_early_list, struct later_stores,  app_stores,  app) \
	X(singleton,        app_disk,       struct store,  (store_open), di_keep) \
	X(singleton,        app_memory,     struct store,  (store_open), di_keep) \
	X(singleton,        app_void,       void,          DI_RETURNS(page_new), di_keep) \
	X(factory,          app_store_new,  struct store,  (store_open), di_keep) \
	X(factory,          app_page,       page,          DI_RETURNS(page_new), di_keep) \
	/* chosen */ \
	X(selector,         app_chosen,     struct store,  (choose_plainly), ("disk", app_disk)) \
	X(selector,         app_store,      struct store,  (choose_store, app_config, DI_FIELD(app_config, port), DI_CONTEXT), \
		("disk", app_disk), ("memory", app_memory), ("again", app_disk), ("", app_chosen), ("new", app_store_new)) \
	X(selector,         app_fixed,      struct store,  DI_ALWAYS(STORE_KIND), ("disk", app_disk), ("memory", app_memory)) \
	X(selector,         app_seen,       const struct store, DI_ALWAYS("disk"), ("disk", app_disk), ("fixed", app_fixed)) \
	/* held */ \
	X(list,             app_stores,     struct stores, app_disk, app_memory, app_disk) \
	X(list,             app_no_stores,  struct stores) \
	X(list,             app_made,       struct stores, app_store_new, app_fixed) \
	X(list,             app_seen_all,   struct seen_stores, app_disk, app_seen) \
	X(list,             app_pages,      struct pages,  app_page) \
	X(list,             app_anything,   struct anything, app_void, app_disk, app_page) \
	X(dict,             app_named,      struct named_stores, ("disk", app_disk), ("a b/c", app_memory)) \
	X(dict,             app_no_named,   struct named_stores) \
	X(dict,             app_lists,      struct named_lists, ("all", app_stores), ("made", app_made)) \
	/* led to */ \
	X(lazy,             app_later,      struct later_store, app_disk, app) \
	X(lazy,             app_later_seen, struct later_seen_store, app_memory, any) \
	X(lazy,             app_later_new,  struct later_page, app_page, inject) \
	X(context_resource, app_cache,      struct cache, \
		(cache_new, app_fixed, app_stores, DI_FIELD(app_no_stores, count), app_named, app_early, \
		 DI_FIELD(app_made, items)), cache_free, request) \
	X(context_resource, app_session,    struct session, (session_begin, app_store), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, ROWS);
DI_CONTAINER_DEFINE(app, ROWS);

/* clang-format off */
#define NOTHING(X) X(list, nothing_held, struct stores)
/* clang-format on */

DI_CONTAINER_DECLARE(nothing, NOTHING);
DI_CONTAINER_DEFINE(nothing, NOTHING);

DI_HANDLER(look_at, int, (void), (look, app_made, app_store, app_early));
DI_CALLBACK(look_back, int, -1, (void), (look, app_made, app_store, app_early));

const struct stores *use(struct di_context *context);
const struct stores *use(struct di_context *context)
{
	struct store *found = named_stores_find(app_named_get(context, NULL), "disk");
	struct session *session = later_session_get(app_early_get(context, NULL), NULL);

	return found != NULL && session != NULL ? app_stores_get(context, NULL) : NULL;
}
