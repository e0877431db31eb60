/* SPDX-License-Identifier: MIT */
/* A table that is declared and not defined, as in files that only use a container. */
#include <di/di.h>

struct clock;

/* clang-format off */
#define APP(X) \
	X(object,           app_start, const long,   &app_started) \
	X(singleton,        app_clock, struct clock, (clock_new, app_start), clock_free) \
	X(context_resource, app_timer, struct clock, (clock_new, app_start), clock_free, request) \
	X(factory,          app_tick,  struct clock, (clock_new, app_timer), clock_free) \
	X(state,            app_user,  struct clock, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
