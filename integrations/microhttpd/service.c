/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/service.h"
#include "integrations/microhttpd/buffer.h"
#include "integrations/microhttpd/peers.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static struct di_mhd *refuse(struct di_error *err, enum di_status status, const char *detail)
{
	if (err) {
		*err = (struct di_error){ .status = status };
		snprintf(err->detail, sizeof(err->detail), "%s", detail);
	}
	return NULL;
}

static void init_lock(struct di_mhd *mhd)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&mhd->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&mhd->idle, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

struct di_mhd *di_mhd_new(struct di_context *parent, const struct di_mhd_options *options,
			  struct di_error *err)
{
	struct di_mhd *mhd;

	if (!parent || !options)
		return refuse(err, DI_EINVAL, "di_mhd_new() needs a parent and options");
	if (options->abi != DI_ABI)
		return refuse(err, DI_EABI, "set abi of the options of di_mhd_new() to DI_ABI");
	if (!options->handle)
		return refuse(err, DI_EINVAL, "di_mhd_new() needs a handler");
	if (options->scope == &di_scope_any)
		return refuse(err, DI_EINVAL, "a context of scope any cannot be opened");
	mhd = di__mhd_allocate(options->allocator, sizeof(*mhd));
	if (!mhd)
		return refuse(err, DI_ENOMEM, "di_mhd_new()");
	*mhd = (struct di_mhd){ .options = *options, .parent = parent };
	if (!mhd->options.scope)
		mhd->options.scope = &di_scope_request;
	if (!mhd->options.body_limit)
		mhd->options.body_limit = DI_MHD_BODY_LIMIT;
	init_lock(mhd);
	return mhd;
}

void di_mhd_free(struct di_mhd *mhd)
{
	if (!mhd)
		return;
	pthread_cond_destroy(&mhd->idle);
	pthread_mutex_destroy(&mhd->lock);
	di__mhd_release(mhd->options.allocator, mhd, sizeof(*mhd));
}

int di__mhd_begun(struct di_mhd *mhd)
{
	if (!(atomic_fetch_add(&mhd->under_way, 1) & DI__MHD_CLOSED))
		return 1;
	atomic_fetch_sub(&mhd->under_way, 1);
	return 0;
}

/*
 * The order matters, here and in di_mhd_drain(): whoever counts down and does not see the mark has
 * counted before the drainer looks.
 */
void di__mhd_ended(struct di_mhd *mhd)
{
	if (atomic_fetch_sub(&mhd->under_way, 1) != 1 || !atomic_load(&mhd->draining))
		return;
	pthread_mutex_lock(&mhd->lock);
	pthread_cond_broadcast(&mhd->idle);
	pthread_mutex_unlock(&mhd->lock);
}

int di__mhd_job_begun(struct di_mhd *mhd)
{
	int may_begin;

	pthread_mutex_lock(&mhd->lock);
	may_begin = !mhd->stopping;
	mhd->jobs += (unsigned)may_begin;
	pthread_mutex_unlock(&mhd->lock);
	return may_begin;
}

void di__mhd_job_ended(struct di_mhd *mhd)
{
	pthread_mutex_lock(&mhd->lock);
	if (--mhd->jobs == 0)
		pthread_cond_broadcast(&mhd->idle);
	pthread_mutex_unlock(&mhd->lock);
}

/*
 * libmicrohttpd must not be stopped while connections are suspended. A request whose body has come
 * too late for the grace must not be either.
 */
static void end_jobs(struct di_mhd *mhd)
{
	pthread_mutex_lock(&mhd->lock);
	mhd->stopping = 1;
	while (mhd->jobs > 0)
		pthread_cond_wait(&mhd->idle, &mhd->lock);
	pthread_mutex_unlock(&mhd->lock);
}

int di__mhd_draining(const struct di_mhd *mhd)
{
	return atomic_load_explicit(&mhd->draining, memory_order_relaxed);
}

static struct timespec deadline_in(unsigned milliseconds)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_sec += (time_t)(milliseconds / 1000);
	at.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (at.tv_nsec >= 1000000000) {
		at.tv_nsec -= 1000000000;
		at.tv_sec++;
	}
	return at;
}

/* Returns whether nothing was under way, and nothing will be. */
static int shut(struct di_mhd *mhd)
{
	unsigned none = 0;

	return atomic_compare_exchange_strong(&mhd->under_way, &none, DI__MHD_CLOSED) ||
	       (none & DI__MHD_CLOSED) != 0;
}

int di_mhd_drain(struct di_mhd *mhd, unsigned grace_ms)
{
	struct timespec deadline = deadline_in(grace_ms);
	int rc = 0;
	int idle;

	atomic_store(&mhd->draining, 1);
	pthread_mutex_lock(&mhd->lock);
	while (!(idle = shut(mhd)) && rc == 0)
		rc = pthread_cond_timedwait(&mhd->idle, &mhd->lock, &deadline);
	pthread_mutex_unlock(&mhd->lock);
	return idle ? 0 : ETIMEDOUT;
}

int di_mhd_start(struct di_mhd *mhd, unsigned flags, uint16_t port,
		 const struct MHD_OptionItem *further)
{
	static const struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };

	if (mhd->daemon)
		return EBUSY;
	atomic_store(&mhd->draining, 0);
	atomic_store(&mhd->under_way, 0);
	mhd->stopping = 0;
	errno = 0;
	if (mhd->options.dispatcher.dispatch)
		flags |= MHD_ALLOW_SUSPEND_RESUME;
	/* Without its own channel to its threads the daemon could not stop accepting. */
	mhd->daemon = MHD_start_daemon(flags | MHD_USE_ITC, port, NULL, NULL, di_mhd_access, mhd,
				       MHD_OPTION_NOTIFY_COMPLETED, di_mhd_completed, mhd,
				       MHD_OPTION_NOTIFY_CONNECTION, di__mhd_peer_changed, mhd,
				       MHD_OPTION_ARRAY, further ? further : none, MHD_OPTION_END);
	if (mhd->daemon)
		return 0;
	return errno ? errno : EIO;
}

struct MHD_Daemon *di_mhd_daemon(const struct di_mhd *mhd)
{
	return mhd->daemon;
}

uint16_t di_mhd_port(const struct di_mhd *mhd)
{
	const union MHD_DaemonInfo *info =
		mhd->daemon ? MHD_get_daemon_info(mhd->daemon, MHD_DAEMON_INFO_BIND_PORT) : NULL;

	return info ? info->port : 0;
}

int di_mhd_stop(struct di_mhd *mhd, unsigned grace_ms)
{
	MHD_socket listener;
	int rc;

	if (!mhd->daemon)
		return EINVAL;
	listener = MHD_quiesce_daemon(mhd->daemon);
	rc = di_mhd_drain(mhd, grace_ms);
	atomic_fetch_or(&mhd->under_way, DI__MHD_CLOSED);
	end_jobs(mhd);
	di__mhd_hang_up(mhd);
	MHD_stop_daemon(mhd->daemon);
	mhd->daemon = NULL;
	/* The daemon's threads may use the socket until they have ended. */
	if (listener != MHD_INVALID_SOCKET)
		close(listener);
	return rc;
}
