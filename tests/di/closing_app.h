/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_CLOSING_APP_H
#define DI_TESTS_CLOSING_APP_H

/** The container of the tests of closing: a chain, and three that need nothing. */

#include "tests/support/fixture.h"

PART(config)
PART_OF_1(store)
PART_OF_1(session)
PART_OF_1(query)
PART(first)
PART(second)
PART(third)
PART(outer)

/* clang-format off */
#define APP(X) \
	X(context_resource, app_first,   struct part, (first_new),              first_end,   request) \
	X(context_resource, app_second,  struct part, (second_new),             second_end,  request) \
	X(context_resource, app_third,   struct part, (third_new),              third_end,   request) \
	X(context_resource, app_config,  struct part, (config_new),             config_end,  request) \
	X(context_resource, app_store,   struct part, (store_new, app_config),  store_end,   request) \
	X(context_resource, app_session, struct part, (session_new, app_store), session_end, request) \
	X(factory,          app_query,   struct part, (query_new, app_session), query_end) \
	X(singleton,        app_outer,   struct part, (outer_new),              outer_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

#endif
