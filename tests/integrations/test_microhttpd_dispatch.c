/* SPDX-License-Identifier: MIT */
#include "integrations/microhttpd/service.h"
#include "tests/integrations/microhttpd_fixture.h"

#include <sched.h>
#include <stdlib.h>

/* Handlers that run elsewhere: on threads of ours, each for one job. */

enum {
	MOST = 64
};

static struct {
	pthread_mutex_t lock;
	pthread_t threads[MOST];
	int count;
} workers = { .lock = PTHREAD_MUTEX_INITIALIZER };

static void *run_job(void *data)
{
	di_mhd_job_run(data);
	return NULL;
}

static enum di_status on_a_thread(void *data, struct di_mhd_job *job, struct di_error *err)
{
	(void)data;
	(void)err;
	pthread_mutex_lock(&workers.lock);
	ck_assert_int_lt(workers.count, MOST);
	pthread_create(&workers.threads[workers.count++], NULL, run_job, job);
	pthread_mutex_unlock(&workers.lock);
	return DI_OK;
}

static enum di_status at_once(void *data, struct di_mhd_job *job, struct di_error *err)
{
	(void)data;
	(void)err;
	ck_assert_str_eq(di_mhd_job_request(job)->url, "/");
	ck_assert_ptr_eq(di_context_scope(di_mhd_job_context(job)), &di_scope_request);
	di_mhd_job_run(job);
	return DI_OK;
}

static void join_workers(void)
{
	for (int i = 0; i < workers.count; i++)
		pthread_join(workers.threads[i], NULL);
	workers.count = 0;
}

static void end_all(void)
{
	if (mhd && di_mhd_daemon(mhd))
		ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	join_workers();
	teardown();
}

static void serve_by(di_mhd_handle_fn *handle, struct di_mhd_dispatcher dispatcher)
{
	const struct di_mhd_options options = {
		.abi = DI_ABI,
		.handle = handle,
		.dispatcher = dispatcher,
	};

	serve_with(&options, MHD_USE_EPOLL_INTERNAL_THREAD, NULL);
}

START_TEST(a_handler_runs_where_it_is_put)
{
	serve_by(do_work, (struct di_mhd_dispatcher){ .dispatch = on_a_thread });
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(SEEN(handled), 1);
	ck_assert_int_eq(SEEN(ended[DI_DONE]), 1);
	ck_assert_int_eq(SEEN(closed), 1);
}
END_TEST

START_TEST(it_may_run_before_the_dispatcher_returns)
{
	serve_by(do_work, (struct di_mhd_dispatcher){ .dispatch = at_once });
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(SEEN(ended[DI_DONE]), 2);
}
END_TEST

/* ---- One thread of libmicrohttpd, many handlers. ---- */

enum {
	TOGETHER = 5
};

/* Returns once all have come. */
static enum di_status meet(void *data, struct di_context *context,
			   const struct di_mhd_request *http, struct di_mhd_reply *reply,
			   struct di_error *err)
{
	enum di_status status = do_work(data, context, http, reply, err);

	ck_assert_ptr_eq(di_context_current(&web), context);
	if (wait_for(&the_record.handled, TOGETHER) < TOGETHER)
		di_mhd_reply_status(reply, 503);
	return status;
}

static void *ask(void *status)
{
	*(int *)status = get("/");
	return NULL;
}

START_TEST(handlers_that_wait_do_not_keep_others_from_being_served)
{
	pthread_t clients[TOGETHER];
	int statuses[TOGETHER];

	serve_by(meet, (struct di_mhd_dispatcher){ .dispatch = on_a_thread });
	for (int i = 0; i < TOGETHER; i++)
		pthread_create(&clients[i], NULL, ask, &statuses[i]);
	for (int i = 0; i < TOGETHER; i++) {
		pthread_join(clients[i], NULL);
		ck_assert_int_eq(statuses[i], 200);
	}
	ck_assert_int_eq(SEEN(ended[DI_DONE]), TOGETHER);
}
END_TEST

/* ---- What goes wrong. ---- */

static enum di_status refuse(void *data, struct di_mhd_job *job, struct di_error *err)
{
	(void)job;
	*err = (struct di_error){ .status = *(enum di_status *)data };
	return err->status;
}

static enum di_status told = DI_OK;

static void tell(void *data, const struct di_mhd_request *http, const struct di_error *error,
		 struct di_mhd_reply *reply)
{
	(void)data;
	(void)http;
	told = error->status;
	di_mhd_reply_status(reply, 503);
}

START_TEST(a_request_that_cannot_be_dispatched_is_a_failure)
{
	enum di_status status = DI_ENOMEM;
	const struct di_mhd_options options = {
		.abi = DI_ABI,
		.handle = do_work,
		.failed = tell,
		.dispatcher = { .dispatch = refuse, .data = &status },
	};

	serve_with(&options, MHD_USE_EPOLL_INTERNAL_THREAD, NULL);
	ck_assert_int_eq(get("/"), 503);
	ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	ck_assert_int_eq(told, DI_ENOMEM);
	ck_assert_int_eq(the_record.handled, 0);
	ck_assert_int_eq(the_record.closed, 1);
}
END_TEST

static enum di_status close_and_count(void *data, struct di_context *context,
				      enum di_outcome outcome, struct di_error *err)
{
	count(data);
	return di_context_close(context, outcome, err);
}

START_TEST(the_dispatcher_closes_what_its_handlers_have_used)
{
	int closes = 0;

	serve_by(do_work, (struct di_mhd_dispatcher){
				  .dispatch = on_a_thread,
				  .close = close_and_count,
				  .data = &closes,
			  });
	ck_assert_int_eq(get("/"), 200);
	ck_assert_int_eq(read_count(&closes), 1);
	end_work_with(EIO);
	ck_assert_int_eq(get("/"), 500);
	ck_assert_int_eq(read_count(&closes), 2);
	end_work_with(0);
}
END_TEST

static enum di_status find_no_memory(void *data, struct di_context *context,
				     enum di_outcome outcome, struct di_error *err)
{
	(void)data;
	(void)context;
	(void)outcome;
	*err = (struct di_error){ .status = DI_ENOMEM };
	return DI_ENOMEM;
}

START_TEST(a_context_that_the_dispatcher_cannot_close_is_cancelled_behind_the_reply)
{
	serve_by(do_work, (struct di_mhd_dispatcher){
				  .dispatch = on_a_thread,
				  .close = find_no_memory,
			  });
	ck_assert_int_eq(get("/"), 500);
	ck_assert_int_eq(di_mhd_stop(mhd, 30000), 0);
	ck_assert_int_eq(the_record.closed, 1);
	ck_assert_int_eq(the_record.ended[DI_CANCELLED], 1);
}
END_TEST

/* ---- Clients that leave, and stopping. ---- */

static int may_go_on;

static enum di_status wait_and_work(void *data, struct di_context *context,
				    const struct di_mhd_request *http, struct di_mhd_reply *reply,
				    struct di_error *err)
{
	enum di_status status = do_work(data, context, http, reply, err);

	wait_for(&may_go_on, 1);
	return status;
}

START_TEST(a_client_that_leaves_meanwhile_changes_nothing_for_the_handler)
{
	int fd;

	may_go_on = 0;
	serve_by(wait_and_work, (struct di_mhd_dispatcher){ .dispatch = on_a_thread });
	fd = http_connect(port);
	http_send_text(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(wait_for(&the_record.handled, 1), 1);
	close(fd);
	ck_assert_int_eq(SEEN(closed), 0);
	count(&may_go_on);
	ck_assert_int_eq(wait_for(&the_record.closed, 1), 1);
	ck_assert_int_eq(SEEN(ended[DI_DONE]), 1);
}
END_TEST

static void *let_go(void *data)
{
	(void)data;
	while (!di__mhd_draining(mhd))
		sched_yield();
	count(&may_go_on);
	return NULL;
}

START_TEST(stopping_waits_for_handlers_that_run_elsewhere)
{
	pthread_t helper;
	int fd;

	may_go_on = 0;
	serve_by(wait_and_work, (struct di_mhd_dispatcher){ .dispatch = on_a_thread });
	fd = http_connect(port);
	http_send_text(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(wait_for(&the_record.handled, 1), 1);
	pthread_create(&helper, NULL, let_go, NULL);
	di_mhd_stop(mhd, 0);
	pthread_join(helper, NULL);
	ck_assert_int_eq(the_record.closed, 1);
	ck_assert_int_eq(the_record.ended[DI_DONE], 1);
	close(fd);
}
END_TEST

static int is_stopping(void)
{
	int stopping;

	pthread_mutex_lock(&mhd->lock);
	stopping = mhd->stopping;
	pthread_mutex_unlock(&mhd->lock);
	return stopping;
}

/* The first handler goes on once the other request has been cut off. */
static void *send_the_rest(void *fd)
{
	while (!is_stopping())
		sched_yield();
	http_send_text(*(int *)fd, "x");
	wait_for(&the_record.closed, 1);
	count(&may_go_on);
	return NULL;
}

START_TEST(a_request_that_is_whole_too_late_is_cut_off_and_not_put_anywhere)
{
	pthread_t helper;
	int fd, late;

	may_go_on = 0;
	serve_by(wait_and_work, (struct di_mhd_dispatcher){ .dispatch = on_a_thread });
	fd = http_connect(port);
	late = http_connect(port);
	http_send_text(late, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n");
	ck_assert_int_eq(wait_for(&the_record.opened, 1), 1);
	http_send_text(fd, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	ck_assert_int_eq(wait_for(&the_record.handled, 1), 1);
	pthread_create(&helper, NULL, send_the_rest, &late);
	ck_assert_int_eq(di_mhd_stop(mhd, 0), ETIMEDOUT);
	pthread_join(helper, NULL);
	ck_assert_int_eq(the_record.handled, 1);
	ck_assert_int_eq(the_record.closed, 2);
	close(fd);
	close(late);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/microhttpd/dispatch");
	TCase *dispatch = tcase_create("dispatch");

	tcase_add_checked_fixture(dispatch, setup, end_all);
	tcase_set_timeout(dispatch, 60);
	suite_add_tcase(suite, dispatch);
	tcase_add_test(dispatch, a_handler_runs_where_it_is_put);
	tcase_add_test(dispatch, it_may_run_before_the_dispatcher_returns);
	tcase_add_test(dispatch, handlers_that_wait_do_not_keep_others_from_being_served);
	tcase_add_test(dispatch, a_request_that_cannot_be_dispatched_is_a_failure);
	tcase_add_test(dispatch, the_dispatcher_closes_what_its_handlers_have_used);
	tcase_add_test(dispatch,
		       a_context_that_the_dispatcher_cannot_close_is_cancelled_behind_the_reply);
	tcase_add_test(dispatch, a_client_that_leaves_meanwhile_changes_nothing_for_the_handler);
	tcase_add_test(dispatch, stopping_waits_for_handlers_that_run_elsewhere);
	tcase_add_test(dispatch, a_request_that_is_whole_too_late_is_cut_off_and_not_put_anywhere);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
