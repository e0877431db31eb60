/* SPDX-License-Identifier: MIT */
#ifndef BENCH_NOTES_BY_HAND_SERVICE_H
#define BENCH_NOTES_BY_HAND_SERVICE_H

/**
 * The service of samples/notes with its parts wired by hand: the same domain, libraries, options
 * and replies, and no container. Of di it has the names of outcomes, which session_end() takes.
 */

#include "samples/notes/clock.h"
#include "samples/notes/config.h"
#include "samples/notes/store.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

struct service {
	struct config config;
	struct store *store;
	struct clock *clock;
	struct MHD_Daemon *daemon;
	atomic_uint under_way; /**< requests */
	atomic_int draining;
	pthread_mutex_t lock;
	pthread_cond_t idle;
	atomic_ullong begun, ended; /**< requests, where the config asks for a summary */
};

/** Makes the parts, in order. Returns 0 or an errno with nothing left. */
int service_init(struct service *service, const struct config *config);
void service_release(struct service *service);

/** Returns 0 or an errno. */
int service_start(struct service *service);
uint16_t service_port(const struct service *service);

/** Lets requests under way finish. Returns 0, or ETIMEDOUT where something was cut off. */
int service_stop(struct service *service, unsigned grace_ms);

/** What a request reports of itself. Returns whether it may begin: not once the service ends. */
int service_begun(struct service *service);
/** The same at its end, if it has begun. */
void service_ended(struct service *service);

#endif
