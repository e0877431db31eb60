/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd_uv/microhttpd_uv.h"
#include "integrations/uv/fibers.h"
#include "tests/support/fixture.h"
#include "tests/support/http_client.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

/* Clients in threads of their own; everything else is on one loop, in the main thread. */

struct work {
	int number;
};

static int work_begin(struct di_call *call);
static int work_end(struct di_call *call, struct work *work, enum di_outcome outcome);

/* clang-format off */
#define WEB(X) \
	X(async_context_resource, web_work, struct work, (work_begin), work_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(web_parts, WEB);

/* clang-format off */
#define LOCALS(X) \
	X(web_user, const char, di_keep)
/* clang-format on */

DI_LOCAL_DECLARE(web_locals, LOCALS);
DI_LOCAL_DEFINE(web_locals, LOCALS);

static uv_loop_t loop;
static struct di_uv *uv;
static struct di_uv_fibers *fibers;
static struct di_mhd_uv *web;
static int works, opened, closed, ended[3];
static int end_result;
static int stopped, stop_cause;

static void work_has_begun(void *call, const struct di_error *err)
{
	static struct work work;

	work.number = ++works;
	web_work_complete(call, err != NULL ? EIO : 0, &work);
}

static int work_begin(struct di_call *call)
{
	return di_uv_timer(uv, 1, 0, work_has_begun, call, NULL) != NULL ? DI_PENDING : ENOMEM;
}

static void work_has_ended(void *call, const struct di_error *err)
{
	di_call_end(call, err != NULL ? EIO : end_result);
}

static int work_end(struct di_call *call, struct work *work, enum di_outcome outcome)
{
	ck_assert_ptr_nonnull(work);
	ended[outcome]++;
	return di_uv_timer(uv, 1, 0, work_has_ended, call, NULL) != NULL ? DI_PENDING : ENOMEM;
}

DI_CONTAINER_DEFINE(web_parts, WEB);

static void observe(void *data, const struct di_event *event)
{
	(void)data;
	if (strcmp(event->scope, "request") != 0)
		return;
	opened += event->kind == DI_EVENT_OPENED;
	closed += event->kind == DI_EVENT_CLOSED;
}

static void setup(void)
{
	const struct di_options options = { .abi = DI_ABI, .observer = { observe, NULL } };

	watchdog(120);
	works = opened = closed = end_result = stopped = 0;
	stop_cause = -1;
	memset(ended, 0, sizeof(ended));
	container_begin(&web_parts, &options);
	ck_assert_int_eq(uv_loop_init(&loop), 0);
	uv = di_uv_new(&loop, NULL, &error);
	ck_assert_ptr_nonnull(uv);
	fibers = di_uv_fibers_new(uv, NULL, &error);
	ck_assert_ptr_nonnull(fibers);
}

/* Nothing is left in the loop. */
static void teardown(void)
{
	expect_ok(di_uv_fibers_free(fibers, &error));
	di_uv_close(uv, NULL, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
	container_end();
	ck_assert_int_eq(opened, closed);
	watchdog(0);
}

static void serve(di_mhd_handle_fn *handle)
{
	const struct di_mhd_options options = { .abi = DI_ABI, .handle = handle };

	web = di_mhd_uv_start(root, &options, uv, di_uv_fibers_scheduler(fibers), 0, NULL, &error);
	ck_assert_msg(web != NULL, "%s", error_text());
}

static void note_stopped(void *data, int cause)
{
	(void)data;
	stopped++;
	stop_cause = cause;
}

/* ---- Clients. ---- */

enum {
	CLIENTS_MAX = 16
};

struct client {
	pthread_t thread;
	uint16_t port;
	const char *url;
	int requests, answered, status;
	char body[64];
};

static struct client clients[CLIENTS_MAX];
static int client_count, clients_left;
static uv_async_t all_done;
static unsigned grace;

static void *ask(void *data)
{
	struct client *client = data;
	int fd = http_connect(client->port);
	struct http_reply reply;
	int i;

	for (i = 0; i < client->requests; i++) {
		client->status = http_call(fd, "GET", client->url, "", NULL, &reply);
		client->answered += client->status == 200;
		if (reply.body != NULL)
			snprintf(client->body, sizeof(client->body), "%s", reply.body);
		http_reply_release(&reply);
	}
	close(fd);
	if (__atomic_sub_fetch(&clients_left, 1, __ATOMIC_ACQ_REL) == 0)
		uv_async_send(&all_done);
	return NULL;
}

static void stop_serving(uv_async_t *async)
{
	uv_close((uv_handle_t *)async, NULL);
	di_mhd_uv_stop(web, grace, note_stopped, NULL);
}

/* Runs the loop until so many clients have asked so often, and serving has stopped. */
static void ask_all(int count, int requests, const char *const *urls)
{
	int i;

	grace = 30000;
	client_count = clients_left = count;
	uv_async_init(&loop, &all_done, stop_serving);
	for (i = 0; i < count; i++) {
		clients[i] = (struct client){ .port = di_mhd_uv_port(web),
					      .url = urls[i],
					      .requests = requests };
		pthread_create(&clients[i].thread, NULL, ask, &clients[i]);
	}
	uv_run(&loop, UV_RUN_DEFAULT);
	for (i = 0; i < count; i++)
		pthread_join(clients[i].thread, NULL);
	ck_assert_int_eq(stopped, 1);
}

static int ask_once(const char *url)
{
	ask_all(1, 1, (const char *const[]){ url });
	return clients[0].status;
}

/* ---- Serving. ---- */

static enum di_status say(struct di_mhd_reply *reply, const char *text)
{
	di_mhd_reply_body(reply, "text/plain", text, strlen(text));
	return DI_OK;
}

static enum di_status do_work(void *data, struct di_context *context,
			      const struct di_mhd_request *http, struct di_mhd_reply *reply,
			      struct di_error *err)
{
	(void)data;
	(void)http;
	ck_assert_ptr_nonnull(di_fiber_current());
	ck_assert_ptr_eq(di_context_current(&web_parts), context);
	if (di_await(context, &web_work, err) == NULL)
		return err->status;
	ck_assert_ptr_eq(di_context_current(&web_parts), context);
	return say(reply, "worked");
}

START_TEST(a_handler_awaits_and_its_context_is_closed_asynchronously_before_the_reply)
{
	serve(do_work);
	ck_assert_int_eq(ask_once("/"), 200);
	ck_assert_str_eq(clients[0].body, "worked");
	ck_assert_int_eq(ended[DI_DONE], 1);
	ck_assert_int_eq(stop_cause, 0);
}
END_TEST

START_TEST(a_close_that_fails_later_is_what_the_client_reads)
{
	serve(do_work);
	end_result = ENOSPC;
	ck_assert_int_eq(ask_once("/"), 500);
}
END_TEST

static int here;

enum {
	TOGETHER = 8
};

/* Goes on once all are here. */
static enum di_status meet(void *data, struct di_context *context,
			   const struct di_mhd_request *http, struct di_mhd_reply *reply,
			   struct di_error *err)
{
	(void)data;
	(void)context;
	(void)http;
	here++;
	while (here < TOGETHER) {
		if (di_uv_sleep(uv, 1, err) != DI_OK)
			return err->status;
	}
	return say(reply, "met");
}

START_TEST(one_thread_serves_many_handlers_that_wait)
{
	const char *urls[TOGETHER];
	int i;

	for (i = 0; i < TOGETHER; i++)
		urls[i] = "/";
	here = 0;
	serve(meet);
	ask_all(TOGETHER, 1, urls);
	for (i = 0; i < TOGETHER; i++)
		ck_assert_int_eq(clients[i].status, 200);
}
END_TEST

static void note_user(void *data)
{
	*(const char **)data = web_user_get_or("nobody");
}

/* Says who the values say that the user is, after all ways of waiting. */
static enum di_status tell_user(void *data, struct di_context *context,
				const struct di_mhd_request *http, struct di_mhd_reply *reply,
				struct di_error *err)
{
	const char *in_pool = "nobody";
	char text[64];

	(void)data;
	(void)context;
	if (web_user_get() != NULL || web_user_set(http->url, err) != DI_OK ||
	    di_uv_sleep(uv, 1, err) != DI_OK || di_uv_do(uv, note_user, &in_pool, err) != DI_OK)
		return DI_EINVAL;
	snprintf(text, sizeof(text), "%s and %s", web_user_get(), in_pool);
	return say(reply, text);
}

START_TEST(values_follow_a_request_through_timers_and_the_pool)
{
	serve(tell_user);
	ask_all(3, 1, (const char *const[]){ "/ada", "/grace", "/joan" });
	ck_assert_str_eq(clients[0].body, "/ada and /ada");
	ck_assert_str_eq(clients[1].body, "/grace and /grace");
	ck_assert_str_eq(clients[2].body, "/joan and /joan");
	ck_assert_ptr_null(web_user_get());
}
END_TEST

START_TEST(as_many_contexts_are_closed_as_were_opened)
{
	const char *urls[TOGETHER];
	int i, requests = di_check_quick() ? 10 : 100;

	for (i = 0; i < TOGETHER; i++)
		urls[i] = "/";
	serve(do_work);
	ask_all(TOGETHER, requests, urls);
	for (i = 0; i < TOGETHER; i++)
		ck_assert_int_eq(clients[i].answered, requests);
	ck_assert_int_eq(opened, TOGETHER * requests);
	ck_assert_int_eq(ended[DI_DONE], TOGETHER * requests);
}
END_TEST

/* ---- Stopping. ---- */

static int slept;

static void stop_now(void *data, const struct di_error *err)
{
	(void)data;
	ck_assert_ptr_null(err);
	di_mhd_uv_stop(web, grace, note_stopped, NULL);
}

/* Has serving stopped while it sleeps. */
static enum di_status sleep_long(void *data, struct di_context *context,
				 const struct di_mhd_request *http, struct di_mhd_reply *reply,
				 struct di_error *err)
{
	(void)data;
	(void)context;
	(void)http;
	di_uv_timer(uv, 1, 0, stop_now, NULL, NULL);
	slept = (int)di_uv_sleep(uv, grace == 0 ? 1000000 : 20, err);
	return slept == DI_OK ? say(reply, "slept") : err->status;
}

static void ask_and_stop(void)
{
	struct client client = { .port = di_mhd_uv_port(web), .url = "/", .requests = 1 };

	clients_left = 2; /* nobody is told of the last */
	pthread_create(&client.thread, NULL, ask, &client);
	uv_run(&loop, UV_RUN_DEFAULT);
	pthread_join(client.thread, NULL);
	clients[0] = client;
	ck_assert_int_eq(stopped, 1);
}

START_TEST(stopping_waits_for_handlers_that_wait)
{
	grace = 30000;
	serve(sleep_long);
	ask_and_stop();
	ck_assert_int_eq(slept, DI_OK);
	ck_assert_int_eq(stop_cause, 0);
	ck_assert_int_eq(clients[0].status, 200);
}
END_TEST

START_TEST(when_the_grace_is_over_handlers_are_cancelled_and_nothing_is_left_open)
{
	grace = 0;
	serve(sleep_long);
	ask_and_stop();
	ck_assert_int_eq(slept, DI_ECANCELLED);
	ck_assert_int_eq(stop_cause, ETIMEDOUT);
	ck_assert_int_eq(closed, 1);
}
END_TEST

static int late_fd, handled;

/* Goes on after it was cancelled, and then another request becomes whole. */
static enum di_status outlive_the_grace(void *data, struct di_context *context,
					const struct di_mhd_request *http,
					struct di_mhd_reply *reply, struct di_error *err)
{
	(void)data;
	(void)context;
	(void)http;
	if (++handled > 1)
		return say(reply, "late");
	di_uv_timer(uv, 1, 0, stop_now, NULL, NULL);
	ck_assert_int_eq(di_uv_sleep(uv, 1000000, NULL), DI_ECANCELLED);
	http_send_text(late_fd, "whole");
	return di_uv_sleep(uv, 50, err) == DI_OK ? say(reply, "slept") : err->status;
}

START_TEST(no_handler_begins_once_the_grace_is_over)
{
	static const char half[] = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";

	grace = 0;
	handled = 0;
	serve(outlive_the_grace);
	late_fd = http_connect(di_mhd_uv_port(web));
	http_send_text(late_fd, half);
	while (opened == 0)
		uv_run(&loop, UV_RUN_ONCE);
	ask_and_stop();
	ck_assert_int_eq(handled, 1);
	ck_assert_int_eq(closed, 2);
	ck_assert_int_eq(stop_cause, ETIMEDOUT);
	close(late_fd);
}
END_TEST

static void stop_at_once(uv_timer_t *timer)
{
	uv_close((uv_handle_t *)timer, NULL);
	di_mhd_uv_stop(web, 0, note_stopped, NULL);
}

START_TEST(stopping_cuts_off_half_a_request)
{
	static const char half[] = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";
	uv_timer_t timer;
	int fd;

	serve(do_work);
	fd = http_connect(di_mhd_uv_port(web));
	http_send_text(fd, half);
	while (opened == 0)
		uv_run(&loop, UV_RUN_ONCE);
	uv_timer_init(&loop, &timer);
	uv_timer_start(&timer, stop_at_once, 0, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(stopped, 1);
	ck_assert_int_eq(stop_cause, ETIMEDOUT);
	ck_assert_int_eq(closed, 1);
	close(fd);
}
END_TEST

/* ---- Misuse. ---- */

static enum di_status take(void *data, struct di_mhd_job *job, struct di_error *err)
{
	(void)data;
	(void)job;
	(void)err;
	return DI_EINVAL;
}

START_TEST(what_is_missing_is_an_error)
{
	struct di_fiber_scheduler *scheduler = di_uv_fibers_scheduler(fibers);
	struct di_mhd_options options = { .abi = DI_ABI, .handle = do_work };

	expect_null(di_mhd_uv_start(root, NULL, uv, scheduler, 0, NULL, &error), DI_EINVAL);
	expect_null(di_mhd_uv_start(root, &options, NULL, scheduler, 0, NULL, &error), DI_EINVAL);
	expect_null(di_mhd_uv_start(root, &options, uv, NULL, 0, NULL, &error), DI_EINVAL);
	ck_assert_str_eq(error_text(), "invalid argument: di_mhd_uv_start() needs options, a di_uv "
				       "and fibers");
	expect_null(di_mhd_uv_start(NULL, &options, uv, scheduler, 0, NULL, &error), DI_EINVAL);
	options.dispatcher.dispatch = take;
	expect_null(di_mhd_uv_start(root, &options, uv, scheduler, 0, NULL, &error), DI_EINVAL);
	ck_assert_str_eq(error_text(),
			 "invalid argument: fibers are the dispatcher of di_mhd_uv_start()");
}
END_TEST

START_TEST(starting_tells_why_it_cannot)
{
	const struct di_mhd_options options = { .abi = DI_ABI, .handle = do_work };
	uint16_t port;

	serve(do_work);
	port = di_mhd_uv_port(web);
	expect_null(di_mhd_uv_start(root, &options, uv, di_uv_fibers_scheduler(fibers), port, NULL,
				    &error),
		    DI_ECREATE);
	ck_assert_int_eq(error.cause, EADDRINUSE);
	di_mhd_uv_stop(web, 0, note_stopped, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	ck_assert_int_eq(stop_cause, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/microhttpd_uv");
	TCase *cases = tcase_create("web");

	tcase_add_checked_fixture(cases, setup, teardown);
	tcase_set_timeout(cases, 120);
	tcase_add_test(cases,
		       a_handler_awaits_and_its_context_is_closed_asynchronously_before_the_reply);
	tcase_add_test(cases, a_close_that_fails_later_is_what_the_client_reads);
	tcase_add_test(cases, one_thread_serves_many_handlers_that_wait);
	tcase_add_test(cases, values_follow_a_request_through_timers_and_the_pool);
	tcase_add_test(cases, as_many_contexts_are_closed_as_were_opened);
	tcase_add_test(cases, stopping_waits_for_handlers_that_wait);
	tcase_add_test(cases,
		       when_the_grace_is_over_handlers_are_cancelled_and_nothing_is_left_open);
	tcase_add_test(cases, no_handler_begins_once_the_grace_is_over);
	tcase_add_test(cases, stopping_cuts_off_half_a_request);
	tcase_add_test(cases, what_is_missing_is_an_error);
	tcase_add_test(cases, starting_tells_why_it_cannot);
	suite_add_tcase(all, cases);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
