/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_SCOPED_APP_H
#define DI_TESTS_SCOPED_APP_H

/** The container of the tests of contexts: a resource of each scope, one of them our own. */

#include "tests/support/fixture.h"

DI_SCOPE_DECLARE(job, 150);
DI_SCOPE_DEFINE(job);

PART(shared)
PART_OF_1(session)
PART_OF_1(call)
PART(local)
PART(whole)
PART(work)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_shared,  struct part, (shared_new),              shared_end) \
	X(context_resource, app_session, struct part, (session_new, app_shared), session_end, request) \
	X(context_resource, app_call,    struct part, (call_new, app_session),   call_end,    inject) \
	X(context_resource, app_local,   struct part, (local_new),               local_end,   any) \
	X(context_resource, app_whole,   struct part, (whole_new),               whole_end,   app) \
	X(context_resource, app_work,    struct part, (work_new),                work_end,    job)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

#endif
