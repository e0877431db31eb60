/* SPDX-License-Identifier: MIT */
#ifndef FEED_FEED_H
#define FEED_FEED_H

/**
 * The parts of the program: how each is made, what it needs, and how it ends.
 */

#include "samples/feed/config.h"
#include "samples/feed/net.h"
#include "samples/feed/page.h"

#include <di/di.h>
#include <integrations/uv/uv.h>

/** What a context of scope request is opened for. */
struct target {
	const char *url;
};

/* clang-format off */
#define FEED(X)                                                                                    \
	/* kind                   name         type                 (made by, needs...), ended by */ \
	X(object,                 feed_config, const struct config, &default_config)               \
	X(state,                  feed_uv,     struct di_uv,        app)                           \
	X(async_resource,         feed_net,    struct net,                                         \
	  (net_prepare_and_open, feed_uv, DI_FIELD(feed_config, connections)), net_close_and_wait) \
	X(state,                  feed_target, const struct target, request)                       \
	X(async_context_resource, feed_page,   struct page,                                        \
	  (page_fetch, feed_net, feed_target, feed_config), page_free, request)

/** What a fetch says of itself wherever it is, in a fiber or in the pool. */
#define FEED_LOCALS(X) \
	X(feed_name, const char, di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(feed, FEED);
DI_LOCAL_DECLARE(feed_locals, FEED_LOCALS);

#endif
