/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

/* Timers that take contexts and values along. */

/* clang-format off */
#define APP(X) \
	X(context_resource, app_session, struct part, (session_new), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
PART(session)
DI_CONTAINER_DEFINE(app, APP);

enum {
	SOON_MS = 5,
	HOUR_MS = 3600 * 1000
};

static void setup(void)
{
	begin_with(&app);
}

static struct di_uv_request *start(uint64_t after_ms, uint64_t repeat_ms, di_uv_fn *callback,
				   void *data)
{
	struct di_uv_request *timer = di_uv_timer(uv, after_ms, repeat_ms, callback, data, &error);

	ck_assert_msg(timer != NULL, "%s", error_text());
	return timer;
}

START_TEST(it_fires_once_and_not_before_its_time)
{
	uint64_t before = uv_hrtime();
	struct told told = { 0 };

	start(20, 0, tell_after, &told);
	ck_assert_int_ne(uv_loop_alive(&loop), 0);
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_uint_ge(uv_hrtime() - before, 18 * 1000000);
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
}
END_TEST

static struct di_uv_request *repeating;
static enum di_status seen_status[8];

static void count_to_three(void *data, const struct di_error *err)
{
	struct told *told = data;

	tell(told, NULL, err);
	seen_status[told->times - 1] = told->status;
	if (told->times == 3)
		ck_assert_int_eq(di_uv_cancel(repeating), 1);
}

START_TEST(it_repeats_until_it_is_cancelled_which_is_told_last)
{
	struct told told = { 0 };

	repeating = start(0, 1, count_to_three, &told);
	run_loop();
	ck_assert_int_eq(told.times, 4);
	ck_assert_int_eq(seen_status[2], DI_OK);
	ck_assert_int_eq(seen_status[3], DI_ECANCELLED);
	expect_told_text(&told, "the timer was cancelled");
}
END_TEST

START_TEST(one_that_is_cancelled_does_not_fire)
{
	struct told told = { 0 };
	struct di_uv_request *timer = start(HOUR_MS, 0, tell_after, &told);

	ck_assert_int_eq(di_uv_cancel(timer), 1);
	ck_assert_int_eq(di_uv_cancel(timer), 0);
	ck_assert_int_eq(told.times, 0);
	run_loop();
	expect_told(&told, DI_ECANCELLED);
}
END_TEST

START_TEST(it_sees_what_was_seen_when_it_was_started)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct told told = { 0 }, bare = { 0 };

	enter_as(request, "ann");
	start(SOON_MS, 0, tell_after, &told);
	leave_again(request);
	start(SOON_MS, 0, tell_after, &bare);
	expect_ok(seen_user_set("bob", &error));
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_str_eq(told.user, "ann");
	ck_assert_ptr_eq(told.context, request);
	expect_told(&bare, DI_OK);
	ck_assert_ptr_null(bare.user);
	ck_assert_ptr_null(bare.context);
	close_as(request, DI_DONE);
}
END_TEST

static void resolve_session(void *data, const struct di_error *err)
{
	struct di_error own;

	ck_assert_ptr_null(err);
	*(void **)data = app_session_get(di_context_current(&app), &own);
}

START_TEST(its_context_makes_values_as_any_other)
{
	struct di_context *request = open_in(root, &di_scope_request);
	void *session = NULL;

	enter_as(request, "ann");
	start(0, 0, resolve_session, &session);
	leave_again(request);
	run_loop();
	ck_assert_ptr_nonnull(session);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	close_as(request, DI_DONE);
	journal_expect("created session", "ended session done");
}
END_TEST

START_TEST(a_context_that_was_closed_is_told_with_the_values)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct told told = { 0 };

	enter_as(request, "ann");
	start(SOON_MS, 0, tell_after, &told);
	leave_again(request);
	close_as(request, DI_DONE);
	run_loop();
	expect_told(&told, DI_ECLOSED);
	ck_assert_str_eq(told.user, "ann");
	ck_assert_ptr_null(told.context);
}
END_TEST

START_TEST(closing_cancels_timers)
{
	struct told told = { 0 }, other = { 0 };

	start(HOUR_MS, 0, tell_after, &told);
	start(HOUR_MS, HOUR_MS, tell_after, &other);
	end_loop();
	expect_told(&told, DI_ECANCELLED);
	expect_told(&other, DI_ECANCELLED);
}
END_TEST

static void close_all(void *data, const struct di_error *err)
{
	tell(data, NULL, err);
	di_uv_close(uv, NULL, NULL);
	uv = NULL;
}

START_TEST(a_callback_may_close_what_called_it)
{
	struct told told = { 0 }, other = { 0 };

	start(SOON_MS, 0, close_all, &told);
	start(HOUR_MS, 0, tell_after, &other);
	run_loop();
	expect_told(&told, DI_OK);
	expect_told(&other, DI_ECANCELLED);
	ck_assert_int_eq(uv_loop_close(&loop), 0);
}
END_TEST

START_TEST(one_without_a_callback_is_refused)
{
	expect_null(di_uv_timer(uv, 0, 0, NULL, NULL, &error), DI_EINVAL);
	expect_text("there is no callback");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/timer");
	TCase *tcase = tcase_create("timers");

	tcase_add_checked_fixture(tcase, setup, end_all);
	tcase_add_test(tcase, it_fires_once_and_not_before_its_time);
	tcase_add_test(tcase, it_repeats_until_it_is_cancelled_which_is_told_last);
	tcase_add_test(tcase, one_that_is_cancelled_does_not_fire);
	tcase_add_test(tcase, it_sees_what_was_seen_when_it_was_started);
	tcase_add_test(tcase, its_context_makes_values_as_any_other);
	tcase_add_test(tcase, a_context_that_was_closed_is_told_with_the_values);
	tcase_add_test(tcase, closing_cancels_timers);
	tcase_add_test(tcase, a_callback_may_close_what_called_it);
	tcase_add_test(tcase, one_without_a_callback_is_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
