/* SPDX-License-Identifier: MIT */
#include "samples/feed/feed.h"

#include <errno.h>
#include <stdlib.h>

/*
 * The asynchronous functions of the table: they begin something and say where it goes on. What they
 * begin knows nothing of di.
 */

/* ---- The connections: prepared in the pool, opened on the loop. ---- */

struct opening {
	struct di_uv *uv;
	unsigned connections;
	int cause;
};

static void prepare(void *data)
{
	struct opening *opening = data;

	opening->cause = net_prepare();
}

static void open_prepared(struct di_call *call, void *data, int cause)
{
	struct opening *opening = data;
	struct net *net = NULL;

	if (cause == 0)
		cause = opening->cause;
	if (cause == 0)
		cause = net_open(&net, di_uv_loop(opening->uv), opening->connections);
	free(opening);
	feed_net_complete(call, cause, net);
}

static int net_prepare_and_open(struct di_call *call, struct di_uv *uv, unsigned connections)
{
	struct opening *opening = malloc(sizeof(*opening));
	int result;

	if (!opening)
		return ENOMEM;
	*opening = (struct opening){ .uv = uv, .connections = connections };
	result = di_uv_call_work(uv, call, prepare, open_prepared, opening);
	if (result != DI_PENDING)
		free(opening);
	return result;
}

static void is_closed(void *call)
{
	di_call_end(call, 0);
}

static int net_close_and_wait(struct di_call *call, struct net *net)
{
	net_close(net, is_closed, call);
	return DI_PENDING;
}

/* ---- A page. ---- */

static void page_came(void *call, int cause, struct page *page)
{
	feed_page_complete(call, cause, page);
}

static void cancel(void *transfer, struct di_call *call)
{
	(void)call;
	net_cancel(transfer);
}

static int page_fetch(struct di_call *call, struct net *net, const struct target *target,
		      const struct config *config)
{
	struct transfer *transfer;
	int cause = net_fetch(&transfer, net, target->url, config->timeout_ms, config->most_bytes,
			      page_came, call);

	if (cause)
		return cause;
	di_call_on_cancel(call, cancel, transfer);
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(feed, FEED);
DI_LOCAL_DEFINE(feed_locals, FEED_LOCALS);
