/* SPDX-License-Identifier: MIT */
/* Tables of tables, one row, no row, and several containers in one file. */
#include <di/di.h>

struct clock;
struct store;

int clock_new(struct clock **out);
void clock_free(struct clock *clock);
int store_open(struct store **out, struct clock *clock);
int store_close(struct store *store);

/* clang-format off */
#define NOTHING(X)

#define TIME(X) \
	X(singleton, app_clock, struct clock, (clock_new), clock_free)

#define STORAGE(X) \
	TIME(X) \
	X(resource, app_store, struct store, (store_open, app_clock), store_close)

#define APP(X) \
	STORAGE(X) \
	NOTHING(X) \
	X(factory, app_timer, struct clock, (clock_new), clock_free)

#define TOOL(X) \
	X(singleton, tool_clock, struct clock, (clock_new), clock_free)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DECLARE(tool, TOOL);
DI_CONTAINER_DECLARE(none, NOTHING);

DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DEFINE(tool, TOOL);
DI_CONTAINER_DEFINE(none, NOTHING);
