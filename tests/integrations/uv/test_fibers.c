/* SPDX-License-Identifier: MIT */
#include "integrations/uv/fibers.h"
#include "tests/integrations/uv/uv_fixture.h"

#include "tests/integrations/uv/uv_pool.h"

/* Fibers that a loop runs. */

static int pool_new(struct di_call *call);
static int session_new(struct di_call *call, struct part *pool);

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_pool,    struct part, (pool_new),              di_keep) \
	X(async_context_resource, app_session, struct part, (session_new, app_pool), di_keep, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

static struct part pool, session;
static int pools;

static void do_nothing(void *data)
{
	(void)data;
}

static void pool_is_there(struct di_call *call, void *data, int cause)
{
	(void)data;
	app_pool_complete(call, cause, &pool);
}

static int pool_new(struct di_call *call)
{
	pools++;
	return di_uv_call_work(uv, call, do_nothing, pool_is_there, NULL);
}

static void session_is_there(void *call, const struct di_error *err)
{
	app_session_complete(call, err != NULL ? EIO : 0, &session);
}

static int session_new(struct di_call *call, struct part *need)
{
	ck_assert_ptr_eq(need, &pool);
	return di_uv_timer(uv, 1, 0, session_is_there, call, NULL) != NULL ? DI_PENDING : ENOMEM;
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_uv_fibers *fibers;
static struct di_fiber_scheduler *scheduler;

static void setup(void)
{
	begin_with(&app);
	pools = 0;
	fibers = di_uv_fibers_new(uv, NULL, &error);
	ck_assert_ptr_nonnull(fibers);
	scheduler = di_uv_fibers_scheduler(fibers);
}

static void teardown(void)
{
	expect_ok(di_uv_fibers_free(fibers, &error));
	end_all();
}

static struct di_fiber *spawn(di_fiber_fn *function, void *data)
{
	struct di_fiber *fiber = di_fiber_spawn(scheduler, function, data, NULL, &error);

	ck_assert_msg(fiber != NULL, "%s", error_text());
	return fiber;
}

static void join(struct di_fiber *fiber)
{
	expect_ok(di_fiber_join(fiber, NULL, &error));
}

/* ---- Running. ---- */

static void *note_thread(void *data)
{
	*(int *)data = pthread_equal(pthread_self(), loop_thread);
	return NULL;
}

START_TEST(a_fiber_runs_in_the_loop)
{
	int on_loop = 0;
	struct di_fiber *fiber = spawn(note_thread, &on_loop);

	ck_assert_int_eq(on_loop, 0);
	run_loop();
	ck_assert_int_eq(on_loop, 1);
	join(fiber);
}
END_TEST

static void *yield_often(void *data)
{
	for (; *(int *)data < 100; ++*(int *)data)
		di_fiber_yield();
	return NULL;
}

START_TEST(a_fiber_that_yields_goes_on_in_later_iterations)
{
	int count = 0;
	struct di_fiber *fiber = spawn(yield_often, &count);

	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_int_lt(count, 100);
	run_loop();
	ck_assert_int_eq(count, 100);
	join(fiber);
}
END_TEST

static void *suspend(void *data)
{
	*(enum di_status *)data = di_fiber_suspend(NULL);
	return NULL;
}

static void *resume(void *fiber)
{
	di_fiber_resume(fiber);
	return NULL;
}

START_TEST(another_thread_resumes_a_fiber_and_the_loop_has_stayed_alive_for_it)
{
	enum di_status status = DI_EINVAL;
	struct di_fiber *fiber = spawn(suspend, &status);
	pthread_t thread;

	uv_run(&loop, UV_RUN_NOWAIT);
	ck_assert_int_ne(uv_loop_alive(&loop), 0);
	pthread_create(&thread, NULL, resume, fiber);
	run_loop();
	pthread_join(thread, NULL);
	ck_assert_int_eq(status, DI_OK);
	join(fiber);
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
}
END_TEST

START_TEST(fibers_that_have_not_ended_are_not_freed)
{
	enum di_status status = DI_EINVAL;
	struct di_fiber *fiber = spawn(suspend, &status);

	expect_error(di_uv_fibers_free(fibers, &error), DI_EBUSY);
	di_fiber_resume(fiber);
	run_loop();
	join(fiber);
}
END_TEST

START_TEST(they_may_be_freed_while_the_loop_is_about_to_run_them)
{
	int on_loop = 0;
	struct di_fiber *fiber = spawn(note_thread, &on_loop);

	join(fiber);
	expect_ok(di_uv_fibers_free(fibers, &error));
	run_loop();
	fibers = NULL;
}
END_TEST

START_TEST(what_is_missing_is_an_error)
{
	const struct di_fiber_scheduler_options old = { .abi = DI_ABI + 1 };

	expect_null(di_uv_fibers_new(NULL, NULL, &error), DI_EINVAL);
	expect_null(di_uv_fibers_new(uv, &old, &error), DI_EABI);
	expect_ok(di_uv_fibers_free(NULL, &error));
	expect_error(di_uv_sleep(uv, 1, &error), DI_EINVAL);
	expect_error(di_uv_do(uv, do_nothing, NULL, &error), DI_EINVAL);
	ck_assert_str_eq(error_text(), "invalid argument: only a fiber can wait for this");
}
END_TEST

/* ---- Sleeping. ---- */

struct sleeper {
	uint64_t ms;
	int *order;
	int came;
	enum di_status status;
	const char *user;
};

static void *sleep_for(void *data)
{
	struct sleeper *sleeper = data;

	if (sleeper->user != NULL)
		expect_ok(seen_user_set(sleeper->user, &error));
	sleeper->status = di_uv_sleep(uv, sleeper->ms, NULL);
	sleeper->came = ++*sleeper->order;
	sleeper->user = seen_user_get();
	return NULL;
}

START_TEST(sleeping_suspends_one_fiber_and_not_the_others)
{
	int order = 0;
	struct sleeper late = { .ms = 30, .order = &order }, early = { .ms = 1, .order = &order };
	struct di_fiber *first = spawn(sleep_for, &late), *second = spawn(sleep_for, &early);

	run_loop();
	ck_assert_int_eq(late.status, DI_OK);
	ck_assert_int_eq(early.came, 1);
	ck_assert_int_eq(late.came, 2);
	join(first);
	join(second);
}
END_TEST

START_TEST(a_fiber_has_its_own_values_after_it_has_slept)
{
	int order = 0;
	struct sleeper ada = { .ms = 2, .order = &order, .user = "ada" };
	struct sleeper grace = { .ms = 1, .order = &order, .user = "grace" };
	struct di_fiber *first = spawn(sleep_for, &ada), *second = spawn(sleep_for, &grace);

	run_loop();
	ck_assert_str_eq(ada.user, "ada");
	ck_assert_str_eq(grace.user, "grace");
	ck_assert_ptr_null(seen_user_get());
	join(first);
	join(second);
}
END_TEST

START_TEST(a_cancelled_sleeper_wakes_at_once)
{
	int order = 0;
	struct sleeper sleeper = { .ms = 1000000, .order = &order };
	struct di_fiber *fiber = spawn(sleep_for, &sleeper);

	uv_run(&loop, UV_RUN_NOWAIT);
	di_fiber_cancel(fiber);
	run_loop();
	ck_assert_int_eq(sleeper.status, DI_ECANCELLED);
	join(fiber);
}
END_TEST

static void *sleep_and_suspend(void *data)
{
	sleep_for(data);
	return suspend(&((struct sleeper *)data)->status);
}

START_TEST(what_resumes_a_sleeper_is_kept_for_when_it_is_suspended)
{
	int order = 0;
	struct sleeper sleeper = { .ms = 5, .order = &order, .status = DI_EINVAL };
	struct di_fiber *fiber = spawn(sleep_and_suspend, &sleeper);

	uv_run(&loop, UV_RUN_NOWAIT);
	di_fiber_resume(fiber);
	run_loop();
	ck_assert_int_eq(sleeper.came, 1);
	ck_assert_int_eq(sleeper.status, DI_OK);
	join(fiber);
}
END_TEST

/* ---- Work. ---- */

struct job {
	int runs;
	int on_loop;
	const char *user;
	struct di_context *context;
	enum di_status status;
};

static void work(void *data)
{
	struct job *job = data;

	job->runs++;
	job->on_loop = pthread_equal(pthread_self(), loop_thread);
	job->user = seen_user_get();
	job->context = di_context_current(&app);
}

static void *have_it_done(void *data)
{
	struct job *job = data;

	enter_as(root, "ada");
	job->status = di_uv_do(uv, work, job, NULL);
	leave_again(root);
	return NULL;
}

START_TEST(work_is_done_on_the_pool_with_the_fibers_contexts_and_values)
{
	struct job job = { .status = DI_EINVAL };
	struct di_fiber *fiber = spawn(have_it_done, &job);

	run_loop();
	ck_assert_int_eq(job.status, DI_OK);
	ck_assert_int_eq(job.runs, 1);
	ck_assert_int_eq(job.on_loop, 0);
	ck_assert_str_eq(job.user, "ada");
	ck_assert_ptr_eq(job.context, root);
	join(fiber);
}
END_TEST

START_TEST(work_that_was_cancelled_before_it_began_is_not_done)
{
	struct job job = { .status = DI_OK };
	struct di_fiber *fiber;

	pool_fill(0);
	fiber = spawn(have_it_done, &job);
	uv_run(&loop, UV_RUN_NOWAIT);
	di_fiber_cancel(fiber);
	while (di_fiber_count(scheduler) > 0)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert_int_eq(job.status, DI_ECANCELLED);
	ck_assert_int_eq(job.runs, 0);
	pool_drain();
	run_loop();
	join(fiber);
}
END_TEST

static struct stop halfway;

static void stand(void *data)
{
	(void)data;
	stop_here(&halfway);
}

struct stubborn {
	enum di_status status, next;
};

static void *have_it_stand(void *data)
{
	struct stubborn *stubborn = data;

	stubborn->status = di_uv_do(uv, stand, NULL, NULL);
	stubborn->next = di_uv_sleep(uv, 1000000, NULL);
	return NULL;
}

START_TEST(work_that_has_begun_is_waited_for_and_the_cancellation_is_kept)
{
	struct stubborn stubborn = { DI_EINVAL, DI_EINVAL };
	struct di_fiber *fiber;

	stop_init(&halfway, 1);
	fiber = spawn(have_it_stand, &stubborn);
	uv_run(&loop, UV_RUN_NOWAIT);
	stop_wait(&halfway);
	di_fiber_cancel(fiber);
	uv_run(&loop, UV_RUN_NOWAIT);
	stop_let_go(&halfway);
	run_loop();
	ck_assert_int_eq(stubborn.status, DI_OK);
	ck_assert_int_eq(stubborn.next, DI_ECANCELLED);
	join(fiber);
}
END_TEST

/* ---- Awaiting. ---- */

struct request {
	struct part *session;
	enum di_status closed;
};

static void *serve(void *data)
{
	struct request *request = data;
	struct di_context *context = di_context_open(root, &di_scope_request, &error);

	ck_assert_ptr_nonnull(context);
	request->session = di_await(context, &app_session, &error);
	request->closed = di_await_close(context, DI_DONE, &error);
	return NULL;
}

enum {
	REQUESTS = 50
};

START_TEST(fibers_await_what_the_loop_makes_and_there_is_one_creation)
{
	struct request requests[REQUESTS];
	struct di_fiber *all[REQUESTS];
	int i;

	for (i = 0; i < REQUESTS; i++)
		all[i] = spawn(serve, &requests[i]);
	run_loop();
	for (i = 0; i < REQUESTS; i++) {
		ck_assert_ptr_eq(requests[i].session, &session);
		ck_assert_int_eq(requests[i].closed, DI_OK);
		join(all[i]);
	}
	ck_assert_int_eq(pools, 1);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/uv/fibers");
	TCase *fiber = tcase_create("fibers");

	tcase_add_checked_fixture(fiber, setup, teardown);
	tcase_set_timeout(fiber, 120);
	tcase_add_test(fiber, a_fiber_runs_in_the_loop);
	tcase_add_test(fiber, a_fiber_that_yields_goes_on_in_later_iterations);
	tcase_add_test(fiber, another_thread_resumes_a_fiber_and_the_loop_has_stayed_alive_for_it);
	tcase_add_test(fiber, fibers_that_have_not_ended_are_not_freed);
	tcase_add_test(fiber, they_may_be_freed_while_the_loop_is_about_to_run_them);
	tcase_add_test(fiber, what_is_missing_is_an_error);
	tcase_add_test(fiber, sleeping_suspends_one_fiber_and_not_the_others);
	tcase_add_test(fiber, a_fiber_has_its_own_values_after_it_has_slept);
	tcase_add_test(fiber, a_cancelled_sleeper_wakes_at_once);
	tcase_add_test(fiber, what_resumes_a_sleeper_is_kept_for_when_it_is_suspended);
	tcase_add_test(fiber, work_is_done_on_the_pool_with_the_fibers_contexts_and_values);
	tcase_add_test(fiber, work_that_was_cancelled_before_it_began_is_not_done);
	tcase_add_test(fiber, work_that_has_begun_is_waited_for_and_the_cancellation_is_kept);
	tcase_add_test(fiber, fibers_await_what_the_loop_makes_and_there_is_one_creation);
	suite_add_tcase(all, fiber);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
