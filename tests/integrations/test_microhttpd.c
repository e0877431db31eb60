/* SPDX-License-Identifier: MIT */
#include "tests/integrations/microhttpd_fixture.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- Contexts ---- */

START_TEST(a_request_has_a_context_of_its_own)
{
	serve(do_work);
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(SEEN(opened), 2);
	ck_assert_int_eq(SEEN(begun), 2);
}
END_TEST

START_TEST(the_context_is_closed_before_the_client_has_its_reply)
{
	serve(do_work);
	for (int i = 1; i <= 100; i++) {
		ck_assert_int_eq(get("/"), 200);
		ck_assert_int_eq(SEEN(closed), i);
		ck_assert_int_eq(SEEN(ended[DI_DONE]), i);
	}
}
END_TEST

static enum di_status tell_current(void *data, struct di_context *context,
				   const struct di_mhd_request *http, struct di_mhd_reply *reply,
				   struct di_error *err)
{
	int is_current = di_context_current(&web) == context;
	int is_request = di_context_scope(context) == &di_scope_request;

	(void)data;
	(void)http;
	(void)err;
	di_mhd_reply_status(reply, is_current && is_request ? 200 : 500);
	return DI_OK;
}

START_TEST(the_context_is_current_while_the_handler_runs)
{
	serve(tell_current);
	ck_assert_int_eq(get("/"), 200);
}
END_TEST

START_TEST(a_kept_connection_has_a_context_for_each_request)
{
	struct http_reply reply;
	int fd;

	serve(do_work);
	fd = http_connect(port);
	for (int i = 1; i <= 3; i++) {
		ck_assert_int_eq(http_call(fd, "POST", "/", "", "some body", &reply), 200);
		ck_assert_str_eq(reply.body, "worked");
		http_reply_release(&reply);
		ck_assert_int_eq(SEEN(closed), i);
	}
	close(fd);
}
END_TEST

/* ---- Outcomes ---- */

static enum di_status reply_as_told(void *data, struct di_context *context,
				    const struct di_mhd_request *http, struct di_mhd_reply *reply,
				    struct di_error *err)
{
	const char *outcome = di_mhd_query(http, "outcome");

	(void)data;
	if (!web_work_get(context, err))
		return err->status;
	di_mhd_reply_status(reply, (unsigned)atoi(http->url + 1));
	if (outcome)
		di_mhd_reply_outcome(reply, (enum di_outcome)atoi(outcome));
	return DI_OK;
}

static const struct {
	const char *url;
	int status;
	enum di_outcome outcome;
} told[] = {
	{ "/200", 200, DI_DONE },
	{ "/204", 204, DI_DONE },
	{ "/303", 303, DI_DONE },
	{ "/400", 400, DI_FAILED },
	{ "/404", 404, DI_FAILED },
	{ "/503", 503, DI_FAILED },
	{ "/404?outcome=0", 404, DI_DONE },
	{ "/200?outcome=1", 200, DI_FAILED },
	{ "/200?outcome=2", 200, DI_CANCELLED },
};

START_TEST(the_status_decides_how_the_context_ends_unless_an_outcome_is_said)
{
	serve(reply_as_told);
	ck_assert_int_eq(get(told[_i].url), told[_i].status);
	ck_assert_int_eq(SEEN(ended[told[_i].outcome]), 1);
	ck_assert_int_eq(SEEN(closed), 1);
}
END_TEST

static enum di_status go_wrong(void *data, struct di_context *context,
			       const struct di_mhd_request *http, struct di_mhd_reply *reply,
			       struct di_error *err)
{
	(void)data;
	(void)http;
	web_work_get(context, err);
	di_mhd_reply_body(reply, NULL, "not to be seen", 14);
	*err = (struct di_error){ .status = DI_ECREATE, .cause = EBUSY };
	return DI_ECREATE;
}

START_TEST(an_error_of_the_handler_is_a_500_and_fails_the_context)
{
	struct http_reply reply;

	serve(go_wrong);
	ck_assert_int_eq(http_call_once(port, "GET", "/", "", NULL, &reply), 500);
	ck_assert_str_eq(reply.body, "Internal Server Error");
	ck_assert_int_eq(SEEN(ended[DI_FAILED]), 1);
	http_reply_release(&reply);
}
END_TEST

static void explain(void *data, const struct di_mhd_request *http, const struct di_error *error,
		    struct di_mhd_reply *reply)
{
	char text[64];
	int length = snprintf(text, sizeof(text), "%s: %s %d", http->url,
			      error ? di_status_name(error->status) : "no error",
			      error ? error->cause : 0);

	(void)data;
	if (error)
		di_mhd_reply_status(reply, 503);
	di_mhd_reply_header(reply, "Retry-After", "1");
	di_mhd_reply_body(reply, "text/plain", text, (size_t)length);
}

static void serve_explaining(di_mhd_handle_fn *handle)
{
	const struct di_mhd_options options = {
		.abi = DI_ABI,
		.handle = handle,
		.failed = explain,
		.body_limit = 10,
	};

	serve_with(&options, MHD_USE_EPOLL_INTERNAL_THREAD, NULL);
}

/* Asks and expects what explain() replies with. */
static void ask_for_failure(int status, const char *url, const char *body, const char *text)
{
	struct http_reply reply;

	ck_assert_int_eq(http_call_once(port, "POST", url, "", body, &reply), status);
	ck_assert_str_eq(reply.body, text);
	ck_assert(http_has_header(&reply, "Retry-After", "1"));
	http_reply_release(&reply);
}

START_TEST(the_failure_hook_replies_for_the_handlers_error)
{
	serve_explaining(go_wrong);
	ask_for_failure(503, "/here", NULL, "/here: DI_ECREATE 16");
}
END_TEST

START_TEST(a_failing_close_replaces_the_reply)
{
	end_work_with(EBUSY);
	serve_explaining(do_work);
	ask_for_failure(503, "/here", NULL, "/here: DI_EFINALIZE 16");
	ck_assert_int_eq(SEEN(ended[DI_DONE]), 1);
	ck_assert_int_eq(SEEN(closed), 1);
}
END_TEST

START_TEST(a_failing_close_is_a_500_without_a_hook)
{
	struct http_reply reply;

	end_work_with(EIO);
	serve(do_work);
	ck_assert_int_eq(http_call_once(port, "GET", "/", "", NULL, &reply), 500);
	ck_assert_str_eq(reply.body, "Internal Server Error");
	http_reply_release(&reply);
}
END_TEST

START_TEST(the_service_goes_on_after_a_failing_close)
{
	end_work_with(EIO);
	serve(do_work);
	ck_assert_int_eq(get("/"), 500);
	end_work_with(0);
	ck_assert_int_eq(get("/"), 200);
}
END_TEST

static enum di_status add_bad_header(void *data, struct di_context *context,
				     const struct di_mhd_request *http, struct di_mhd_reply *reply,
				     struct di_error *err)
{
	(void)data;
	(void)http;
	if (!web_work_get(context, err))
		return err->status;
	di_mhd_reply_header(reply, "Location", "/\r\nSet-Cookie: stolen=1");
	return DI_OK;
}

static const char *const no_statuses[] = { "/0", "/99", "/100", "/101", "/199", "/1000" };

START_TEST(a_status_that_cannot_be_sent_fails_the_context)
{
	serve(reply_as_told);
	ck_assert_int_eq(get(no_statuses[_i]), 500);
	ck_assert_int_eq(SEEN(ended[DI_FAILED]), 1);
	ck_assert_int_eq(SEEN(ended[DI_DONE]), 0);
}
END_TEST

START_TEST(a_reply_that_cannot_be_sent_fails_the_context)
{
	serve(add_bad_header);
	ck_assert_int_eq(get("/"), 500);
	ck_assert_int_eq(SEEN(ended[DI_FAILED]), 1);
	ck_assert_int_eq(SEEN(ended[DI_DONE]), 0);
}
END_TEST

static enum di_status leave_child_open(void *data, struct di_context *context,
				       const struct di_mhd_request *http,
				       struct di_mhd_reply *reply, struct di_error *err)
{
	struct di_context *child;

	(void)data;
	(void)http;
	(void)reply;
	if (!web_work_get(context, err))
		return err->status;
	child = di_context_open(context, &di_scope_inject, err);
	pthread_mutex_lock(&the_record.lock);
	the_record.kept = child;
	pthread_mutex_unlock(&the_record.lock);
	return child ? DI_OK : err->status;
}

START_TEST(a_context_that_is_still_in_use_is_an_error_and_is_left_to_the_container)
{
	struct di_error err = { 0 };

	serve_explaining(leave_child_open);
	ask_for_failure(503, "/here", NULL, "/here: DI_EBUSY 0");
	ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	ck_assert_int_eq(SEEN(closed), 0);
	ck_assert_int_eq(di_context_close(the_record.kept, DI_DONE, &err), DI_OK);
	end(DI_EOPEN);
	ck_assert_int_eq(SEEN(ended[DI_CANCELLED]), 1);
}
END_TEST

/* The thread of the daemon has it entered until it ends. */
static enum di_status enter_once_more(void *data, struct di_context *context,
				      const struct di_mhd_request *http, struct di_mhd_reply *reply,
				      struct di_error *err)
{
	(void)data;
	(void)http;
	(void)reply;
	if (!web_work_get(context, err))
		return err->status;
	return di_context_enter(context, err);
}

START_TEST(a_context_that_the_handler_leaves_entered_is_an_error_and_is_left_to_the_container)
{
	struct di_error err = { 0 };

	serve_explaining(enter_once_more);
	ask_for_failure(503, "/here", NULL, "/here: DI_EBUSY 0");
	ck_assert_int_eq(di_container_free(container, &err), DI_EBUSY);
	ck_assert_str_eq(err.detail, "another flow has entered the context of scope request");
	ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	ck_assert_int_eq(SEEN(closed), 0);
	end(DI_EOPEN);
	ck_assert_int_eq(SEEN(ended[DI_CANCELLED]), 1);
}
END_TEST

/* ---- Requests ---- */

static enum di_status echo(void *data, struct di_context *context,
			   const struct di_mhd_request *http, struct di_mhd_reply *reply,
			   struct di_error *err)
{
	const char *header = di_mhd_header(http, "x-thing");
	const char *query = di_mhd_query(http, "a b");
	const char *empty = di_mhd_query(http, "empty");
	char text[256];
	int length =
		snprintf(text, sizeof(text), "%s %s %s h=%s q=%s e=%s n=%s b=%zu %s", http->method,
			 http->url, http->version, header ? header : "NULL", query ? query : "NULL",
			 empty ? empty : "NULL", di_mhd_query(http, "none") ? "there" : "NULL",
			 http->body_size, http->body);

	(void)data;
	(void)context;
	(void)err;
	di_mhd_reply_header(reply, "X-One", "1");
	di_mhd_reply_header(reply, "X-Two", "2");
	di_mhd_reply_body(reply, "text/html", "replaced", 8);
	di_mhd_reply_body(reply, "text/plain", text, (size_t)length);
	return DI_OK;
}

START_TEST(a_handler_sees_the_whole_request)
{
	struct http_reply reply;

	serve(echo);
	ck_assert_int_eq(http_call_once(port, "PUT", "/p%20q?a+b=c%26d&empty", "X-Thing: t\r\n",
					"content", &reply),
			 200);
	ck_assert_str_eq(reply.body, "PUT /p q HTTP/1.1 h=t q=c&d e= n=NULL b=7 content");
	ck_assert(http_has_header(&reply, "Content-Type", "text/plain"));
	ck_assert(http_has_header(&reply, "X-One", "1"));
	ck_assert(http_has_header(&reply, "X-Two", "2"));
	http_reply_release(&reply);
	ck_assert_int_eq(http_call_once(port, "GET", "/", "", NULL, &reply), 200);
	ck_assert_str_eq(reply.body, "GET / HTTP/1.1 h=NULL q=NULL e=NULL n=NULL b=0 ");
	http_reply_release(&reply);
}
END_TEST

START_TEST(a_body_in_chunks_is_put_together)
{
	struct http_reply reply;
	int fd;

	serve(echo);
	fd = http_connect(port);
	http_send_text(fd, "POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
			   "3\r\nabc\r\n");
	http_send_text(fd, "4\r\ndefg\r\n0\r\n\r\n");
	ck_assert_int_eq(http_receive(fd, &reply), 200);
	ck_assert_str_eq(reply.body, "POST /c HTTP/1.1 h=NULL q=NULL e=NULL n=NULL b=7 abcdefg");
	http_reply_release(&reply);
	close(fd);
}
END_TEST

START_TEST(a_body_over_the_limit_is_a_413_and_the_connection_goes_on)
{
	struct http_reply reply;
	int fd;

	serve_explaining(do_work);
	fd = http_connect(port);
	ck_assert_int_eq(http_call(fd, "POST", "/big", "", "12345678901", &reply), 413);
	ck_assert_str_eq(reply.body, "/big: no error 0");
	http_reply_release(&reply);
	ck_assert_int_eq(SEEN(handled), 0);
	ck_assert_int_eq(SEEN(closed), 1);
	ck_assert_int_eq(http_call(fd, "POST", "/fits", "", "1234567890", &reply), 200);
	http_reply_release(&reply);
	close(fd);
}
END_TEST

START_TEST(a_huge_body_is_swallowed_without_being_kept)
{
	char *body = calloc(1, 8 * 1024 * 1024 + 1);
	struct http_reply reply;

	memset(body, 'x', 8 * 1024 * 1024);
	serve_explaining(do_work);
	ck_assert_int_eq(http_call_once(port, "POST", "/huge", "", body, &reply), 413);
	http_reply_release(&reply);
	free(body);
	ck_assert_int_eq(SEEN(handled), 0);
}
END_TEST

/* ---- Clients that do not behave ---- */

START_TEST(a_client_that_goes_away_in_its_body_cancels_the_context)
{
	int fd;

	serve(do_work);
	fd = http_connect(port);
	http_send_text(fd, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf");
	ck_assert_int_eq(wait_for(&the_record.opened, 1), 1);
	close(fd);
	ck_assert_int_eq(wait_for(&the_record.closed, 1), 1);
	ck_assert_int_eq(SEEN(handled), 0);
	ck_assert_int_eq(get("/"), 200);
}
END_TEST

static const char *const garbage[] = {
	"\r\n\r\n\r\n",
	"nonsense\r\n\r\n",
	"GET\r\n\r\n",
	"GET / HTTP/9.9\r\n\r\n",
	"GET / HTTP/1.1\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
	"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
	"\x16\x03\x01\x02",
};

START_TEST(garbage_leaves_nothing_open)
{
	int fd;

	serve(do_work);
	fd = http_connect(port);
	http_send_text(fd, garbage[_i]);
	close(fd);
	ck_assert_int_eq(get("/"), 200);
	end(DI_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/microhttpd");
	TCase *contexts = tcase_create("contexts");
	TCase *outcomes = tcase_create("outcomes");
	TCase *requests = tcase_create("requests");
	TCase *clients = tcase_create("clients");
	TCase *const cases[] = { contexts, outcomes, requests, clients };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		tcase_add_checked_fixture(cases[i], setup, teardown);
		tcase_set_timeout(cases[i], 60);
		suite_add_tcase(suite, cases[i]);
	}
	tcase_add_test(contexts, a_request_has_a_context_of_its_own);
	tcase_add_test(contexts, the_context_is_closed_before_the_client_has_its_reply);
	tcase_add_test(contexts, the_context_is_current_while_the_handler_runs);
	tcase_add_test(contexts, a_kept_connection_has_a_context_for_each_request);
	tcase_add_loop_test(outcomes,
			    the_status_decides_how_the_context_ends_unless_an_outcome_is_said, 0,
			    sizeof(told) / sizeof(*told));
	tcase_add_test(outcomes, an_error_of_the_handler_is_a_500_and_fails_the_context);
	tcase_add_test(outcomes, the_failure_hook_replies_for_the_handlers_error);
	tcase_add_test(outcomes, a_failing_close_replaces_the_reply);
	tcase_add_test(outcomes, a_failing_close_is_a_500_without_a_hook);
	tcase_add_test(outcomes, the_service_goes_on_after_a_failing_close);
	tcase_add_loop_test(outcomes, a_status_that_cannot_be_sent_fails_the_context, 0,
			    sizeof(no_statuses) / sizeof(*no_statuses));
	tcase_add_test(outcomes, a_reply_that_cannot_be_sent_fails_the_context);
	tcase_add_test(outcomes,
		       a_context_that_is_still_in_use_is_an_error_and_is_left_to_the_container);
	tcase_add_test(
		outcomes,
		a_context_that_the_handler_leaves_entered_is_an_error_and_is_left_to_the_container);
	tcase_add_test(requests, a_handler_sees_the_whole_request);
	tcase_add_test(requests, a_body_in_chunks_is_put_together);
	tcase_add_test(requests, a_body_over_the_limit_is_a_413_and_the_connection_goes_on);
	tcase_add_test(requests, a_huge_body_is_swallowed_without_being_kept);
	tcase_add_test(clients, a_client_that_goes_away_in_its_body_cancels_the_context);
	tcase_add_loop_test(clients, garbage_leaves_nothing_open, 0,
			    sizeof(garbage) / sizeof(*garbage));
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
