/* SPDX-License-Identifier: MIT */
#include "bench/notes_by_hand/service.h"
#include "bench/notes_by_hand/request.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <time.h>
#include <unistd.h>

enum {
	IDLE_SECONDS = 30
};

/* In under_way: nothing is, and nothing will be. */
static const unsigned CLOSED = 1U << 31;

int service_init(struct service *service, const struct config *config)
{
	pthread_condattr_t monotonic;
	int rc;

	*service = (struct service){ .config = *config };
	rc = store_open(&service->store, service->config.db.path, service->config.db.journal,
			service->config.db.busy_timeout_ms);
	if (rc)
		return rc;
	rc = clock_new(&service->clock);
	if (rc) {
		store_close(service->store);
		return rc;
	}
	pthread_mutex_init(&service->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&service->idle, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return 0;
}

void service_release(struct service *service)
{
	pthread_cond_destroy(&service->idle);
	pthread_mutex_destroy(&service->lock);
	clock_free(service->clock);
	store_close(service->store);
}

int service_start(struct service *service)
{
	const struct config *config = &service->config;
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(config->http.port) };
	/* A pool of one is refused: the polling thread is that one. */
	const enum MHD_OPTION pool =
		config->http.threads == 1 ? MHD_OPTION_END : MHD_OPTION_THREAD_POOL_SIZE;

	if (inet_pton(AF_INET, config->http.address, &at.sin_addr) != 1)
		return EADDRNOTAVAIL;
	errno = 0;
	service->daemon = MHD_start_daemon(
		MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_ITC, config->http.port, NULL, NULL,
		request_access, service, MHD_OPTION_NOTIFY_COMPLETED, request_completed, service,
		MHD_OPTION_SOCK_ADDR, &at, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS,
		pool, config->http.threads, MHD_OPTION_END);
	if (service->daemon)
		return 0;
	return errno ? errno : EIO;
}

uint16_t service_port(const struct service *service)
{
	return MHD_get_daemon_info(service->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

int service_begun(struct service *service)
{
	if (atomic_fetch_add(&service->under_way, 1) & CLOSED) {
		atomic_fetch_sub(&service->under_way, 1);
		return 0;
	}
	if (service->config.summary)
		atomic_fetch_add(&service->begun, 1);
	return 1;
}

void service_ended(struct service *service)
{
	if (service->config.summary)
		atomic_fetch_add(&service->ended, 1);
	if (atomic_fetch_sub(&service->under_way, 1) != 1 || !atomic_load(&service->draining))
		return;
	pthread_mutex_lock(&service->lock);
	pthread_cond_broadcast(&service->idle);
	pthread_mutex_unlock(&service->lock);
}

static int shut(struct service *service)
{
	unsigned none = 0;

	return atomic_compare_exchange_strong(&service->under_way, &none, CLOSED);
}

int service_stop(struct service *service, unsigned grace_ms)
{
	MHD_socket listener = MHD_quiesce_daemon(service->daemon);
	struct timespec deadline;
	int rc = 0;

	clock_gettime(CLOCK_MONOTONIC, &deadline);
	deadline.tv_sec += (time_t)(grace_ms / 1000);
	atomic_store(&service->draining, 1);
	pthread_mutex_lock(&service->lock);
	while (!shut(service) && rc == 0)
		rc = pthread_cond_timedwait(&service->idle, &service->lock, &deadline);
	pthread_mutex_unlock(&service->lock);
	atomic_fetch_or(&service->under_way, CLOSED);
	MHD_stop_daemon(service->daemon);
	if (listener != MHD_INVALID_SOCKET)
		close(listener);
	return rc;
}
