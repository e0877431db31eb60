/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_FIBER_APP_H
#define DI_TESTS_FIBER_APP_H

/** A container whose values are made by fibers, and what fibers do with it. */

#include "tests/integrations/fiber/fiber_fixture.h"

#include <errno.h>
#include <stdint.h>

PART(clock)
PART(store)
PART(scratch)
PART_OF_1(session)
PART_OF_1(note)
PART_OF_1(buffer)
PART_OF_1(view)

static struct di_context *request;

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,   struct part, (clock_new),               clock_end) \
	X(singleton,        app_store,   struct part, (store_new),               store_end) \
	X(thread_singleton, app_scratch, struct part, (scratch_new),             scratch_end) \
	X(context_resource, app_session, struct part, (session_new, app_store),  session_end, request) \
	X(context_resource, app_buffer,  struct part, (buffer_new, app_scratch), buffer_end,  request) \
	X(context_resource, app_view,    struct part, (view_new, app_buffer),    view_end,    request) \
	X(factory,          app_note,    struct part, (note_new, app_session),   note_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	parts_clear();
	fibers_begin();
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	fibers_end();
	container_end();
}

DI__UNUSED static void yield_in(struct part *part)
{
	(void)part;
	di_fiber_yield();
}

DI__UNUSED static void suspend_in(struct part *part)
{
	(void)part;
	di_fiber_suspend(NULL);
}

/* Writes the error, if there is one. */
DI__UNUSED static void *await_session(void *data)
{
	struct di_error err = { 0 };
	struct part *session = di_await(data, &app_session, &err);

	if (session == NULL) {
		char text[512];

		journal_write("%s", di_error_text(&err, text, sizeof(text)));
	}
	return session;
}

DI__UNUSED static void *close_request(void *data)
{
	struct di_error err = { 0 };

	(void)data;
	di_context_close(request, DI_DONE, &err);
	return NULL;
}

#endif
