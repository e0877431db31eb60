/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

/*
 * A container that is freed asynchronously while a callback of one of its gets, on another thread,
 * makes or drops something in it: it waits for that.
 */

/* clang-format off */
#define APP(X) \
	X(async_singleton,  app_base,    struct part, (base_new),    base_end) \
	X(factory,          app_line,    struct part, (line_new),    line_end) \
	X(context_resource, app_session, struct part, (session_new), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(base, app_base)
PART(line)
PART(session)

DI_CONTAINER_DEFINE(app, APP);

static struct answer freed;
static struct part *line;
static struct stop in_callback;
static pthread_t thread;
static thread_fn *calls_back;

static void *step(void *data)
{
	later_step();
	return data;
}

/* What is open ends before the root: when this runs, freeing has begun, and not come to that. */
static void let_it_call_back(struct part *part)
{
	(void)part;
	thread = thread_start(calls_back, NULL, 0);
	stop_wait(&in_callback);
}

static void stop_in_part(struct part *part)
{
	(void)part;
	stop_here(&in_callback);
}

static void setup(void)
{
	watchdog(100);
	later_clear();
	memset(&freed, 0, sizeof(freed));
	stop_init(&in_callback, 1);
	calls_back = step;
	container_begin(&app, NULL);
	parts_on_end("session", let_it_call_back);
	app_session_get(open_in(root, &di_scope_request), &error);
}

static void teardown(void)
{
	later_container_end();
	watchdog(0);
}

static void free_meanwhile(void)
{
	expect_ok(di_container_free_async(container, answer_done, &freed, &error));
	container = NULL;
	ck_assert_int_eq(freed.times, 0);
	stop_let_go(&in_callback);
	thread_join(thread);
	later_run();
	ck_assert_int_eq(freed.times, 1);
	ck_assert_int_eq(parts_alive("line") + parts_alive("base"), 0);
}

static void make_line(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	(void)value;
	(void)failure;
	app_line_get(root, NULL);
}

START_TEST(what_a_callback_makes_is_waited_for)
{
	parts_on_new("line", stop_in_part);
	di_get_async(root, &app_base, make_line, NULL, &error);
	free_meanwhile();
}
END_TEST

START_TEST(what_a_callback_fails_to_make_is_waited_for)
{
	parts_on_new("line", stop_in_part);
	parts_fail_new("line", 5, 1);
	di_get_async(root, &app_base, make_line, NULL, &error);
	free_meanwhile();
}
END_TEST

static void drop_line(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	(void)value;
	(void)failure;
	app_line_drop(root, line, NULL);
}

START_TEST(what_a_callback_drops_is_waited_for)
{
	line = app_line_get(root, &error);
	parts_on_end("line", stop_in_part);
	di_get_async(root, &app_base, drop_line, NULL, &error);
	free_meanwhile();
}
END_TEST

static void drop_line_async(void *data, void *value, const struct di_error *failure)
{
	static struct answer dropped;

	(void)data;
	(void)value;
	(void)failure;
	di_context_drop_async(root, &app_line, line, answer_done, &dropped, NULL);
}

START_TEST(what_a_callback_drops_asynchronously_is_waited_for)
{
	line = app_line_get(root, &error);
	parts_on_end("line", stop_in_part);
	di_get_async(root, &app_base, drop_line_async, NULL, &error);
	free_meanwhile();
}
END_TEST

/* An executor whose one task the thread runs. */
static struct di_task *task;

static void post(struct di_executor *executor, struct di_task *posted)
{
	(void)executor;
	task = posted;
}

static void *run_task(void *data)
{
	task->run(task);
	return data;
}

static void make_line_then(void *data, enum di_status status, const struct di_error *failure)
{
	(void)status;
	make_line(data, NULL, failure);
}

START_TEST(what_is_made_on_an_executor_is_waited_for)
{
	static struct di_executor desk = { post };
	struct di_context *other = open_in(root, &di_scope_request);

	parts_on_new("line", stop_in_part);
	calls_back = run_task;
	di_flow_set_executor(NULL, &desk);
	expect_ok(di_context_close_async(other, DI_DONE, make_line_then, NULL, &error));
	di_flow_set_executor(NULL, NULL);
	free_meanwhile();
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/free_meanwhile");
	TCase *tcase = di_check_case(all, "callbacks", setup, teardown);

	tcase_add_test(tcase, what_a_callback_makes_is_waited_for);
	tcase_add_test(tcase, what_a_callback_fails_to_make_is_waited_for);
	tcase_add_test(tcase, what_a_callback_drops_is_waited_for);
	tcase_add_test(tcase, what_a_callback_drops_asynchronously_is_waited_for);
	tcase_add_test(tcase, what_is_made_on_an_executor_is_waited_for);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
