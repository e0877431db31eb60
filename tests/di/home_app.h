/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_HOME_APP_H
#define DI_TESTS_HOME_APP_H

/**
 * Rows of all lives and a request with an inject context below it, for the tests of where values
 * live. Each of those tests is a program of its own.
 */

#include "tests/support/fixture.h"

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part, &config) \
	X(singleton,        app_pool,    struct part, (pool_new, app_config),               pool_end) \
	X(resource,         app_store,   struct part, (store_new, app_pool),                store_end) \
	X(singleton,        app_apart,   struct part, (apart_new),                          apart_end) \
	X(context_resource, app_session, struct part, (session_new, app_store),             session_end, request) \
	X(context_resource, app_local,   struct part, (local_new),                          local_end,   any) \
	X(context_resource, app_call,    struct part, (call_new, app_session),              call_end,    inject) \
	X(context_resource, app_whole,   struct part, (whole_new),                          whole_end,   app) \
	X(singleton,        app_board,   struct part, (board_new, app_whole),               board_end) \
	X(context_resource, app_chat,    struct part, (chat_new, app_board),                chat_end,    request) \
	X(factory,          app_fresh,   struct part, (fresh_new),                          fresh_end) \
	X(singleton,        app_holder,  struct part, (holder_new, app_fresh),              holder_end) \
	X(factory,          app_query,   struct part, (query_new, app_session, app_fresh),  query_end) \
	X(context_resource, app_seen,    struct part, (seen_new, DI_CONTEXT),               seen_end,    request)
/* clang-format on */

PART_FAKE(config)
PART_OF_1(pool)
PART_OF_1(store)
PART(apart)
PART_OF_1(session)
PART(local)
PART_OF_1(call)
PART(whole)
PART_OF_1(board)
PART_OF_1(chat)
PART(fresh)
PART_OF_1(holder)
PART_OF_2(query)
PART_END(seen)

DI_CONTAINER_DECLARE(app, APP);

/* The home that the last one was given. */
static struct di_context *given;

static int seen_new(struct part **out, struct di_context *context)
{
	given = context;
	return part_new(out, "seen", (struct part *const[]){ NULL });
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request, *inject;

static inline void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	inject = open_in(request, &di_scope_inject);
}

/* Closes both contexts and the container and compares what ended in each. */
#define expect_ends_in_inject(...) (close_as(inject, DI_DONE), journal_expect(__VA_ARGS__))
#define expect_ends_in_request(...) (close_as(request, DI_DONE), journal_expect(__VA_ARGS__))
#define expect_ends_in_root(...) (container_free_expect(DI_OK), journal_expect(__VA_ARGS__))
#define expect_nothing_ends_in_inject() (close_as(inject, DI_DONE), journal_expect_nothing())
#define expect_nothing_ends_in_request() (close_as(request, DI_DONE), journal_expect_nothing())

#endif
