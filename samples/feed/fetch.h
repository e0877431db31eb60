/* SPDX-License-Identifier: MIT */
#ifndef FEED_FETCH_H
#define FEED_FETCH_H

/**
 * One page after the other, as straight code: each in a fiber, a context and with a name of its
 * own, all at the same time.
 */

#include "samples/feed/config.h"
#include "samples/feed/report.h"

#include <integrations/uv/fibers.h>

/** What all fetches share; borrowed by them. */
struct fetching {
	const struct config *config;
	struct di_uv *uv;
	struct di_fiber_scheduler *fibers;
	struct di_context *root;
	struct report report;
	struct di_fiber **running; /**< one for each URL, or NULL: ended */
	int cancelled;
};

/** Fetches all that config names, and waits for them; in a fiber. Returns 0, or ENOMEM. */
int fetch_all(struct fetching *fetching);

/** Cancels what is being fetched, and what would be; in the loop's thread. */
void fetch_cancel(struct fetching *fetching);

#endif
