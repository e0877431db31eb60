/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_MICROHTTPD_FIXTURE_H
#define DI_TESTS_MICROHTTPD_FIXTURE_H

/**
 * A container with one part per request, and the daemon that the tests of the integration talk to.
 * For one source file of a program: it holds state.
 */

#include "integrations/microhttpd/microhttpd.h"
#include "tests/support/check_main.h"
#include "tests/support/http_client.h"

#include <di/di.h>

#include <check.h>
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/** What happened, counted; guarded by the lock where the daemon's threads may still write. */
struct record {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int opened; /* contexts of scope request */
	int closed;
	int begun;      /* pieces of work ... */
	int ended[3];   /* ... and how they ended, by outcome */
	int handled;    /* calls of a handler */
	int end_result; /* what ending a piece of work returns */
	struct di_context *kept;
};

struct work {
	struct record *record;
};

static struct record the_record;

static inline void count(int *counter)
{
	pthread_mutex_lock(&the_record.lock);
	++*counter;
	pthread_cond_broadcast(&the_record.changed);
	pthread_mutex_unlock(&the_record.lock);
}

static inline int read_count(const int *counter)
{
	int value;

	pthread_mutex_lock(&the_record.lock);
	value = *counter;
	pthread_mutex_unlock(&the_record.lock);
	return value;
}

/** A counter of the record by its name. */
#define SEEN(counter_) read_count(&the_record.counter_)

/** Waits until the counter is at least wanted; returns its value. Half a minute is too long. */
static inline int wait_for(const int *counter, int wanted)
{
	struct timespec deadline;
	int value, rc = 0;

	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += 30;
	pthread_mutex_lock(&the_record.lock);
	while (*counter < wanted && rc == 0)
		rc = pthread_cond_timedwait(&the_record.changed, &the_record.lock, &deadline);
	value = *counter;
	pthread_mutex_unlock(&the_record.lock);
	return value;
}

/** What ending a piece of work returns from now on. */
static inline void end_work_with(int result)
{
	pthread_mutex_lock(&the_record.lock);
	the_record.end_result = result;
	pthread_mutex_unlock(&the_record.lock);
}

static inline int work_begin(struct work *work, struct record *record)
{
	work->record = record;
	count(&record->begun);
	return 0;
}

static inline int work_end(struct work *work, enum di_outcome outcome)
{
	count(&work->record->ended[outcome]);
	return read_count(&work->record->end_result);
}

/* clang-format off */
#define WEB(X) \
	X(object,           web_record, struct record, &the_record) \
	X(context_resource, web_work,   struct work,   DI_INIT(work_begin, web_record), work_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(web, WEB);
DI_CONTAINER_DEFINE(web, WEB);

static struct di_container *container;
static struct di_mhd *mhd;
static uint16_t port;

static inline void observe(void *data, const struct di_event *event)
{
	struct record *record = data;

	if (strcmp(event->scope, "request") != 0)
		return;
	if (event->kind == DI_EVENT_OPENED)
		count(&record->opened);
	if (event->kind == DI_EVENT_CLOSED)
		count(&record->closed);
}

/** The container, with memory from allocator; NULL for malloc. */
static inline void make_container(const struct di_allocator *allocator)
{
	const struct di_options options = {
		.abi = DI_ABI,
		.allocator = allocator,
		.observer = { observe, &the_record },
	};
	struct di_error err = { 0 };

	container = di_container_new(&web, &options, &err);
	ck_assert_ptr_nonnull(container);
}

static inline void setup(void)
{
	the_record = (struct record){ .opened = 0 };
	pthread_mutex_init(&the_record.lock, NULL);
	pthread_cond_init(&the_record.changed, NULL);
	mhd = NULL;
	make_container(NULL);
}

/** Stops and frees everything; in the end as many contexts are closed as were opened. */
static inline void end(enum di_status expected)
{
	struct di_error err = { 0 };

	if (mhd && di_mhd_daemon(mhd))
		ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	di_mhd_free(mhd);
	mhd = NULL;
	ck_assert_int_eq(di_container_free(container, &err), expected);
	container = NULL;
	ck_assert_int_eq(the_record.opened, the_record.closed);
	ck_assert_int_eq(the_record.begun, the_record.ended[DI_DONE] + the_record.ended[DI_FAILED] +
						   the_record.ended[DI_CANCELLED]);
}

static inline void teardown(void)
{
	if (container)
		end(DI_OK);
	pthread_cond_destroy(&the_record.changed);
	pthread_mutex_destroy(&the_record.lock);
}

/** Starts the daemon on some free port. */
static inline void serve_with(const struct di_mhd_options *options, unsigned flags,
			      const struct MHD_OptionItem *items)
{
	struct di_error err = { 0 };

	mhd = di_mhd_new(di_container_root(container), options, &err);
	ck_assert_ptr_nonnull(mhd);
	ck_assert_int_eq(di_mhd_start(mhd, flags, 0, items), 0);
	port = di_mhd_port(mhd);
	ck_assert_int_ne(port, 0);
}

static inline void serve(di_mhd_handle_fn *handle)
{
	const struct di_mhd_options options = { .abi = DI_ABI, .handle = handle };

	serve_with(&options, MHD_USE_EPOLL_INTERNAL_THREAD, NULL);
}

/** Works and says so. */
static inline enum di_status do_work(void *data, struct di_context *context,
				     const struct di_mhd_request *http, struct di_mhd_reply *reply,
				     struct di_error *err)
{
	(void)data;
	(void)http;
	count(&the_record.handled);
	if (!web_work_get(context, err))
		return err->status;
	di_mhd_reply_body(reply, "text/plain", "worked", 6);
	return DI_OK;
}

/** One GET on a connection of its own; returns the status. */
static inline int get(const char *url)
{
	struct http_reply reply;
	int status = http_call_once(port, "GET", url, "", NULL, &reply);

	http_reply_release(&reply);
	return status;
}

#endif
