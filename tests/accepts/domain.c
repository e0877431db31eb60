/* SPDX-License-Identifier: MIT */
/* What the programs of tests/rejects get wrong, done right. */
#include "../rejects/domain.h"

int cache_edit(struct cache **out, const struct config *config);
int query_of(struct query **out, struct cache *cache);

/* clang-format off */
#define NOTES(X) \
	SESSIONS(X) \
	X(object,           notes_limits, const struct config, &default_config) \
	X(singleton,        notes_timer,  struct clock,  (clock_new), clock_free) \
	X(singleton,        notes_cache,  struct cache,  (cache_new, DI_FIELD(notes_limits, port)), cache_free) \
	X(singleton,        notes_edited, struct cache,  (cache_edit, notes_config), cache_free) \
	X(singleton,        notes_lock,   struct lock,   DI_INIT(lock_init), lock_release) \
	X(context_resource, notes_job,    struct query,  (query_of, notes_cache), query_free, inject) \
	X(factory,          notes_query,  struct query,  DI_RETURNS(query_make, notes_session), query_free) \
	X(state,            notes_user,   const struct user, request)
/* clang-format on */

DI_CONTAINER_DECLARE(notes, NOTES);
DI_CONTAINER_DEFINE(notes, NOTES);

DI_HANDLER_DECLARE(notes_add, int, (const struct request *, int));
DI_HANDLER(notes_add, int, (const struct request *, int), (add_note, notes_session));
DI_CALLBACK(notes_compare, int, 0, (const void *, const void *), (compare_notes, notes_clock));

struct store *use(struct di_context *context, struct clock *clock, struct query *query,
		  const struct user *user, const struct request *request, int *result);

struct store *use(struct di_context *context, struct clock *clock, struct query *query,
		  const struct user *user, const struct request *request, int *result)
{
	if (notes_clock_override(context, clock, NULL) != DI_OK ||
	    notes_user_put(context, user, NULL) != DI_OK ||
	    notes_query_drop(context, query, NULL) != DI_OK ||
	    notes_add(context, result, request, 1, NULL) != DI_OK ||
	    notes_compare(clock, query) != 0)
		return NULL;
	return notes_store_get(context, NULL);
}
