/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

/* Starting containers, closing contexts and freeing containers over a loop. */

/* A part that takes one iteration of the loop to be made, and one to end. */
struct slow {
	struct di_task task;
	struct di_call *call;
	enum di_status (*complete)(struct di_call *call, int status, struct slow *slow);
	const char *name;
	int made_in, cause;
};

static int round_number;

/* clang-format off */
#define APP(X) \
	X(async_resource,         app_a,      struct slow, (a_new),                      a_end) \
	X(async_resource,         app_b,      struct slow, (b_new),                      b_end) \
	X(async_resource,         app_c,      struct slow, (c_of, app_b),                c_end) \
	X(async_resource,         app_d,      struct slow, (d_of, app_c),                d_end) \
	X(async_resource,         app_e,      struct slow, (e_of, app_a),                e_end) \
	X(async_context_resource, app_s,      struct slow, (s_of, app_d),                s_end, request) \
	X(context_resource,       app_t,      struct part, (t_new),                      t_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
PART(t)

static void complete(struct di_task *task)
{
	struct slow *slow = (struct slow *)(void *)task;

	di_uv_unref(uv);
	if (slow->complete == NULL) {
		journal_write("ended %s", slow->name);
		di_call_end(slow->call, slow->cause);
		return;
	}
	journal_write("made %s", slow->name);
	slow->made_in = round_number;
	slow->complete(slow->call, slow->cause, slow);
}

static int post(struct slow *slow)
{
	slow->task.run = complete;
	di_uv_ref(uv);
	di_uv_executor(uv)->post(di_uv_executor(uv), &slow->task);
	return DI_PENDING;
}

#define SLOW(name_)                                                                                \
	static struct slow name_;                                                                  \
	static int name_##_begin(struct di_call *call)                                             \
	{                                                                                          \
		name_.name = #name_;                                                               \
		name_.call = call;                                                                 \
		name_.complete = app_##name_##_complete;                                           \
		return post(&name_);                                                               \
	}                                                                                          \
	static int name_##_end(struct di_call *call, struct slow *slow)                            \
	{                                                                                          \
		slow->call = call;                                                                 \
		slow->complete = NULL;                                                             \
		return post(slow);                                                                 \
	}
#define SLOW_ALONE(name_)                                                                          \
	SLOW(name_)                                                                                \
	static int name_##_new(struct di_call *call)                                               \
	{                                                                                          \
		return name_##_begin(call);                                                        \
	}
#define SLOW_OF(name_)                                                                             \
	SLOW(name_)                                                                                \
	static int name_##_of(struct di_call *call, struct slow *need)                             \
	{                                                                                          \
		(void)need;                                                                        \
		return name_##_begin(call);                                                        \
	}

SLOW_ALONE(a)
SLOW_ALONE(b)
SLOW_OF(c)
SLOW_OF(d)
SLOW_OF(e)
SLOW_OF(s)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	a.cause = b.cause = c.cause = d.cause = e.cause = s.cause = 0;
	round_number = 0;
	begin_with(&app);
}

static void start(struct told *told)
{
	expect_ok(di_uv_start(uv, container, tell_done, told, &error));
	ck_assert_int_eq(told->times, 0);
}

static void free_all(void)
{
	struct told told = { 0 };

	a.cause = b.cause = c.cause = d.cause = e.cause = s.cause = 0;
	expect_ok(di_uv_container_free(uv, container, tell_done, &told, &error));
	container = NULL;
	root = NULL;
	run_loop();
	expect_told(&told, DI_OK);
}

START_TEST(starting_takes_as_many_steps_as_the_longest_chain)
{
	struct told told = { 0 };

	start(&told);
	while (told.times == 0) {
		round_number++;
		uv_run(&loop, UV_RUN_NOWAIT);
	}
	expect_told(&told, DI_OK);
	ck_assert_int_eq(a.made_in, b.made_in);
	ck_assert_int_eq(c.made_in, b.made_in + 1);
	ck_assert_int_eq(e.made_in, a.made_in + 1);
	ck_assert_int_eq(d.made_in, b.made_in + 2);
	journal_expect("made a", "made b", "made e", "made c", "made d");
	ck_assert_ptr_eq(app_d_get(root, &error), &d);
	free_all();
	journal_expect("ended d", "ended c", "ended e", "ended b", "ended a");
}
END_TEST

START_TEST(a_start_that_fails_is_told_when_all_have_settled)
{
	struct told told = { 0 };

	b.cause = EIO;
	start(&told);
	run_loop();
	expect_told(&told, DI_ECREATE);
	expect_told_text(&told, "app_b");
	journal_expect("made a", "made b", "made e");
	b.cause = 0;
	told.times = 0;
	start(&told);
	run_loop();
	expect_told(&told, DI_OK);
	journal_expect("made b", "made c", "made d");
	free_all();
}
END_TEST

static struct di_context *request_with(int how_many)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct told told = { 0 };

	ck_assert_ptr_nonnull(app_t_get(request, &error));
	if (how_many > 1)
		di_uv_get(uv, request, &app_s, 0, tell_value, &told, &error);
	run_loop();
	journal_clear();
	return request;
}

START_TEST(closing_a_context_ends_what_is_asynchronous_newest_first)
{
	struct di_context *request = request_with(2);
	struct told told = { 0 };

	expect_error(di_context_close(request, DI_DONE, &error), DI_EAGAIN);
	expect_ok(seen_user_set("ann", &error));
	expect_ok(di_uv_context_close(uv, request, DI_DONE, tell_done, &told, &error));
	expect_ok(seen_user_unset(&error));
	ck_assert_int_eq(told.times, 0);
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_str_eq(told.user, "ann");
	journal_expect("ended s", "ended t done");
	free_all();
}
END_TEST

START_TEST(closing_is_told_on_the_loop_and_later_also_where_nothing_takes_time)
{
	struct di_context *request = request_with(1);
	struct told told = { 0 };

	expect_ok(di_uv_context_close(uv, request, DI_FAILED, tell_done, &told, &error));
	journal_expect("ended t failed");
	ck_assert_int_eq(told.times, 0);
	run_loop();
	expect_told(&told, DI_OK);
}
END_TEST

START_TEST(a_finalizer_that_fails_is_told)
{
	struct di_context *request = request_with(2);
	struct told told = { 0 };

	s.cause = EIO;
	expect_ok(di_uv_context_close(uv, request, DI_DONE, tell_done, &told, &error));
	run_loop();
	expect_told(&told, DI_EFINALIZE);
	expect_told_text(&told, "app_s");
	free_all();
}
END_TEST

START_TEST(what_cannot_be_closed_is_refused_and_not_called_back)
{
	struct di_context *request = request_with(1);
	struct told told = { 0 };

	expect_ok(di_context_enter(request, &error));
	expect_error(di_uv_context_close(uv, request, DI_DONE, tell_done, &told, &error), DI_EBUSY);
	expect_error(di_uv_container_free(NULL, container, tell_done, &told, &error), DI_EINVAL);
	expect_error(di_uv_start(uv, container, NULL, NULL, &error), DI_EINVAL);
	expect_ok(di_context_leave(request, &error));
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
	ck_assert_int_eq(told.times, 0);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(freeing_says_what_was_still_open)
{
	struct told told = { 0 };

	request_with(2);
	expect_ok(di_uv_container_free(uv, container, tell_done, &told, &error));
	container = NULL;
	root = NULL;
	run_loop();
	expect_told(&told, DI_EOPEN);
	journal_expect("ended s", "ended t cancelled", "ended d", "ended c", "ended b");
}
END_TEST

START_TEST(closing_waits_for_what_ends)
{
	struct told told = { 0 }, started = { 0 };

	start(&started);
	run_loop();
	expect_told(&started, DI_OK);
	expect_ok(di_uv_container_free(uv, container, tell_done, &told, &error));
	container = NULL;
	end_loop();
	expect_told(&told, DI_OK);
	journal_expect("made a", "made b", "made e", "made c", "made d", "ended d", "ended c",
		       "ended e", "ended b", "ended a");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/done");
	TCase *tcase = tcase_create("starting and ending");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, starting_takes_as_many_steps_as_the_longest_chain);
	tcase_add_test(tcase, a_start_that_fails_is_told_when_all_have_settled);
	tcase_add_test(tcase, closing_a_context_ends_what_is_asynchronous_newest_first);
	tcase_add_test(tcase, closing_is_told_on_the_loop_and_later_also_where_nothing_takes_time);
	tcase_add_test(tcase, a_finalizer_that_fails_is_told);
	tcase_add_test(tcase, what_cannot_be_closed_is_refused_and_not_called_back);
	tcase_add_test(tcase, freeing_says_what_was_still_open);
	tcase_add_test(tcase, closing_waits_for_what_ends);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
