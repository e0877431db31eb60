/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_STORAGE_H
#define DI_TESTS_STORAGE_H

/**
 * A container that is compiled apart and that others connect: web.h, site.h.
 */

#include "di/di.h"
#include "tests/support/parts.h"

extern struct part storage_default;

int storage_pool_new(struct part **out, struct part *config);
int storage_store_new(struct part **out, struct part *pool);
int storage_whole_new(struct part **out, struct part *pool);
int storage_census_new(struct part **out, struct part *whole);
int storage_index_new(struct part **out, struct di_context *context);
int storage_session_new(struct part **out, struct part *store);
int storage_place_new(struct part **out);
int storage_line_new(struct part **out, struct part *pool);
int storage_query_new(struct part **out, struct part *session, struct part *line);

/* clang-format off */
#define STORAGE(X) \
	X(object,           storage_config,  struct part, &storage_default) \
	X(singleton,        storage_pool,    struct part, (storage_pool_new, storage_config),   storage_pool_end) \
	X(resource,         storage_store,   struct part, (storage_store_new, storage_pool),    storage_store_end) \
	X(singleton,        storage_index,   struct part, (storage_index_new, DI_CONTEXT),      storage_index_end) \
	X(context_resource, storage_whole,   struct part, (storage_whole_new, storage_pool),    storage_whole_end, app) \
	X(singleton,        storage_census,  struct part, (storage_census_new, storage_whole),  storage_census_end) \
	X(state,            storage_user,    struct part, request) \
	X(state,            storage_tenant,  struct part, app) \
	X(context_resource, storage_session, struct part, (storage_session_new, storage_store), storage_session_end, request) \
	X(context_resource, storage_place,   struct part, (storage_place_new),                  storage_place_end, any) \
	X(factory,          storage_line,    struct part, (storage_line_new, storage_pool),     storage_line_end) \
	X(factory,          storage_query,   struct part, (storage_query_new, storage_session, storage_line), storage_query_end)
/* clang-format on */

DI_CONTAINER_DECLARE(storage, STORAGE);

#endif
