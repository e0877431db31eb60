/* SPDX-License-Identifier: MIT */
/* private */
#ifndef DI_MICROHTTPD_SERVICE_H
#define DI_MICROHTTPD_SERVICE_H

/**
 * What serves requests, and the count of those under way. Private to the integration.
 */

#include "integrations/microhttpd/microhttpd.h"

#include <pthread.h>
#include <stdatomic.h>

struct di_mhd {
	struct di_mhd_options options; /* complete: no defaults left to be looked up */
	struct di_context *parent;
	struct MHD_Daemon *daemon; /* started by di_mhd_start(), else NULL */
	atomic_uint under_way;     /* requests, and DI__MHD_CLOSED */
	atomic_int draining;
	unsigned jobs;              /* in other hands than libmicrohttpd's; under the lock */
	int stopping;               /* none begins any more; under the lock */
	struct di__mhd_peer *peers; /* the open connections; under the lock */
	pthread_mutex_t lock;       /* never held while user code runs */
	pthread_cond_t idle;
};

/** In under_way once draining has ended: no request begins any more. */
#define DI__MHD_CLOSED 0x80000000U

/** Counts a request in, and out. Any thread. Returns whether the request may begin. */
int di__mhd_begun(struct di_mhd *mhd);
void di__mhd_ended(struct di_mhd *mhd);

/** Counts a job in, and out. Any thread. Returns whether the job may begin. */
int di__mhd_job_begun(struct di_mhd *mhd);
void di__mhd_job_ended(struct di_mhd *mhd);

/** Whether di_mhd_drain() has been called. Any thread. */
int di__mhd_draining(const struct di_mhd *mhd);

#endif
