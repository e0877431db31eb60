/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* The private context that a handler opens where its needs are made for the call alone. */

PART(clock)
PART_OF_1(query)
PART_OF_1(keeper)
PART_OF_1(session)
PART_OF_1(report)
PART(trace)

/* A value of the call that keeps its home, to mark it. */
struct work {
	struct di_context *home;
};

static int work_init(struct work *work, struct di_context *home)
{
	work->home = home;
	return 0;
}

static int work_end(struct work *work, enum di_outcome outcome)
{
	(void)work;
	journal_write("ended work %s", di_outcome_text(outcome));
	return 0;
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,    struct part, (clock_new),               clock_end) \
	X(factory,          app_query,    struct part, (query_new, app_clock),    query_end) \
	X(singleton,        app_keeper,   struct part, (keeper_new, app_query),   keeper_end) \
	X(context_resource, app_session,  struct part, (session_new, app_clock),  session_end, request) \
	X(context_resource, app_report,   struct part, (report_new, app_query),   report_end, request) \
	X(context_resource, app_work,     struct work, DI_INIT(work_init, DI_CONTEXT), work_end, inject) \
	X(context_resource, app_trace,    struct part, (trace_new),               trace_end, any)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

PART_FAKE(fake)

static struct di_context *request;
static int opened;

static void count_opened(void *data, const struct di_event *event)
{
	(void)data;
	opened += event->kind == DI_EVENT_OPENED;
}

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .observer = { count_opened, NULL } };

	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	opened = 0;
}

/* ---- When it is opened ---- */

static int take(struct part *part)
{
	return part->alive ? 0 : 1;
}

static int take_work(struct work *work)
{
	return work->home != NULL ? 0 : 1;
}

DI_HANDLER(app_take_clock, int, (), (take, app_clock));
DI_HANDLER(app_take_keeper, int, (), (take, app_keeper));
DI_HANDLER(app_take_session, int, (), (take, app_session));
DI_HANDLER(app_take_report, int, (), (take, app_report));
DI_HANDLER(app_take_query, int, (), (take, app_query));
DI_HANDLER(app_take_work, int, (), (take_work, app_work));
DI_HANDLER(app_take_trace, int, (), (take, app_trace));

static int take_home(struct di_context *home)
{
	return home != NULL ? 0 : 1;
}

DI_HANDLER(app_take_field, int, (), (take_home, DI_FIELD(app_work, home)));

typedef enum di_status take_fn(struct di_context *context, int *result, struct di_error *err);

static const struct {
	take_fn *handler;
	int opens;
} takers[] = {
	{ app_take_clock, 0 },  { app_take_keeper, 0 }, { app_take_session, 0 },
	{ app_take_report, 0 }, { app_take_query, 1 },  { app_take_work, 1 },
	{ app_take_trace, 1 },  { app_take_field, 1 },
};

START_TEST(a_context_is_opened_only_for_needs_of_the_call_alone)
{
	int i, result = 1;

	for (i = 0; i < 2; i++) {
		opened = 0;
		expect_ok(takers[_i].handler(request, &result, &error));
		ck_assert_int_eq(result, 0);
		ck_assert_int_eq(opened, takers[_i].opens);
	}
}
END_TEST

START_TEST(what_was_made_for_the_call_ends_with_it)
{
	int result;

	expect_ok(app_take_query(request, &result, &error));
	expect_ok(app_take_trace(request, &result, &error));
	expect_ok(app_take_query(request, &result, &error));
	journal_expect("created clock", "created query from clock", "ended query done",
		       "created trace", "ended trace done", "created query from clock",
		       "ended query done");
}
END_TEST

static int take_both(struct part *a, struct part *query, struct part *b)
{
	ck_assert_ptr_eq(a, b);
	return query != NULL ? 0 : 1;
}

DI_HANDLER(app_take_both, int, (), (take_both, app_trace, app_query, app_trace));

START_TEST(needs_of_one_call_share_what_is_made_for_it)
{
	int result;

	app_clock_get(root, &error);
	journal_clear();
	expect_ok(app_take_both(request, &result, &error));
	journal_expect("created trace", "created query from clock", "ended query done",
		       "ended trace done");
}
END_TEST

static int go_down(int depth, struct part *trace);

DI_HANDLER(app_go_down, int, (int), (go_down, app_trace));

static int go_down(int depth, struct part *trace)
{
	int alive = parts_alive("trace"), result = -1;

	if (depth > 0) {
		expect_ok(app_go_down(request, &result, depth - 1, &error));
		ck_assert_int_eq(result, 0);
	}
	ck_assert(trace->alive);
	ck_assert_int_eq(parts_alive("trace"), alive);
	journal_write("%d of %d", depth, alive);
	return 0;
}

START_TEST(a_handler_that_calls_itself_has_values_of_its_own_in_each_call)
{
	int result = -1;

	expect_ok(app_go_down(request, &result, 2, &error));
	journal_expect("created trace", "created trace", "created trace", "0 of 3",
		       "ended trace done", "1 of 2", "ended trace done", "2 of 1",
		       "ended trace done");
}
END_TEST

START_TEST(an_open_inject_context_is_not_used_for_the_call)
{
	struct di_context *inner = open_in(request, &di_scope_inject);
	struct work *mine = app_work_get(inner, &error);
	int result;

	expect_ok(app_take_work(inner, &result, &error));
	journal_expect("ended work done");
	ck_assert_ptr_eq(app_work_get(inner, &error), mine);
}
END_TEST

/* ---- That it is private ---- */

static int look_around(struct work *work, struct di_context *context)
{
	struct di_context *inner = open_in(context, &di_scope_request);

	ck_assert_ptr_eq(context, request);
	ck_assert_ptr_ne(work->home, context);
	ck_assert_ptr_eq(di_context_parent(work->home), request);
	ck_assert_ptr_eq(di_context_current(&app), root);
	ck_assert_ptr_eq(di_context_parent(inner), request);
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	close_as(inner, DI_DONE);
	return 0;
}

DI_HANDLER(app_look_around, int, (), (look_around, app_work, DI_CONTEXT));

START_TEST(it_is_never_current_and_never_a_parent)
{
	int result = 1;

	expect_ok(di_context_enter(root, &error));
	expect_ok(app_look_around(request, &result, &error));
	expect_ok(di_context_leave(root, &error));
	ck_assert_int_eq(result, 0);
}
END_TEST

START_TEST(overrides_of_outer_contexts_hold_in_it)
{
	int result;

	expect_ok(app_clock_override(request, &fake, &error));
	expect_ok(app_take_query(request, &result, &error));
	journal_expect("created query from fake", "ended query done");
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	expect_ok(app_query_override(request, &fake, &error));
	expect_ok(app_take_query(request, &result, &error));
	journal_expect_nothing();
}
END_TEST

/* ---- How it ends ---- */

static int give(int number, struct work *work)
{
	(void)work;
	return number;
}

static void *give_pointer(int number, struct work *work)
{
	return number ? work : NULL;
}

static long give_long(int number, struct work *work)
{
	(void)work;
	return number;
}

struct reply {
	int code;
};

static struct reply give_reply(int number, struct work *work)
{
	(void)work;
	return (struct reply){ number };
}

static void give_nothing(int number, struct work *work)
{
	if (number)
		di_context_mark(work->home, DI_CANCELLED, NULL);
}

DI_HANDLER(app_give, int, (int), (give, app_work));
DI_HANDLER(app_give_judged, DI_FAILS_IF(int, < 0), (int), (give, app_work));
DI_HANDLER(app_give_pointer, void *, (int), (give_pointer, app_work));
DI_HANDLER(app_give_long, long, (int), (give_long, app_work));
DI_HANDLER(app_give_reply, DI_FAILS_IF(struct reply, .code >= 400), (int), (give_reply, app_work));
DI_HANDLER(app_give_nothing, void, (int), (give_nothing, app_work));

START_TEST(an_int_that_is_not_zero_is_a_failure_of_the_work_and_no_error)
{
	int result;

	expect_ok(app_give(request, &result, 0, &error));
	journal_expect("ended work done");
	expect_ok(app_give(request, &result, 3, &error));
	ck_assert_int_eq(result, 3);
	journal_expect("ended work failed");
}
END_TEST

START_TEST(a_pointer_that_is_NULL_is_a_failure)
{
	void *result = &fake;

	expect_ok(app_give_pointer(request, &result, 1, &error));
	journal_expect("ended work done");
	ck_assert_ptr_nonnull(result);
	expect_ok(app_give_pointer(request, &result, 0, &error));
	journal_expect("ended work failed");
	ck_assert_ptr_null(result);
}
END_TEST

START_TEST(a_judge_of_ones_own_decides)
{
	struct reply reply;
	int result;

	expect_ok(app_give_judged(request, &result, 3, &error));
	journal_expect("ended work done");
	expect_ok(app_give_judged(request, &result, -1, &error));
	journal_expect("ended work failed");
	expect_ok(app_give_reply(request, &reply, 200, &error));
	journal_expect("ended work done");
	expect_ok(app_give_reply(request, &reply, 404, &error));
	journal_expect("ended work failed");
	ck_assert_int_eq(reply.code, 404);
}
END_TEST

START_TEST(other_results_are_never_a_failure)
{
	long result;

	expect_ok(app_give_long(request, &result, 3, &error));
	journal_expect("ended work done");
	expect_ok(app_give_nothing(request, 0, &error));
	journal_expect("ended work done");
}
END_TEST

START_TEST(a_mark_makes_it_worse)
{
	expect_ok(app_give_nothing(request, 1, &error));
	journal_expect("ended work cancelled");
}
END_TEST

START_TEST(an_end_that_fails_is_an_error_with_the_result_written)
{
	int result = 1;

	parts_fail_end("query", EIO, 1);
	expect_error(app_take_query(request, &result, &error), DI_EFINALIZE);
	ck_assert_str_eq(error_text(), "query_end failed for app_query: Input/output error "
				       "(app_query <- app_take_query)");
	ck_assert_int_eq(result, 0);
	parts_fail_end("query", EIO, 1);
	ck_assert_int_eq(app_take_query(request, &result, NULL), DI_EFINALIZE);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(an_end_that_fails_does_not_keep_the_others_of_the_call_from_running)
{
	int result = -1;

	app_clock_get(root, &error);
	journal_clear();
	parts_fail_end("query", EIO, 1);
	parts_fail_end("trace", EPERM, 1);
	expect_error(app_take_both(request, &result, &error), DI_EFINALIZE);
	ck_assert_str_eq(error.provider, "app_query");
	ck_assert_int_eq(error.cause, EIO);
	ck_assert_uint_eq(error.more, 1);
	ck_assert_int_eq(result, 0);
	journal_expect("created trace", "created query from clock", "ended badly query",
		       "ended badly trace");
	expect_ok(app_take_both(request, &result, &error));
}
END_TEST

static int give_up(struct part *query, struct part *trace)
{
	ck_assert(query->alive && trace->alive);
	return ENOSPC;
}

DI_HANDLER(app_give_up, int, (), (give_up, app_query, app_trace));

START_TEST(a_failure_of_the_work_and_one_of_an_end_are_both_told)
{
	int result = -1;

	app_clock_get(root, &error);
	parts_fail_end("trace", EIO, 1);
	journal_clear();
	expect_error(app_give_up(request, &result, &error), DI_EFINALIZE);
	ck_assert_int_eq(result, ENOSPC);
	ck_assert_int_eq(error.cause, EIO);
	ck_assert_str_eq(error.path, "app_trace <- app_give_up");
	journal_expect("created query from clock", "created trace", "ended badly trace",
		       "ended query failed");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/handler/context");
	TCase *opening = di_check_case(all, "opening", setup, container_end);
	TCase *hidden = di_check_case(all, "hidden", setup, container_end);
	TCase *ending = di_check_case(all, "ending", setup, container_end);

	tcase_add_loop_test(opening, a_context_is_opened_only_for_needs_of_the_call_alone, 0,
			    sizeof(takers) / sizeof(takers[0]));
	tcase_add_test(opening, what_was_made_for_the_call_ends_with_it);
	tcase_add_test(opening, needs_of_one_call_share_what_is_made_for_it);
	tcase_add_test(opening, a_handler_that_calls_itself_has_values_of_its_own_in_each_call);
	tcase_add_test(opening, an_open_inject_context_is_not_used_for_the_call);
	tcase_add_test(hidden, it_is_never_current_and_never_a_parent);
	tcase_add_test(hidden, overrides_of_outer_contexts_hold_in_it);
	tcase_add_test(ending, an_int_that_is_not_zero_is_a_failure_of_the_work_and_no_error);
	tcase_add_test(ending, a_pointer_that_is_NULL_is_a_failure);
	tcase_add_test(ending, a_judge_of_ones_own_decides);
	tcase_add_test(ending, other_results_are_never_a_failure);
	tcase_add_test(ending, a_mark_makes_it_worse);
	tcase_add_test(ending, an_end_that_fails_is_an_error_with_the_result_written);
	tcase_add_test(ending, an_end_that_fails_does_not_keep_the_others_of_the_call_from_running);
	tcase_add_test(ending, a_failure_of_the_work_and_one_of_an_end_are_both_told);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
