/* SPDX-License-Identifier: MIT */
#include "tests/support/web.h"

#include <stddef.h>

int web_router_new(struct part **out, struct part *pool)
{
	return part_new(out, "router", (struct part *const[]){ pool, NULL });
}

int web_server_new(struct part **out, struct part *router, struct part *store)
{
	return part_new(out, "server", (struct part *const[]){ router, store, NULL });
}

int web_visit_new(struct part **out, struct part *session)
{
	return part_new(out, "visit", (struct part *const[]){ session, NULL });
}

static int web_part_end(struct part *part, enum di_outcome outcome)
{
	return part_end(part, outcome);
}

DI_CONTAINER_DEFINE(web, WEB);
