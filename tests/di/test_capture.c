/* SPDX-License-Identifier: MIT */
#include "di/capture.h"
#include "tests/di/local_app.h"
#include "tests/support/threads.h"

#include <pthread.h>

/* Values that are taken along: to threads, and to the jobs of a pool. */

static struct di_capture *take(void)
{
	struct di_capture *capture = di_flow_capture(&error);

	ck_assert_ptr_nonnull(capture);
	return capture;
}

static void run(const struct di_capture *capture, di_local_fn *function, void *data)
{
	ck_assert_msg(di_flow_run(capture, function, data, &error) == DI_OK, "%s", error_text());
}

static void read_a(void *data)
{
	*(int *)data = a();
}

static void read_user(void *data)
{
	*(int *)data = user();
}

/* ---- Runs ---- */

START_TEST(a_run_sees_what_was_captured_and_not_what_was_set_later)
{
	struct di_capture *capture;
	int seen = 0;

	set_a(1);
	capture = take();
	set_a(2);
	run(capture, read_a, &seen);
	ck_assert_int_eq(seen, 1);
	ck_assert_int_eq(a(), 2);
	di_capture_free(capture);
}
END_TEST

START_TEST(a_capture_of_nothing_is_empty)
{
	struct di_capture *capture = take();
	int seen = -1;

	set_a(1);
	run(capture, read_a, &seen);
	ck_assert_int_eq(seen, 0);
	di_capture_free(capture);
	di_capture_free(NULL);
}
END_TEST

static void change_and_read(void *data)
{
	*(int *)data = 10 * a() + user();
	set_a(9);
	set_user(9);
	set_b(9);
}

START_TEST(each_run_has_a_copy_of_its_own)
{
	struct di_capture *capture;
	int first = 0, second = 0;

	set_a(1);
	set_user(2);
	capture = take();
	run(capture, change_and_read, &first);
	run(capture, change_and_read, &second);
	ck_assert_int_eq(first, 12);
	ck_assert_int_eq(second, 12);
	ck_assert_int_eq(10 * a() + user(), 12);
	ck_assert_ptr_null(plain_b_get());
	ck_assert_int_eq(alive, 1);
	di_capture_free(capture);
}
END_TEST

START_TEST(a_capture_holds_its_values)
{
	struct di_capture *capture;
	int seen = 0;

	set_user(1);
	capture = take();
	set_user(2);
	ck_assert_int_eq(alive, 2);
	run(capture, read_user, &seen);
	ck_assert_int_eq(seen, 1);
	di_capture_free(capture);
	ck_assert_int_eq(alive, 1);
}
END_TEST

START_TEST(a_capture_in_a_block_has_what_the_block_sees)
{
	struct di_capture *capture = NULL;
	int seen = 0;

	set_a(1);
	DI_WITH_LOCAL (&plain, &error) {
		set_a(2);
		capture = take();
	}
	ck_assert_int_eq(a(), 1);
	run(capture, read_a, &seen);
	ck_assert_int_eq(seen, 2);
	di_capture_free(capture);
}
END_TEST

static void capture_again(void *data)
{
	struct di_capture *inner;
	int seen = 0;

	set_a(a() + 1);
	DI_WITH_LOCAL (&plain, NULL) {
		set_a(a() + 1);
		inner = take();
		set_a(7);
		run(inner, read_a, &seen);
		di_capture_free(inner);
	}
	*(int *)data = 10 * seen + a();
}

START_TEST(runs_capture_and_run)
{
	struct di_local_block block;
	struct di_capture *capture;
	int seen = 0;

	ck_assert_int_eq(di_local_begin(&plain, &block, &error), DI_OK);
	set_a(1);
	capture = take();
	run(capture, capture_again, &seen);
	ck_assert_int_eq(seen, 32);
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
	ck_assert_ptr_null(plain_a_get());
	di_capture_free(capture);
}
END_TEST

struct ending {
	struct di_local_block *block;
	struct di_error *err;
	enum di_status status;
};

static void end_outer(void *data)
{
	struct ending *it = data;

	it->status = di_local_end(it->block, it->err);
}

static enum di_status end_in_a_run(void *data, struct di_error *err)
{
	struct ending it = { data, err, DI_OK };
	struct di_capture *capture = take();

	run(capture, end_outer, &it);
	di_capture_free(capture);
	return it.status;
}

START_TEST(a_block_from_outside_is_not_ended_in_a_run)
{
	struct di_local_block block;

	ck_assert_int_eq(di_local_begin(&plain, &block, &error), DI_OK);
	set_a(1);
	misuse_expect(end_in_a_run, &block, DI_EINVAL, "this block is not open in this flow");
	ck_assert_int_eq(a(), 1);
	ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
	ck_assert_ptr_null(plain_a_get());
}
END_TEST

static struct di_local_block in_run;

static void begin_only(void *data)
{
	(void)data;
	ck_assert_int_eq(di_local_begin(&app, &in_run, NULL), DI_OK);
	set_user(5);
}

static enum di_status run_careless(void *data, struct di_error *err)
{
	return di_flow_run(data, begin_only, NULL, err);
}

static enum di_status run_nothing(void *data, struct di_error *err)
{
	(void)data;
	return di_flow_run(NULL, begin_only, NULL, err);
}

static enum di_status run_no_function(void *data, struct di_error *err)
{
	return di_flow_run(data, NULL, NULL, err);
}

START_TEST(what_a_run_leaves_open_is_gone_and_an_error)
{
	struct di_capture *capture;

	set_user(1);
	capture = take();
	misuse_expect(run_careless, capture, DI_EINVAL,
		      "the function has left 1 of what it began open");
	misuse_expect(run_nothing, NULL, DI_EINVAL, "there is no capture to run");
	misuse_expect(run_no_function, capture, DI_EINVAL, "there is no function to run");
	ck_assert_int_eq(user(), 1);
	ck_assert_int_eq(alive, 1);
	di_capture_free(capture);
}
END_TEST

/* ---- Threads ---- */

struct child {
	struct di_capture *capture;
	int seen, after;
};

static void inherit(void *data)
{
	struct child *self = data;

	self->seen = 10 * a() + user();
	plain_a_set(&numbers[9], NULL);
	self->after = a();
}

static void *thread_with_values(void *data)
{
	struct child *self = data;

	di_flow_run(self->capture, inherit, self, NULL);
	di_capture_free(self->capture);
	self->after = 10 * self->after + a();
	return NULL;
}

START_TEST(a_new_thread_gets_what_is_handed_to_it)
{
	struct child child = { NULL, 0, 0 };

	set_a(1);
	set_user(2);
	child.capture = take();
	thread_join(thread_start(thread_with_values, &child, 0));
	ck_assert_int_eq(child.seen, 12);
	ck_assert_int_eq(child.after, 90);
	ck_assert_int_eq(a(), 1);
}
END_TEST

START_TEST(the_last_holder_may_be_another_thread)
{
	struct child child = { NULL, 0, 0 };

	set_user(2);
	child.capture = take();
	ck_assert_int_eq(app_user_unset(&error), DI_OK);
	ck_assert_int_eq(alive, 1);
	thread_join(thread_start(thread_with_values, &child, 0));
	ck_assert_int_eq(child.seen, 2);
	ck_assert_int_eq(alive, 0);
}
END_TEST

/* ---- A pool ---- */

struct job {
	struct job *next;
	struct di_capture *capture;
	int number, seen, user;
};

struct pool {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	struct job *first, **last;
	int is_over;
};

static void do_job(void *data)
{
	struct job *job = data;

	job->seen = a();
	job->user = user();
	plain_a_set(&numbers[8], NULL);
	DI_WITH_LOCAL (&app, NULL) {
		app_user_unset(NULL);
		job->user += user();
	}
}

static struct job *next_job(struct pool *pool)
{
	struct job *job;

	pthread_mutex_lock(&pool->mutex);
	while (pool->first == NULL && !pool->is_over)
		pthread_cond_wait(&pool->changed, &pool->mutex);
	job = pool->first;
	if (job != NULL) {
		pool->first = job->next;
		if (pool->first == NULL)
			pool->last = &pool->first;
	}
	pthread_mutex_unlock(&pool->mutex);
	return job;
}

static void *worker(void *data)
{
	struct job *job;

	while ((job = next_job(data)) != NULL) {
		di_flow_run(job->capture, do_job, job, NULL);
		di_capture_free(job->capture);
	}
	return (void *)(uintptr_t)(plain_a_get() == NULL);
}

static void submit(struct pool *pool, struct job *job)
{
	job->next = NULL;
	job->capture = take();
	pthread_mutex_lock(&pool->mutex);
	*pool->last = job;
	pool->last = &job->next;
	pthread_cond_signal(&pool->changed);
	pthread_mutex_unlock(&pool->mutex);
}

enum {
	JOBS = 100
};

/* One thread, or several. */
static const int pool_sizes[] = { 1, 4 };

START_TEST(jobs_of_a_pool_have_the_values_of_when_they_were_submitted)
{
	struct pool pool = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL, NULL, 0 };
	static struct job jobs[JOBS];
	pthread_t threads[4];
	int i, size = pool_sizes[_i];

	watchdog(60);
	pool.last = &pool.first;
	for (i = 0; i < JOBS; i++) {
		set_a(1 + i % 7);
		set_user(i);
		jobs[i].number = i;
		submit(&pool, &jobs[i]);
		if (i == JOBS / 2) {
			int started;

			for (started = 0; started < size; started++)
				threads[started] = thread_start(worker, &pool, 0);
		}
	}
	set_a(9);
	pthread_mutex_lock(&pool.mutex);
	pool.is_over = 1;
	pthread_cond_broadcast(&pool.changed);
	pthread_mutex_unlock(&pool.mutex);
	for (i = 0; i < size; i++)
		ck_assert_ptr_nonnull(thread_join(threads[i]));
	for (i = 0; i < JOBS; i++) {
		ck_assert_int_eq(jobs[i].seen, 1 + i % 7);
		ck_assert_int_eq(jobs[i].user, i);
	}
	ck_assert_int_eq(a(), 9);
	ck_assert_int_eq(alive, 1);
	watchdog(0);
}
END_TEST

/* ---- At once ---- */

enum {
	CROWD = 6,
	ROUNDS = 100
};

static void run_at_once(int number, void *data)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		struct child child = { NULL, 0, 0 };

		di_flow_run(data, inherit, &child, NULL);
		if (child.seen != 12 || child.after != 9)
			__atomic_fetch_add(&alive, 1000, __ATOMIC_RELAXED);
	}
	(void)number;
}

START_TEST(one_capture_runs_in_many_threads_at_once)
{
	struct di_capture *capture;

	set_a(1);
	set_user(2);
	capture = take();
	crowd_run(CROWD, run_at_once, capture);
	ck_assert_int_eq(alive, 1);
	di_capture_free(capture);
}
END_TEST

/* A map whose values all threads copy, change and give up at once. */
static struct di_local *shared;

static void change_names(void *data)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" };
	int i, *number = data;

	for (i = 0; i < 10; i++) {
		if ((i + *number) % 3 == 0)
			di_local_map_unset(shared, names[i], NULL);
		else if ((i + *number) % 3 == 1)
			di_local_map_set(shared, names[i], number, NULL, NULL);
	}
	*number = (int)di_local_each(shared, NULL, NULL);
}

static void change_at_once(int number, void *data)
{
	int i, mine;

	for (i = 0; i < ROUNDS; i++) {
		mine = number + i;
		di_flow_run(data, change_names, &mine, NULL);
		if (mine != 6 && mine != 7)
			__atomic_fetch_add(&alive, 1000, __ATOMIC_RELAXED);
	}
}

static void end_counted(void *value)
{
	counted_free(value);
}

START_TEST(copies_of_a_map_are_changed_in_many_threads_at_once)
{
	const struct di_local_entry entries[] = {
		{ "a", counted_new(1), end_counted }, { "b", counted_new(1), end_counted },
		{ "c", counted_new(1), end_counted }, { "d", counted_new(1), end_counted },
		{ "e", counted_new(1), end_counted }, { "f", counted_new(1), end_counted },
		{ "g", counted_new(1), end_counted }, { "h", counted_new(1), end_counted },
		{ "i", counted_new(1), end_counted }, { "j", counted_new(1), end_counted },
	};
	struct di_capture *capture;

	shared = di_local_map_new("shared", &threads_allocator, &error);
	ck_assert_int_eq(di_local_map_update(shared, entries, 10, &error), DI_OK);
	capture = take();
	crowd_run(CROWD, change_at_once, capture);
	ck_assert_uint_eq(di_local_each(shared, NULL, NULL), 10);
	ck_assert_int_eq(alive, 10);
	di_local_map_free(shared);
	ck_assert_int_eq(alive, 10);
	di_capture_free(capture);
	ck_assert_int_eq(alive, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/capture");
	TCase *runs = di_check_case(all, "runs", setup, teardown);
	TCase *threads = di_check_case(all, "threads", setup, teardown);
	TCase *pools = di_check_case(all, "pools", setup, teardown);
	TCase *at_once = di_check_case(all, "at once", setup, teardown);

	tcase_add_test(runs, a_run_sees_what_was_captured_and_not_what_was_set_later);
	tcase_add_test(runs, a_capture_of_nothing_is_empty);
	tcase_add_test(runs, each_run_has_a_copy_of_its_own);
	tcase_add_test(runs, a_capture_holds_its_values);
	tcase_add_test(runs, a_capture_in_a_block_has_what_the_block_sees);
	tcase_add_test(runs, runs_capture_and_run);
	tcase_add_test(runs, a_block_from_outside_is_not_ended_in_a_run);
	tcase_add_test(runs, what_a_run_leaves_open_is_gone_and_an_error);
	tcase_add_test(threads, a_new_thread_gets_what_is_handed_to_it);
	tcase_add_test(threads, the_last_holder_may_be_another_thread);
	tcase_add_loop_test(pools, jobs_of_a_pool_have_the_values_of_when_they_were_submitted, 0,
			    2);
	tcase_add_test(at_once, one_capture_runs_in_many_threads_at_once);
	tcase_add_test(at_once, copies_of_a_map_are_changed_in_many_threads_at_once);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
