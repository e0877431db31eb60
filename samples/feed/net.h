/* SPDX-License-Identifier: MIT */
#ifndef FEED_NET_H
#define FEED_NET_H

/**
 * The connections that all fetches share: libcurl's, driven by a loop of libuv. One thread.
 */

#include <uv.h>

struct net;
struct page;
struct transfer;

/**
 * Prepares what libcurl prepares once in a process, which may read files. Returns 0 or an errno.
 */
int net_prepare(void);

/**
 * Opens the connections, at most so many at once. The loop is borrowed until they are closed.
 * Returns 0 or an errno.
 */
int net_open(struct net **out, uv_loop_t *loop, unsigned connections);

typedef void net_closed_fn(void *data);

/** Closes them, in later iterations of the loop. No transfer may be under way. */
void net_close(struct net *net, net_closed_fn *closed, void *data);

/**
 * Is told that a transfer has ended, and is gone: 0 and the page, owned from now on, or an errno.
 */
typedef void net_fetched_fn(void *data, int cause, struct page *page);

/**
 * Begins to fetch what url names: http or https, redirections followed, at most timeout_ms for all
 * of it and most_bytes of body. url is borrowed until the end.
 *
 * Returns 0, and fetched is called once, later; or an errno, and it is never called.
 */
int net_fetch(struct transfer **out, struct net *net, const char *url, long timeout_ms,
	      size_t most_bytes, net_fetched_fn *fetched, void *data);

/** Ends a transfer now: fetched is called with ECANCELED before this returns. */
void net_cancel(struct transfer *transfer);

#endif
