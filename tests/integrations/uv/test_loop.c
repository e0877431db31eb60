/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

/* The executor, and what keeps the loop alive. */

/* clang-format off */
#define APP(X) \
	X(singleton, app_config, struct part, (config_new), config_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
PART(config)
DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	begin_with(&app);
}

struct noted {
	struct di_task task;
	int number;
	int *log, *count;
	int on_loop;
	struct noted *then;
};

static void post_one(struct noted *noted)
{
	struct di_executor *executor = di_uv_executor(uv);

	executor->post(executor, &noted->task);
}

static void note(struct di_task *task)
{
	struct noted *noted = (struct noted *)(void *)task;

	noted->on_loop = pthread_equal(pthread_self(), loop_thread);
	noted->log[(*noted->count)++] = noted->number;
	if (noted->then != NULL)
		post_one(noted->then);
	else
		di_uv_unref(uv);
}

START_TEST(nothing_keeps_the_loop_alive_where_nothing_is_open)
{
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
	di_uv_ref(uv);
	di_uv_ref(uv);
	di_uv_unref(uv);
	ck_assert_int_ne(uv_loop_alive(&loop), 0);
	di_uv_unref(uv);
	di_uv_unref(uv);
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
	ck_assert_ptr_eq(di_uv_loop(uv), &loop);
}
END_TEST

START_TEST(tasks_run_in_the_order_in_which_they_were_posted)
{
	struct noted noted[3];
	int log[3], count = 0, i;

	for (i = 0; i < 3; i++) {
		noted[i] = (struct noted){ { NULL, note }, i, log, &count, 0, NULL };
		di_uv_ref(uv);
		post_one(&noted[i]);
	}
	ck_assert_int_eq(count, 0);
	run_loop();
	ck_assert_int_eq(count, 3);
	for (i = 0; i < 3; i++)
		ck_assert_int_eq(log[i], i);
}
END_TEST

enum {
	CROWD = 4,
	TASKS = 500
};

static struct noted many[CROWD][TASKS];
static int many_log[CROWD * TASKS], many_count;

static void post_many(int number, void *data)
{
	int i;

	(void)data;
	for (i = 0; i < TASKS; i++)
		post_one(&many[number][i]);
}

static void *post_from_a_crowd(void *data)
{
	crowd_run(CROWD, post_many, data);
	return NULL;
}

START_TEST(tasks_of_many_threads_wake_the_loop_and_run_there)
{
	int last[CROWD] = { 0 };
	pthread_t thread;
	int i, j;

	many_count = 0;
	for (i = 0; i < CROWD; i++) {
		for (j = 0; j < TASKS; j++) {
			many[i][j] = (struct noted){
				{ NULL, note }, i * TASKS + j, many_log, &many_count, 0, NULL
			};
			di_uv_ref(uv);
		}
	}
	thread = thread_start(post_from_a_crowd, NULL, 0);
	run_loop();
	thread_join(thread);
	ck_assert_int_eq(many_count, CROWD * TASKS);
	for (i = 0; i < CROWD * TASKS; i++) {
		int number = many_log[i], of = number / TASKS;

		ck_assert_int_eq(many[of][number % TASKS].on_loop, 1);
		ck_assert_int_eq(number % TASKS, last[of]++);
	}
}
END_TEST

static int idle_rounds;

static void count_round(uv_idle_t *idle)
{
	if (++idle_rounds == 3)
		uv_close((uv_handle_t *)idle, NULL);
}

START_TEST(tasks_that_post_tasks_do_not_starve_the_loop)
{
	struct noted noted[64];
	int log[64], count = 0, i;
	uv_idle_t idle;

	for (i = 0; i < 64; i++)
		noted[i] = (struct noted){ { NULL, note }, i, log,
					   &count,         0, i < 63 ? &noted[i + 1] : NULL };
	idle_rounds = 0;
	ck_assert_int_eq(uv_idle_init(&loop, &idle), 0);
	uv_idle_start(&idle, count_round);
	di_uv_ref(uv);
	post_one(&noted[0]);
	while (idle_rounds < 3)
		uv_run(&loop, UV_RUN_ONCE);
	ck_assert_int_le(count, 4);
	run_loop();
	ck_assert_int_eq(count, 64);
}
END_TEST

START_TEST(a_loop_that_never_ran_closes)
{
	end_loop();
}
END_TEST

START_TEST(what_is_still_posted_runs_when_it_is_closed)
{
	struct noted noted;
	int log[1], count = 0;

	noted = (struct noted){ { NULL, note }, 7, log, &count, 0, NULL };
	post_one(&noted);
	end_loop();
	ck_assert_int_eq(count, 1);
	ck_assert_int_eq(log[0], 7);
}
END_TEST

START_TEST(closing_takes_the_executor_from_the_flow)
{
	di_flow_set_executor(NULL, di_uv_executor(uv));
	end_loop();
	ck_assert_ptr_null(di_flow_executor(NULL));
}
END_TEST

START_TEST(closing_twice_is_closing_once)
{
	int closed = 0, again = 0;

	di_uv_close(uv, count_closed, &closed);
	di_uv_close(uv, count_closed, &again);
	di_uv_close(NULL, count_closed, &again);
	run_loop();
	uv = NULL;
	ck_assert_int_eq(closed, 1);
	ck_assert_int_eq(again, 0);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

START_TEST(several_share_a_loop)
{
	struct di_uv *other = di_uv_new(&loop, NULL, &error);
	struct told first = { 0 }, second = { 0 };

	ck_assert_ptr_nonnull(other);
	di_uv_get(uv, root, &app_config, 0, tell_value, &first, &error);
	di_uv_get(other, root, &app_config, 0, tell_value, &second, &error);
	di_uv_close(other, NULL, NULL);
	run_loop();
	expect_told(&first, DI_OK);
	ck_assert_int_eq(second.times, 1);
}
END_TEST

START_TEST(what_cannot_be_made_says_why)
{
	const struct di_uv_options wrong = { .abi = DI_ABI + 1 };

	expect_null(di_uv_new(NULL, NULL, &error), DI_EINVAL);
	expect_text("di_uv_new() needs a loop");
	expect_null(di_uv_new(&loop, &wrong, &error), DI_EABI);
	expect_text("set abi of the options of di_uv_new() to DI_ABI");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/loop");
	TCase *tcase = tcase_create("loop");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, nothing_keeps_the_loop_alive_where_nothing_is_open);
	tcase_add_test(tcase, tasks_run_in_the_order_in_which_they_were_posted);
	tcase_add_test(tcase, tasks_of_many_threads_wake_the_loop_and_run_there);
	tcase_add_test(tcase, tasks_that_post_tasks_do_not_starve_the_loop);
	tcase_add_test(tcase, a_loop_that_never_ran_closes);
	tcase_add_test(tcase, what_is_still_posted_runs_when_it_is_closed);
	tcase_add_test(tcase, closing_takes_the_executor_from_the_flow);
	tcase_add_test(tcase, closing_twice_is_closing_once);
	tcase_add_test(tcase, several_share_a_loop);
	tcase_add_test(tcase, what_cannot_be_made_says_why);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
