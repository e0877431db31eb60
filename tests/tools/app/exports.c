/* SPDX-License-Identifier: MIT */
#include "app.h"

#include <containers/exports.h>

/* clang-format off */
#define APP_EXPORTS(X)                                                                             \
	X(object,      default_settings, const struct settings, &default_settings)                 \
	X(object,      test_settings,    const struct settings, &test_settings)                    \
	X(field,       struct settings,  db.url,     const char *)                                 \
	X(field,       struct settings,  db.retries, int)                                          \
	X(constructor, struct store,   (store_open, const char *, int, double, _Bool, const char *)) \
	X(destructor,  struct store,   store_close)                                                \
	X(constructor, struct store,   (memory_open, struct counter *, const int *))               \
	X(constructor, struct counter, DI_INIT(counter_init, long long, unsigned long long))       \
	X(constructor, struct session, DI_RETURNS(session_new, struct store *, const struct user *, \
						  const struct stores_by_name *))                  \
	X(destructor,  struct session, session_end)                                                \
	X(constructor, struct query,   (query_new, struct session *, const struct later_session *, \
					struct di_context *))                                      \
	X(destructor,  struct query,   query_free)                                                 \
	X(constructor, struct link,    DI_ASYNC(link_open, const char *, int))                     \
	X(constructor, struct link,    DI_ASYNC(link_share, struct link *))                        \
	X(destructor,  struct link,    link_close)                                                 \
	X(destructor,  struct link,    link_leave)                                                 \
	X(chooser,     (pick_store, const struct settings *))                                      \
	X(list,        stores,         struct store)                                               \
	X(dict,        stores_by_name, struct store)                                               \
	X(lazy,        later_session,  struct session)                                             \
	X(type,        struct user)
/* clang-format on */

DI_EXPORTS_DEFINE(app_exports, APP_EXPORTS);
DI_EXPORTS_ENTRY(app_exports);
