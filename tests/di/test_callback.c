/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <errno.h>
#include <stdlib.h>

PART(clock)
PART_OF_1(query)

/* How numbers are ordered: what a comparison for qsort() cannot be given. */
struct order {
	int sign;
	int asked;
};

static int order_init(struct order *self)
{
	self->sign = 1;
	return 0;
}

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

static int visits_init(int *visits)
{
	*visits = 0;
	return 0;
}

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,  struct part,  (clock_new),                    clock_end) \
	X(context_resource, app_order,  struct order, DI_INIT(order_init),            di_keep, request) \
	X(singleton,        app_visits, int,          DI_INIT(visits_init),           di_keep) \
	X(factory,          app_query,  struct part,  (query_new, app_clock),         query_end) \
	X(context_resource, app_work,   struct work,  DI_INIT(work_init, DI_CONTEXT), work_end, inject)
#define OTHER(X) X(singleton, other_clock, struct part, (clock_new), clock_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);
DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

static struct di_context *request;

static void setup(void)
{
	di_callback_error();
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	while (di_context_current(&app) != NULL)
		di_context_leave(di_context_current(&app), NULL);
	container_end();
}

static const char *callback_text(void)
{
	static char text[512];

	return di_error_text(di_callback_error(), text, sizeof(text));
}

/* ---- For libraries: qsort() ---- */

static int compare(const void *a, const void *b, struct order *order)
{
	int left = *(const int *)a, right = *(const int *)b;

	order->asked++;
	return order->sign * ((left > right) - (left < right));
}

DI_CALLBACK(compare_ints, int, 0, (const void *, const void *), (compare, app_order));

START_TEST(qsort_compares_with_what_is_injected)
{
	int (*exactly)(const void *, const void *) = compare_ints;
	int numbers[] = { 3, 1, 2 };

	expect_ok(di_context_enter(request, &error));
	qsort(numbers, 3, sizeof(numbers[0]), exactly);
	ck_assert(numbers[0] == 1 && numbers[1] == 2 && numbers[2] == 3);
	app_order_get(request, &error)->sign = -1;
	qsort(numbers, 3, sizeof(numbers[0]), compare_ints);
	ck_assert(numbers[0] == 3 && numbers[1] == 2 && numbers[2] == 1);
	ck_assert_int_ge(app_order_get(request, &error)->asked, 4);
	ck_assert_ptr_null(di_callback_error());
}
END_TEST

START_TEST(the_innermost_entered_context_is_the_one_it_works_in)
{
	struct di_context *inner = open_in(request, &di_scope_request);
	int one = 1, two = 2;

	app_order_get(inner, &error)->sign = -1;
	expect_ok(di_context_enter(request, &error));
	ck_assert_int_lt(compare_ints(&one, &two), 0);
	expect_ok(di_context_enter(inner, &error));
	ck_assert_int_gt(compare_ints(&one, &two), 0);
	expect_ok(di_context_leave(inner, &error));
	ck_assert_int_lt(compare_ints(&one, &two), 0);
}
END_TEST

/* ---- For libraries: an access handler like that of libmicrohttpd ---- */

enum answer {
	NO = 0,
	YES = 1
};
struct connection;
typedef enum answer access_fn(void *closure, struct connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state);

static enum answer answer(void *closure, struct connection *connection, const char *url,
			  const char *method, const char *version, const char *upload,
			  size_t *upload_size, void **state, int *visits, struct part *query)
{
	ck_assert(closure == NULL && connection == NULL && upload == NULL);
	journal_write("%s %s %s with %s", method, url, version, query->name);
	*upload_size = 0;
	*state = visits;
	++*visits;
	return YES;
}

DI_CALLBACK(app_access, enum answer, NO,
	    (void *, struct connection *, const char *, const char *, const char *, const char *,
	     size_t *, void **),
	    (answer, app_visits, app_query));

static enum answer serve(access_fn *handler, const char *url)
{
	size_t upload_size = 7;
	void *state = NULL;
	enum answer given = handler(NULL, NULL, url, "GET", "1.1", NULL, &upload_size, &state);

	ck_assert_int_eq(given == YES, upload_size == 0);
	ck_assert_int_eq(given == YES, state == di_resolve(root, NULL, &app_visits));
	return given;
}

START_TEST(a_server_calls_it_and_what_was_made_for_the_call_ends_with_it)
{
	expect_ok(di_context_enter(request, &error));
	ck_assert_int_eq(serve(app_access, "/notes"), YES);
	ck_assert_int_eq(serve(app_access, "/notes/1"), YES);
	ck_assert_int_eq(*app_visits_get(root, &error), 2);
	journal_expect("created clock", "created query from clock", "GET /notes 1.1 with query",
		       "ended query done", "created query from clock",
		       "GET /notes/1 1.1 with query", "ended query done");
}
END_TEST

START_TEST(after_an_error_it_returns_what_was_said_and_the_function_is_not_called)
{
	expect_ok(di_context_enter(request, &error));
	parts_fail_new("query", ENOSPC, 1);
	ck_assert_int_eq(serve(app_access, "/notes"), NO);
	journal_expect("created clock", "failed query");
	ck_assert_str_eq(callback_text(), "query_new failed for app_query: No space left on device "
					  "(app_query <- app_access)");
	ck_assert_int_eq(serve(app_access, "/notes"), YES);
	ck_assert_ptr_null(di_callback_error());
}
END_TEST

/* ---- Errors ---- */

START_TEST(without_an_entered_context_there_is_none_to_work_in)
{
	int one = 1, two = 2;

	ck_assert_int_eq(compare_ints(&one, &two), 0);
	ck_assert_str_eq(callback_text(), "no context of the needed scope is open: "
					  "no context of app is entered (compare_ints)");
}
END_TEST

START_TEST(a_context_of_another_container_is_not_its_own)
{
	struct di_container *strange = di_container_new(&other, NULL, &error);
	int one = 1, two = 2;

	expect_ok(di_context_enter(request, &error));
	expect_ok(di_context_enter(di_container_root(strange), &error));
	ck_assert_int_lt(compare_ints(&one, &two), 0);
	ck_assert_ptr_null(di_callback_error());
	expect_ok(di_context_leave(di_container_root(strange), &error));
	expect_ok(di_container_free(strange, &error));
}
END_TEST

START_TEST(the_first_error_stays_until_it_is_asked_for_and_the_rest_are_counted)
{
	int one = 1, two = 2;
	const struct di_error *first;

	compare_ints(&one, &two);
	serve(app_access, "/");
	compare_ints(&one, &two);
	first = di_callback_error();
	ck_assert_int_eq(first->status, DI_ENOCONTEXT);
	ck_assert_str_eq(first->path, "compare_ints");
	ck_assert_uint_eq(first->more, 2);
	ck_assert_ptr_null(di_callback_error());
	serve(app_access, "/");
	ck_assert_str_eq(di_callback_error()->path, "app_access");
}
END_TEST

static void *fail_elsewhere(void *data)
{
	int one = 1, two = 2;

	(void)data;
	compare_ints(&one, &two);
	return di_callback_error() != NULL ? request : NULL;
}

START_TEST(each_flow_has_an_error_of_its_own)
{
	ck_assert_ptr_nonnull(thread_join(thread_start(fail_elsewhere, NULL, 0)));
	ck_assert_ptr_null(di_callback_error());
}
END_TEST

/* ---- Outcomes and results ---- */

static int give(int number, struct work *work)
{
	if (number < 0)
		di_context_mark(work->home, DI_FAILED, NULL);
	return number;
}

DI_CALLBACK(app_give, int, -99, (int), (give, app_work));

START_TEST(a_result_is_no_failure_but_a_mark_is)
{
	expect_ok(di_context_enter(request, &error));
	ck_assert_int_eq(app_give(7), 7);
	journal_expect("ended work done");
	ck_assert_int_eq(app_give(-1), -1);
	journal_expect("ended work failed");
	ck_assert_ptr_null(di_callback_error());
}
END_TEST

static int give_query(struct part *query)
{
	return query->needs_count;
}

DI_CALLBACK(app_give_query, int, -99, (void), (give_query, app_query));

START_TEST(an_end_that_fails_is_an_error)
{
	expect_ok(di_context_enter(request, &error));
	parts_fail_end("query", EIO, 1);
	ck_assert_int_eq(app_give_query(), -99);
	ck_assert_str_eq(callback_text(), "query_end failed for app_query: Input/output error "
					  "(app_query <- app_give_query)");
	ck_assert_int_eq(app_give_query(), 1);
}
END_TEST

static void visit(struct part *clock, int *visits, struct di_context *context)
{
	ck_assert(clock->alive);
	ck_assert_ptr_eq(context, request);
	++*visits;
}

DI_CALLBACK(app_visit, void, , (), (visit, app_clock, app_visits, DI_CONTEXT));

START_TEST(a_void_result_needs_no_other)
{
	void (*exactly)(void) = app_visit;

	exactly();
	ck_assert_int_eq(di_callback_error()->status, DI_ENOCONTEXT);
	expect_ok(di_context_enter(request, &error));
	exactly();
	ck_assert_int_eq(*app_visits_get(root, &error), 1);
	ck_assert_ptr_null(di_callback_error());
}
END_TEST

static void call_back(struct part *part)
{
	int one = 1, two = 2;

	(void)part;
	journal_write("compared %d", compare_ints(&one, &two));
	ck_assert_int_eq(di_callback_error()->status, DI_ENOCONTEXT);
}

START_TEST(in_a_constructor_it_works_in_the_home_of_the_value)
{
	expect_ok(di_context_enter(request, &error));
	parts_on_new("clock", call_back);
	ck_assert_ptr_nonnull(app_clock_get(request, &error));
	journal_expect("compared 0", "created clock");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/callback");
	TCase *tcase = tcase_create("callbacks");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, qsort_compares_with_what_is_injected);
	tcase_add_test(tcase, the_innermost_entered_context_is_the_one_it_works_in);
	tcase_add_test(tcase, a_server_calls_it_and_what_was_made_for_the_call_ends_with_it);
	tcase_add_test(tcase,
		       after_an_error_it_returns_what_was_said_and_the_function_is_not_called);
	tcase_add_test(tcase, without_an_entered_context_there_is_none_to_work_in);
	tcase_add_test(tcase, a_context_of_another_container_is_not_its_own);
	tcase_add_test(tcase, the_first_error_stays_until_it_is_asked_for_and_the_rest_are_counted);
	tcase_add_test(tcase, each_flow_has_an_error_of_its_own);
	tcase_add_test(tcase, a_result_is_no_failure_but_a_mark_is);
	tcase_add_test(tcase, an_end_that_fails_is_an_error);
	tcase_add_test(tcase, a_void_result_needs_no_other);
	tcase_add_test(tcase, in_a_constructor_it_works_in_the_home_of_the_value);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
