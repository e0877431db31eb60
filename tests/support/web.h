/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_WEB_H
#define DI_TESTS_WEB_H

/**
 * A container that connects storage, and that site.h connects.
 */

#include "tests/support/storage.h"

int web_router_new(struct part **out, struct part *pool);
int web_server_new(struct part **out, struct part *router, struct part *store);
int web_visit_new(struct part **out, struct part *session);

/* clang-format off */
#define WEB(X) \
	X(singleton,        web_router, struct part, (web_router_new, storage_pool),              web_part_end) \
	X(resource,         web_server, struct part, (web_server_new, web_router, storage_store), web_part_end) \
	X(context_resource, web_visit,  struct part, (web_visit_new, storage_session),            web_part_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(web, WEB, storage);

#endif
