/* SPDX-License-Identifier: MIT */
#include "tests/integrations/microhttpd_fixture.h"

#include <stdlib.h>

static const struct di_mhd_options working = { .abi = DI_ABI, .handle = do_work };

/* ---- How libmicrohttpd runs ---- */

static const struct {
	unsigned flags;
	int threads;
} modes[] = {
	{ MHD_USE_EPOLL_INTERNAL_THREAD, 0 },
	{ MHD_USE_EPOLL_INTERNAL_THREAD, 2 },
	{ MHD_USE_EPOLL_INTERNAL_THREAD, 8 },
	{ MHD_USE_POLL_INTERNAL_THREAD, 0 },
	{ MHD_USE_POLL_INTERNAL_THREAD, 4 },
	{ MHD_USE_INTERNAL_POLLING_THREAD, 0 },
	{ MHD_USE_POLL_INTERNAL_THREAD | MHD_USE_THREAD_PER_CONNECTION, 0 },
	{ MHD_USE_AUTO_INTERNAL_THREAD, 4 },
};

enum {
	CLIENTS = 6
};

struct client {
	int requests;
	int answered;
};

static void *keep_asking(void *data)
{
	struct client *client = data;
	struct http_reply reply;
	int fd = http_connect(port);

	for (int i = 0; i < client->requests; i++) {
		if (http_call(fd, i % 2 ? "GET" : "POST", "/", "", i % 2 ? NULL : "body", &reply) ==
		    200)
			client->answered++;
		http_reply_release(&reply);
	}
	close(fd);
	return NULL;
}

static int ask_in_parallel(int requests)
{
	pthread_t threads[CLIENTS];
	struct client clients[CLIENTS];
	int answered = 0;

	for (int i = 0; i < CLIENTS; i++) {
		clients[i] = (struct client){ .requests = requests };
		pthread_create(&threads[i], NULL, keep_asking, &clients[i]);
	}
	for (int i = 0; i < CLIENTS; i++) {
		pthread_join(threads[i], NULL);
		answered += clients[i].answered;
	}
	return answered;
}

static void serve_in_mode(int mode)
{
	struct MHD_OptionItem items[] = {
		{ MHD_OPTION_THREAD_POOL_SIZE, modes[mode].threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};

	serve_with(&working, modes[mode].flags, modes[mode].threads ? items : NULL);
}

START_TEST(every_mode_opens_and_closes_a_context_per_request)
{
	int requests = di_check_quick() ? 20 : 200;

	serve_in_mode(_i);
	ck_assert_int_eq(ask_in_parallel(requests), CLIENTS * requests);
	ck_assert_int_eq(SEEN(opened), CLIENTS * requests);
	ck_assert_int_eq(SEEN(ended[DI_DONE]), CLIENTS * requests);
}
END_TEST

START_TEST(every_mode_cancels_what_shutdown_interrupts)
{
	int fd;

	serve_in_mode(_i);
	fd = http_connect(port);
	http_send_text(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
	ck_assert_int_eq(wait_for(&the_record.opened, 1), 1);
	ck_assert_int_eq(di_mhd_stop(mhd, 0), ETIMEDOUT);
	ck_assert_int_eq(SEEN(closed), 1);
	ck_assert_int_eq(SEEN(handled), 0);
	close(fd);
}
END_TEST

START_TEST(polling_notices_a_client_that_leaves_right_behind_its_last_bytes)
{
	int clients = di_check_quick() ? 5 : 50;

	serve_with(&working, MHD_USE_POLL_INTERNAL_THREAD, NULL);
	for (int i = 0; i < clients; i++) {
		int fd = http_connect(port);

		http_send_text(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf");
		close(fd);
	}
	ck_assert_int_eq(wait_for(&the_record.closed, clients), clients);
	ck_assert_int_eq(SEEN(handled), 0);
}
END_TEST

START_TEST(a_daemon_of_ones_own_works_too)
{
	struct di_error err = { 0 };
	struct MHD_Daemon *daemon;

	mhd = di_mhd_new(di_container_root(container), &working, &err);
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, di_mhd_access, mhd,
				  MHD_OPTION_NOTIFY_COMPLETED, di_mhd_completed, mhd,
				  MHD_OPTION_END);
	ck_assert_ptr_nonnull(daemon);
	ck_assert_int_eq(di_mhd_port(mhd), 0);
	port = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
	ck_assert_int_eq(get("/"), 200);
	MHD_stop_daemon(daemon);
}
END_TEST

START_TEST(contexts_open_below_the_parent_with_the_scope_asked_for)
{
	const struct di_mhd_options options = {
		.abi = DI_ABI,
		.handle = do_work,
		.scope = &di_scope_inject,
	};
	struct di_error err = { 0 };
	struct di_context *outer =
		di_context_open(di_container_root(container), &di_scope_request, &err);

	mhd = di_mhd_new(outer, &options, &err);
	ck_assert_int_eq(di_mhd_start(mhd, MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL), 0);
	port = di_mhd_port(mhd);
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(SEEN(begun), 1);
	ck_assert_int_eq(SEEN(closed), 0);
	ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	ck_assert_int_eq(di_context_close(outer, DI_DONE, &err), DI_OK);
}
END_TEST

/* ---- Stopping ---- */

static enum di_status wait_to_be_let_go(void *data, struct di_context *context,
					const struct di_mhd_request *http,
					struct di_mhd_reply *reply, struct di_error *err)
{
	int *let_go = data;

	count(&the_record.handled);
	wait_for(let_go, 1);
	(void)http;
	(void)reply;
	return web_work_get(context, err) ? DI_OK : err->status;
}

static void *stop(void *result)
{
	*(int *)result = di_mhd_stop(mhd, 30000);
	return NULL;
}

START_TEST(stopping_waits_for_the_reply_under_way_and_then_lets_the_client_go)
{
	static int let_go;
	const struct di_mhd_options options = {
		.abi = DI_ABI,
		.handle = wait_to_be_let_go,
		.data = &let_go,
	};
	struct http_reply reply;
	pthread_t stopper;
	int stopped = -1;
	int fd;

	let_go = 0;
	serve_with(&options, MHD_USE_EPOLL_INTERNAL_THREAD, NULL);
	fd = http_connect(port);
	http_send_text(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(wait_for(&the_record.handled, 1), 1);
	ck_assert_int_eq(di_mhd_drain(mhd, 0), ETIMEDOUT);
	pthread_create(&stopper, NULL, stop, &stopped);
	count(&let_go);
	ck_assert_int_eq(http_receive(fd, &reply), 200);
	ck_assert(http_has_header(&reply, "Connection", "close"));
	http_reply_release(&reply);
	pthread_join(stopper, NULL);
	ck_assert_int_eq(stopped, 0);
	ck_assert_int_eq(SEEN(ended[DI_DONE]), 1);
	close(fd);
}
END_TEST

START_TEST(an_idle_connection_does_not_hold_up_stopping)
{
	struct http_reply reply;
	int fd;

	serve(do_work);
	fd = http_connect(port);
	ck_assert_int_eq(http_call(fd, "GET", "/", "", NULL, &reply), 200);
	http_reply_release(&reply);
	ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	close(fd);
}
END_TEST

enum {
	GARBAGE_ROUNDS = 100,
	GARBAGE_CLIENTS = 4
};

/* libmicrohttpd 0.9.75 does not survive it if it is stopped with connections. */
START_TEST(malformed_requests_may_come_while_it_is_stopped)
{
	int fds[GARBAGE_CLIENTS], i, k;

	serve(do_work);
	for (i = 0; i < GARBAGE_ROUNDS; i++) {
		for (k = 0; k < GARBAGE_CLIENTS; k++) {
			fds[k] = http_connect(port);
			ck_assert_int_ge(fds[k], 0);
		}
		ck_assert_int_eq(get("/"), 200);
		for (k = 0; k < GARBAGE_CLIENTS; k++)
			http_send_text(fds[k], "GET / HTTP/1.1\r\nno header\r\n\r\n");
		ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
		for (k = 0; k < GARBAGE_CLIENTS; k++)
			close(fds[k]);
		ck_assert_int_eq(di_mhd_start(mhd, MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL), 0);
		port = di_mhd_port(mhd);
	}
}
END_TEST

START_TEST(it_can_be_started_again)
{
	serve(do_work);
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	ck_assert_ptr_null(di_mhd_daemon(mhd));
	ck_assert_int_eq(di_mhd_port(mhd), 0);
	ck_assert_int_eq(di_mhd_start(mhd, MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL), 0);
	port = di_mhd_port(mhd);
	ck_assert_int_eq(get("/"), 200);
}
END_TEST

/* ---- Misuse ---- */

static void expect_refused(struct di_context *parent, const struct di_mhd_options *options,
			   enum di_status status, const char *text)
{
	struct di_error err = { 0 };
	char said[256];

	ck_assert_ptr_null(di_mhd_new(parent, options, &err));
	ck_assert_str_eq(di_status_name(err.status), di_status_name(status));
	ck_assert_str_eq(di_error_text(&err, said, sizeof(said)), text);
	ck_assert_ptr_null(di_mhd_new(parent, options, NULL));
}

START_TEST(misuse_is_an_error)
{
	struct di_context *root = di_container_root(container);
	struct di_mhd_options options = working;

	expect_refused(NULL, &options, DI_EINVAL,
		       "invalid argument: di_mhd_new() needs a parent and options");
	expect_refused(root, NULL, DI_EINVAL,
		       "invalid argument: di_mhd_new() needs a parent and options");
	options.scope = &di_scope_any;
	expect_refused(root, &options, DI_EINVAL,
		       "invalid argument: a context of scope any cannot be opened");
	options.handle = NULL;
	expect_refused(root, &options, DI_EINVAL, "invalid argument: di_mhd_new() needs a handler");
	options.abi = DI_ABI + 1;
	expect_refused(root, &options, DI_EABI,
		       "compiled against other headers of di: set abi of the options of "
		       "di_mhd_new() to DI_ABI");
	di_mhd_free(NULL);
}
END_TEST

START_TEST(starting_tells_why_it_cannot)
{
	struct di_error err = { 0 };
	struct di_mhd *second;

	serve(do_work);
	ck_assert_int_eq(di_mhd_start(mhd, MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL), EBUSY);
	second = di_mhd_new(di_container_root(container), &working, &err);
	ck_assert_int_eq(di_mhd_stop(second, 0), EINVAL);
	ck_assert_int_eq(di_mhd_start(second, MHD_USE_EPOLL_INTERNAL_THREAD, port, NULL),
			 EADDRINUSE);
	di_mhd_free(second);
}
END_TEST

/* ---- Memory ---- */

/* Fails the n-th allocation from now on, and knows what has not come back. */
struct memory {
	pthread_mutex_t lock;
	int fail_in; /* 0: never */
	int failed;
	size_t live;
};

static void *take(size_t size, void *data)
{
	struct memory *memory = data;
	int fails;

	pthread_mutex_lock(&memory->lock);
	fails = memory->fail_in && --memory->fail_in == 0;
	memory->failed += fails;
	memory->live += fails ? 0 : size;
	pthread_mutex_unlock(&memory->lock);
	return fails ? NULL : malloc(size);
}

static void give_back(void *block, size_t size, void *data)
{
	struct memory *memory = data;

	pthread_mutex_lock(&memory->lock);
	memory->live -= size;
	pthread_mutex_unlock(&memory->lock);
	free(block);
}

static int fail_in(struct memory *memory, int calls)
{
	int failed;

	pthread_mutex_lock(&memory->lock);
	failed = memory->failed;
	memory->fail_in = calls;
	memory->failed = 0;
	pthread_mutex_unlock(&memory->lock);
	return failed;
}

static enum di_status reply_at_length(void *data, struct di_context *context,
				      const struct di_mhd_request *http, struct di_mhd_reply *reply,
				      struct di_error *err)
{
	(void)data;
	if (!web_work_get(context, err))
		return err->status;
	di_mhd_reply_header(reply, "X-Header", "value");
	di_mhd_reply_body(reply, "text/plain", http->body, http->body_size);
	return DI_OK;
}

static int post(void)
{
	struct http_reply reply;
	int status = http_call_once(port, "POST", "/", "", "a body to be sent back", &reply);

	http_reply_release(&reply);
	return status;
}

/* Lets each allocation that a request makes fail in turn. Returns how many there were. */
static int sweep(struct memory *memory)
{
	int calls = 1;

	for (;; calls++) {
		int status, done;

		fail_in(memory, calls);
		done = SEEN(ended[DI_DONE]);
		status = post();
		if (fail_in(memory, 0) == 0) {
			ck_assert_int_eq(status, 200);
			return calls - 1;
		}
		/* A context too may do without the memory that it would have liked to have. */
		ck_assert(status == 200 || status == 500 || status == 0);
		ck_assert_int_eq(SEEN(ended[DI_DONE]), done + (status == 200));
	}
}

static void sweep_with(struct memory *memory, const struct di_allocator *of_container,
		       const struct di_allocator *of_mhd)
{
	const struct di_mhd_options options = {
		.abi = DI_ABI,
		.handle = reply_at_length,
		.allocator = of_mhd,
	};

	di_container_free(container, NULL);
	make_container(of_container);
	serve_with(&options, MHD_USE_EPOLL_INTERNAL_THREAD, NULL);
	ck_assert_int_gt(sweep(memory), 0);
	ck_assert_int_eq(post(), 200);
	end(DI_OK);
	ck_assert_uint_eq(memory->live, 0);
}

START_TEST(without_memory_for_the_request_nothing_is_committed_and_nothing_leaks)
{
	struct memory memory = { .lock = PTHREAD_MUTEX_INITIALIZER };
	const struct di_allocator allocator = { take, give_back, &memory };

	sweep_with(&memory, NULL, &allocator);
}
END_TEST

START_TEST(without_memory_for_the_context_nothing_is_committed_and_nothing_leaks)
{
	struct memory memory = { .lock = PTHREAD_MUTEX_INITIALIZER };
	const struct di_allocator allocator = { take, give_back, &memory };

	sweep_with(&memory, &allocator, NULL);
}
END_TEST

static Suite *suite(void)
{
	const int mode_count = sizeof(modes) / sizeof(*modes);
	Suite *suite = suite_create("integrations/microhttpd/service");
	TCase *running = tcase_create("modes");
	TCase *stopping = tcase_create("stopping");
	TCase *misuse = tcase_create("misuse");
	TCase *memory = tcase_create("memory");
	TCase *const cases[] = { running, stopping, misuse, memory };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		tcase_add_checked_fixture(cases[i], setup, teardown);
		tcase_set_timeout(cases[i], 60);
		suite_add_tcase(suite, cases[i]);
	}
	tcase_add_loop_test(running, every_mode_opens_and_closes_a_context_per_request, 0,
			    mode_count);
	tcase_add_loop_test(running, every_mode_cancels_what_shutdown_interrupts, 0, mode_count);
	tcase_add_test(running, polling_notices_a_client_that_leaves_right_behind_its_last_bytes);
	tcase_add_test(running, a_daemon_of_ones_own_works_too);
	tcase_add_test(running, contexts_open_below_the_parent_with_the_scope_asked_for);
	tcase_add_test(stopping,
		       stopping_waits_for_the_reply_under_way_and_then_lets_the_client_go);
	tcase_add_test(stopping, an_idle_connection_does_not_hold_up_stopping);
	tcase_add_test(stopping, malformed_requests_may_come_while_it_is_stopped);
	tcase_add_test(stopping, it_can_be_started_again);
	tcase_add_test(misuse, misuse_is_an_error);
	tcase_add_test(misuse, starting_tells_why_it_cannot);
	tcase_add_test(memory,
		       without_memory_for_the_request_nothing_is_committed_and_nothing_leaks);
	tcase_add_test(memory,
		       without_memory_for_the_context_nothing_is_committed_and_nothing_leaks);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
