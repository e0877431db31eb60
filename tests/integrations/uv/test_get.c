/* SPDX-License-Identifier: MIT */
#include "tests/integrations/uv/uv_fixture.h"

/* Gets with timeouts that call back on the loop. */

enum {
	SOON_MS = 3,
	HOUR_MS = 3600 * 1000
};

static struct part made = { .name = "made" };
static struct di_call *waiting;

static int session_new(struct di_call *call);
static int store_new(struct di_call *call);
static int never_new(struct di_call *call);

/* clang-format off */
#define APP(X) \
	X(singleton,              app_config,  struct part, (config_new),  config_end) \
	X(async_singleton,        app_store,   struct part, (store_new),   di_keep) \
	X(async_singleton,        app_never,   struct part, (never_new),   di_keep) \
	X(singleton,              app_behind,  struct part, (behind_new, app_never), di_keep) \
	X(async_context_resource, app_session, struct part, (session_new), di_keep, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(config)

static int behind_new(struct part **out, struct part *need)
{
	*out = need;
	return 0;
}

static void complete_store(void *call, const struct di_error *err)
{
	app_store_complete(call, err != NULL ? ECANCELED : 0, &made);
}

static int store_new(struct di_call *call)
{
	di_uv_timer(uv, SOON_MS, 0, complete_store, call, NULL);
	return DI_PENDING;
}

static void give_up(void *data, struct di_call *call)
{
	(void)data;
	waiting = NULL;
	app_never_complete(call, ECANCELED, NULL);
}

static int never_new(struct di_call *call)
{
	waiting = call;
	di_call_on_cancel(call, give_up, NULL);
	return DI_PENDING;
}

static void complete_session(void *call, const struct di_error *err)
{
	app_session_complete(call, err != NULL ? ECANCELED : 0, &made);
}

static int session_new(struct di_call *call)
{
	di_uv_timer(uv, SOON_MS, 0, complete_session, call, NULL);
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	waiting = NULL;
	begin_with(&app);
}

static void teardown(void)
{
	if (waiting != NULL)
		app_never_complete(waiting, EIO, NULL);
	end_all();
}

static struct di_uv_request *ask(struct di_context *context, const struct di_provider *provider,
				 uint64_t timeout_ms, struct told *told)
{
	struct di_uv_request *request =
		di_uv_get(uv, context, provider, timeout_ms, tell_value, told, &error);

	ck_assert_msg(request != NULL, "%s", error_text());
	ck_assert_int_eq(told->times, 0);
	return request;
}

START_TEST(a_value_is_called_back_and_keeps_the_loop_alive_until_then)
{
	struct told told = { 0 };

	ask(root, &app_store, 0, &told);
	ck_assert_int_ne(uv_loop_alive(&loop), 0);
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_ptr_eq(told.value, &made);
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
}
END_TEST

START_TEST(a_value_that_is_there_is_called_back_later)
{
	struct told told = { 0 };

	ask(root, &app_config, HOUR_MS, &told);
	run_loop();
	expect_told(&told, DI_OK);
	ck_assert_ptr_eq(told.value, app_config_get(root, &error));
}
END_TEST

START_TEST(a_timeout_names_the_provider_and_the_creation_goes_on)
{
	struct told told = { 0 }, again = { 0 };

	ask(root, &app_behind, SOON_MS, &told);
	run_loop();
	expect_told(&told, DI_ETIMEDOUT);
	ck_assert_ptr_null(told.value);
	expect_told_text(&told, "app_behind: it was not done in time (app_never <- app_behind)");
	ask(root, &app_behind, 0, &again);
	app_never_complete(waiting, 0, &made);
	waiting = NULL;
	run_loop();
	expect_told(&again, DI_OK);
	ck_assert_ptr_eq(again.value, app_behind_get(root, &error));
}
END_TEST

START_TEST(a_failure_has_the_path_of_who_asks)
{
	struct told told = { 0 };

	ask(root, &app_behind, HOUR_MS, &told);
	app_never_complete(waiting, EIO, NULL);
	waiting = NULL;
	run_loop();
	expect_told(&told, DI_ECREATE);
	expect_told_text(&told, "(app_never <- app_behind)");
}
END_TEST

START_TEST(what_is_cancelled_is_told_and_its_creation_gives_up)
{
	struct told told = { 0 };
	struct di_uv_request *request = ask(root, &app_never, HOUR_MS, &told);

	ck_assert_ptr_nonnull(waiting);
	ck_assert_int_eq(di_uv_cancel(request), 1);
	ck_assert_int_eq(di_uv_cancel(request), 0);
	ck_assert_int_eq(told.times, 0);
	run_loop();
	expect_told(&told, DI_ECANCELLED);
	expect_told_text(&told, "app_never");
	ck_assert_ptr_null(waiting);
	ck_assert_int_eq(di_uv_cancel(NULL), 0);
}
END_TEST

START_TEST(an_answer_that_is_due_is_not_cancelled)
{
	struct told told = { 0 };
	struct di_uv_request *request = ask(root, &app_config, 0, &told);

	ck_assert_int_eq(di_uv_cancel(request), 0);
	run_loop();
	expect_told(&told, DI_OK);
}
END_TEST

static void *complete_elsewhere(void *call)
{
	app_never_complete(call, 0, &made);
	return NULL;
}

START_TEST(a_value_completed_by_another_thread_is_delivered_on_the_loop)
{
	struct told told = { 0 }, behind = { 0 };
	pthread_t thread;

	ask(root, &app_never, 0, &told);
	ask(root, &app_behind, HOUR_MS, &behind);
	thread = thread_start(complete_elsewhere, waiting, 0);
	waiting = NULL;
	run_loop();
	thread_join(thread);
	expect_told(&told, DI_OK);
	expect_told(&behind, DI_OK);
}
END_TEST

START_TEST(a_callback_sees_what_was_seen_where_it_was_asked_for)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct told told = { 0 }, bare = { 0 };

	enter_as(request, "ann");
	ask(request, &app_session, HOUR_MS, &told);
	leave_again(request);
	ask(request, &app_session, 0, &bare);
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

static void leave_and_close(void *data, void *value, const struct di_error *err)
{
	struct di_context *current = di_context_current(&app);

	tell(data, value, err);
	ck_assert_int_eq(di_context_close(current, DI_DONE, NULL), DI_EBUSY);
	ck_assert_int_eq(di_context_leave(current, NULL), DI_OK);
	ck_assert_int_eq(di_context_close(current, DI_DONE, NULL), DI_OK);
}

START_TEST(a_callback_may_leave_its_context_and_close_it)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct told told = { 0 };

	enter_as(request, "ann");
	di_uv_get(uv, request, &app_session, 0, leave_and_close, &told, &error);
	leave_again(request);
	run_loop();
	expect_told(&told, DI_OK);
	container_free_expect(DI_OK);
}
END_TEST

START_TEST(a_context_that_is_closed_while_the_answer_is_due_is_told)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct told told = { 0 };

	ask(request, &app_config, 0, &told);
	close_as(request, DI_DONE);
	run_loop();
	expect_told(&told, DI_ECLOSED);
	ck_assert_ptr_null(told.value);
	expect_told_text(&told, "the context that was asked has been closed meanwhile");
}
END_TEST

START_TEST(a_context_that_was_entered_and_is_closed_is_told_without_it)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct told told = { 0 };

	enter_as(request, "ann");
	ask(root, &app_config, 0, &told);
	leave_again(request);
	close_as(request, DI_DONE);
	run_loop();
	expect_told(&told, DI_ECLOSED);
	ck_assert_ptr_null(told.value);
	expect_told_text(&told, "scope request that was captured was closed meanwhile");
	ck_assert_str_eq(told.user, "ann");
	ck_assert_ptr_null(told.context);
}
END_TEST

START_TEST(closing_answers_what_is_open)
{
	struct told told[4] = { 0 };

	ask(root, &app_never, 0, &told[0]);
	ask(root, &app_behind, HOUR_MS, &told[1]);
	ask(root, &app_store, HOUR_MS, &told[2]);
	ask(root, &app_config, HOUR_MS, &told[3]);
	end_loop();
	expect_told(&told[0], DI_ECANCELLED);
	expect_told(&told[1], DI_ECANCELLED);
	expect_told(&told[2], DI_ECANCELLED);
	expect_told(&told[3], DI_OK);
}
END_TEST

static void ask_again(void *data, void *value, const struct di_error *err)
{
	struct di_error refusal = { 0 };

	tell(data, value, err);
	ck_assert_ptr_null(di_uv_get(uv, root, &app_config, 0, ask_again, data, &refusal));
	ck_assert_int_eq(refusal.status, DI_ECLOSED);
}

START_TEST(nothing_new_is_begun_while_it_is_being_closed)
{
	struct told told = { 0 };

	di_uv_get(uv, root, &app_never, 0, ask_again, &told, &error);
	end_loop();
	expect_told(&told, DI_ECANCELLED);
}
END_TEST

static enum di_status ask_nobody(void *data, struct di_error *err)
{
	struct di_error own = { 0 };
	struct told told = { 0 };

	(void)data;
	ck_assert_ptr_null(di_uv_get(uv, NULL, &app_config, 0, tell_value, &told, &own));
	if (err != NULL)
		*err = own;
	return own.status;
}

START_TEST(what_cannot_be_asked_is_refused_and_not_called_back)
{
	expect_null(di_uv_get(uv, root, &app_config, 0, NULL, NULL, &error), DI_EINVAL);
	expect_text("there is no callback");
	expect_null(di_uv_get(NULL, root, &app_config, 0, tell_value, NULL, &error), DI_EINVAL);
	expect_text("there is no di_uv");
	misuse_expect(ask_nobody, NULL, DI_EINVAL, "context");
	ck_assert_int_eq(uv_loop_alive(&loop), 0);
}
END_TEST

START_TEST(a_container_with_open_gets_is_busy)
{
	struct told told = { 0 };

	ask(root, &app_config, 0, &told);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	run_loop();
	container_free_expect(DI_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("integrations/uv/get");
	TCase *tcase = tcase_create("gets");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, a_value_is_called_back_and_keeps_the_loop_alive_until_then);
	tcase_add_test(tcase, a_value_that_is_there_is_called_back_later);
	tcase_add_test(tcase, a_timeout_names_the_provider_and_the_creation_goes_on);
	tcase_add_test(tcase, a_failure_has_the_path_of_who_asks);
	tcase_add_test(tcase, what_is_cancelled_is_told_and_its_creation_gives_up);
	tcase_add_test(tcase, an_answer_that_is_due_is_not_cancelled);
	tcase_add_test(tcase, a_value_completed_by_another_thread_is_delivered_on_the_loop);
	tcase_add_test(tcase, a_callback_sees_what_was_seen_where_it_was_asked_for);
	tcase_add_test(tcase, a_callback_may_leave_its_context_and_close_it);
	tcase_add_test(tcase, a_context_that_is_closed_while_the_answer_is_due_is_told);
	tcase_add_test(tcase, a_context_that_was_entered_and_is_closed_is_told_without_it);
	tcase_add_test(tcase, closing_answers_what_is_open);
	tcase_add_test(tcase, nothing_new_is_begun_while_it_is_being_closed);
	tcase_add_test(tcase, what_cannot_be_asked_is_refused_and_not_called_back);
	tcase_add_test(tcase, a_container_with_open_gets_is_busy);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
