/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

#include "tests/integrations/uv/uv_pool.h"

#include <sched.h>

/* Work on the pool, with contexts and values taken along. */

/* clang-format off */
#define APP(X) \
	X(context_resource, app_session, struct part, (session_new), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
PART(session)
DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	begin_with(&app);
}

/* What work saw on its thread, and after it. */
struct job {
	struct told told; /* first: the callback's */
	int runs, on_loop;
	const char *user;
	struct di_context *context;
	enum di_status closing;
	struct stop *stop;
};

static void do_job(void *data)
{
	struct job *job = data;

	job->on_loop = pthread_equal(pthread_self(), loop_thread);
	job->user = seen_user_get();
	job->context = di_context_current(&app);
	if (job->context != NULL)
		job->closing = di_context_close(job->context, DI_DONE, NULL);
	if (job->stop != NULL)
		stop_here(job->stop);
	seen_user_set("of the job", NULL);
	__atomic_add_fetch(&job->runs, 1, __ATOMIC_RELEASE);
}

static struct di_uv_request *submit(struct job *job)
{
	struct di_uv_request *work = di_uv_work(uv, do_job, tell_after, job, &error);

	ck_assert_msg(work != NULL, "%s", error_text());
	return work;
}

START_TEST(work_runs_on_the_pool_and_is_told_on_the_loop)
{
	struct job job = { .on_loop = 1 };

	submit(&job);
	ck_assert_int_ne(uv_loop_alive(&loop), 0);
	run_loop();
	expect_told(&job.told, DI_OK);
	ck_assert_int_eq(job.runs, 1);
	ck_assert_int_eq(job.on_loop, 0);
	ck_assert_ptr_null(job.user);
	ck_assert_ptr_null(job.context);
}
END_TEST

START_TEST(both_see_what_was_seen_where_it_was_submitted)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct job job = { .closing = DI_OK };

	enter_as(request, "ann");
	submit(&job);
	leave_again(request);
	run_loop();
	expect_told(&job.told, DI_OK);
	ck_assert_str_eq(job.user, "ann");
	ck_assert_ptr_eq(job.context, request);
	ck_assert_int_eq(job.closing, DI_EBUSY);
	ck_assert_str_eq(job.told.user, "ann");
	ck_assert_ptr_eq(job.told.context, request);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(work_that_has_not_begun_is_cancelled)
{
	struct job job = { 0 };
	struct di_uv_request *work;

	pool_fill(0);
	work = submit(&job);
	ck_assert_int_eq(di_uv_cancel(work), 1);
	pool_drain();
	run_loop();
	expect_told(&job.told, DI_ECANCELLED);
	expect_told_text(&job.told, "the work was cancelled before it began");
	ck_assert_int_eq(job.runs, 0);
}
END_TEST

START_TEST(work_that_has_begun_is_not_cancelled)
{
	struct stop stop = STOP_INIT;
	struct job job = { .stop = &stop };
	struct di_uv_request *work;

	stop_init(&stop, 1);
	work = submit(&job);
	stop_wait(&stop);
	ck_assert_int_eq(di_uv_cancel(work), 0);
	stop_let_go(&stop);
	run_loop();
	expect_told(&job.told, DI_OK);
	ck_assert_int_eq(job.runs, 1);
}
END_TEST

START_TEST(a_context_that_is_closed_before_is_told_and_nothing_runs)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct job job = { 0 };

	pool_fill(0);
	enter_as(request, "ann");
	submit(&job);
	leave_again(request);
	close_as(request, DI_CANCELLED);
	pool_drain();
	run_loop();
	expect_told(&job.told, DI_ECLOSED);
	ck_assert_int_eq(job.runs, 0);
	ck_assert_str_eq(job.told.user, "ann");
	ck_assert_ptr_null(job.told.context);
}
END_TEST

START_TEST(a_context_that_is_closed_after_the_work_is_told)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct job job = { 0 };

	enter_as(request, "ann");
	submit(&job);
	leave_again(request);
	while (__atomic_load_n(&job.runs, __ATOMIC_ACQUIRE) == 0)
		sched_yield();
	while (di_context_close(request, DI_DONE, &error) == DI_EBUSY)
		sched_yield();
	run_loop();
	expect_told(&job.told, DI_ECLOSED);
	ck_assert_int_eq(job.runs, 1);
	ck_assert_ptr_null(job.told.context);
}
END_TEST

START_TEST(a_container_is_busy_until_work_with_its_contexts_is_done)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct job job = { 0 };

	enter_as(request, "ann");
	submit(&job);
	leave_again(request);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	run_loop();
	expect_told(&job.told, DI_OK);
	close_as(request, DI_DONE);
	container_free_expect(DI_OK);
}
END_TEST

enum {
	MANY = 40
};

START_TEST(any_amount_of_work_runs)
{
	struct job jobs[MANY] = { 0 };
	int i;

	for (i = 0; i < MANY; i++)
		submit(&jobs[i]);
	run_loop();
	for (i = 0; i < MANY; i++) {
		expect_told(&jobs[i].told, DI_OK);
		ck_assert_int_eq(jobs[i].runs, 1);
	}
}
END_TEST

START_TEST(closing_cancels_what_has_not_begun_and_waits_for_the_rest)
{
	struct stop stop = STOP_INIT;
	struct job begun = { .stop = &stop }, waiting[POOL_THREADS] = { 0 };
	int i;

	stop_init(&stop, 1);
	submit(&begun);
	stop_wait(&stop);
	pool_fill(1);
	for (i = 0; i < POOL_THREADS; i++)
		submit(&waiting[i]);
	di_uv_close(uv, NULL, NULL);
	uv = NULL;
	stop_let_go(&stop);
	pool_drain();
	run_loop();
	expect_told(&begun.told, DI_OK);
	for (i = 0; i < POOL_THREADS; i++)
		expect_told(&waiting[i].told, DI_ECANCELLED);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

START_TEST(work_without_a_function_is_refused)
{
	struct job job = { 0 };

	expect_null(di_uv_work(uv, NULL, tell_after, &job, &error), DI_EINVAL);
	expect_null(di_uv_work(uv, do_job, NULL, &job, &error), DI_EINVAL);
	expect_text("there is no callback");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/work");
	TCase *tcase = tcase_create("work");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, work_runs_on_the_pool_and_is_told_on_the_loop);
	tcase_add_test(tcase, both_see_what_was_seen_where_it_was_submitted);
	tcase_add_test(tcase, work_that_has_not_begun_is_cancelled);
	tcase_add_test(tcase, work_that_has_begun_is_not_cancelled);
	tcase_add_test(tcase, a_context_that_is_closed_before_is_told_and_nothing_runs);
	tcase_add_test(tcase, a_context_that_is_closed_after_the_work_is_told);
	tcase_add_test(tcase, a_container_is_busy_until_work_with_its_contexts_is_done);
	tcase_add_test(tcase, any_amount_of_work_runs);
	tcase_add_test(tcase, closing_cancels_what_has_not_begun_and_waits_for_the_rest);
	tcase_add_test(tcase, work_without_a_function_is_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
