/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_THREADED_APP_H
#define DI_TESTS_THREADED_APP_H

/** The container of the tests of what lives with threads, and a second thread to try it from. */

#include "tests/support/fixture.h"
#include "tests/support/misuse.h"
#include "tests/support/threads.h"

PART_FAKE(config)
PART_FAKE(fake)
PART(watch)
PART_OF_1(pool)
PART_OF_1(view)
PART_OF_1(buffer)
PART_OF_1(cache)
PART_OF_1(session)
PART_OF_1(plain)
PART_OF_1(page)
PART_OF_1(query)

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part, &config) \
	X(singleton,        app_watch,   struct part, (watch_new),              watch_end) \
	X(singleton,        app_pool,    struct part, (pool_new, app_config),   pool_end) \
	X(thread_singleton, app_buffer,  struct part, (buffer_new, app_pool),   buffer_end) \
	X(thread_singleton, app_cache,   struct part, (cache_new, app_buffer),  cache_end) \
	X(context_resource, app_session, struct part, (session_new, app_cache), session_end, request) \
	X(context_resource, app_plain,   struct part, (plain_new, app_pool),    plain_end,   request) \
	X(context_resource, app_view,    struct part, (view_new, app_plain),    view_end,    request) \
	X(context_resource, app_page,    struct part, (page_new, app_session),  page_end,    inject) \
	X(factory,          app_query,   struct part, (query_new, app_buffer),  query_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static inline void threaded_begin(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	container_begin(&app, &options);
}

static inline void threaded_end(void)
{
	container_end();
	watchdog(0);
}

/** Calls function in a thread of its own, which then ends; what it returns. */
static inline void *in_thread(thread_fn *function, void *data)
{
	return thread_join(thread_start(function, data, 0));
}

/** A thread that has done something, and goes on when it is let go. */
struct guest {
	thread_fn *function;
	void *data, *value;
	struct latch there, go_on;
	pthread_t thread;
};

DI__UNUSED static void *guest_run(void *data)
{
	struct guest *guest = data;

	guest->value = guest->function(guest->data);
	latch_open(&guest->there);
	latch_wait(&guest->go_on);
	return guest->value;
}

/** Has function called in a thread that then waits. */
static inline void guest_enter(struct guest *guest, thread_fn *function, void *data)
{
	guest->function = function;
	guest->data = data;
	latch_init(&guest->there);
	latch_init(&guest->go_on);
	guest->thread = thread_start(guest_run, guest, 0);
	latch_wait(&guest->there);
}

static inline void guest_leave(struct guest *guest)
{
	latch_open(&guest->go_on);
	thread_join(guest->thread);
}

#define GUEST_INIT                                                                                 \
	{                                                                                          \
		.there = LATCH_INIT, .go_on = LATCH_INIT                                           \
	}

DI__UNUSED static void *get_buffer(void *context)
{
	return app_buffer_get(context, NULL);
}

DI__UNUSED static void *get_cache(void *context)
{
	return app_cache_get(context, NULL);
}

DI__UNUSED static void *get_session(void *context)
{
	return app_session_get(context, NULL);
}

#endif
