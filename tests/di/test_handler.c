/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

PART(clock)
PART_OF_1(store)
PART_OF_1(session)
PART_OF_1(query)
PART_OF_1(work)

struct settings {
	struct {
		double factor;
	} scale;
};

static const struct settings settings = { { 1.5 } };

/* clang-format off */
#define APP(X) \
	X(object,           app_settings, const struct settings, &settings) \
	X(singleton,        app_clock,    struct part, (clock_new),                clock_end) \
	X(singleton,        app_store,    struct part, (store_new, app_clock),     store_end) \
	X(context_resource, app_session,  struct part, (session_new, app_store),   session_end, request) \
	X(factory,          app_query,    struct part, (query_new, app_session),   query_end) \
	X(context_resource, app_work,     struct part, (work_new, app_session),    work_end, inject) \
	X(state,            app_user,     struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

PART_FAKE(fake)

static struct di_context *request;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
}

/* ---- Calling ---- */

static int add(int a, int b, struct part *session, struct part *clock)
{
	journal_write("add with %s %s", session->name, clock->name);
	return a + b;
}

DI_HANDLER_DECLARE(app_add, int, (int, int));
DI_HANDLER(app_add, int, (int, int), (add, app_session, app_clock));

START_TEST(a_handler_gets_passed_and_injected_parameters)
{
	int sum = 0;

	expect_ok(app_add(request, &sum, 3, 4, &error));
	ck_assert_int_eq(sum, 7);
	journal_expect("created clock", "created store from clock", "created session from store",
		       "add with session clock");
	expect_ok(app_add(request, &sum, 1, 1, NULL));
	journal_expect("add with session clock");
}
END_TEST

struct point {
	double x, y;
};

typedef struct point move_fn(struct point point, double by);
typedef move_fn *mover;

static struct point move_right(struct point point, double by)
{
	return (struct point){ point.x + by, point.y };
}

static struct point move(struct point point, mover how, const char *why, double factor)
{
	journal_write("moved because %s", why);
	return how(point, factor);
}

DI_HANDLER(app_move, struct point, (struct point, mover, const char *),
	   (move, DI_FIELD(app_settings, scale.factor)));

START_TEST(parameters_and_results_are_of_any_type_and_members_are_injected)
{
	struct point point = { 0, 0 };

	expect_ok(app_move(root, &point, (struct point){ 1, 2 }, move_right, "asked", &error));
	ck_assert(point.x > 2.4 && point.x < 2.6 && point.y > 1.9);
	journal_expect("moved because asked");
}
END_TEST

static void count_all(int a, char b, long c, short d, unsigned e, float f, double g, void *h,
		      struct part *s1, struct part *s2, struct part *s3, struct part *s4,
		      struct part *s5, struct part *s6, struct part *s7, struct di_context *at)
{
	const struct part *parts[] = { s1, s2, s3, s4, s5, s6, s7 };
	int i;

	ck_assert(a == 1 && b == 2 && c == 3 && d == 4 && e == 5 && f > 5 && g > 6 && h == root);
	for (i = 0; i < 7; i++)
		ck_assert_str_eq(parts[i]->name, i % 2 ? "store" : "clock");
	ck_assert_ptr_eq(at, request);
}

DI_HANDLER(app_count, void, (int, char, long, short, unsigned, float, double, void *),
	   (count_all, app_clock, app_store, app_clock, app_store, app_clock, app_store, app_clock,
	    DI_CONTEXT));

START_TEST(eight_of_each_may_be_there_and_a_void_result_has_no_pointer)
{
	expect_ok(app_count(request, 1, 2, 3, 4, 5, 6, 7, root, &error));
}
END_TEST

static int answer(void)
{
	return 42;
}

DI_HANDLER(app_answer, int, (), (answer));

START_TEST(none_of_either_is_a_handler_too)
{
	int found = 0;

	expect_ok(app_answer(root, &found, &error));
	ck_assert_int_eq(found, 42);
}
END_TEST

static struct part *echo(struct part *session, struct part *user)
{
	journal_write("%s for %s", session->name, user->name);
	return session;
}

DI_HANDLER(app_echo, struct part *, (), (echo, app_session, app_user));

START_TEST(an_override_or_put_passes_a_value_of_ones_own)
{
	struct part *result = NULL;

	expect_ok(app_session_override(request, &fake, &error));
	expect_ok(app_user_put(request, &fake, &error));
	expect_ok(app_echo(request, &result, &error));
	ck_assert_ptr_eq(result, &fake);
	journal_expect("fake for fake");
}
END_TEST

START_TEST(a_handler_is_described_and_called_by_its_descriptor)
{
	int a = 5, b = 6, sum = 0;
	void *parameters[] = { &a, &b };

	ck_assert_str_eq(app_add_handler.name, "app_add");
	ck_assert_uint_eq(app_add_handler.version, 0);
	ck_assert_uint_eq(app_add_handler.needs_count, 2);
	ck_assert_ptr_eq(app_add_handler.needs[0], &app_session);
	ck_assert_ptr_eq(app_add_handler.needs[1], &app_clock);
	ck_assert_uint_eq(app_add_handler.parameters_count, 2);
	ck_assert_str_eq(app_add_handler.parameters[0], "int");
	ck_assert_str_eq(app_add_handler.result, "int");
	ck_assert_str_eq(app_count_handler.parameters[7], "void *");
	ck_assert_uint_eq(app_count_handler.needs_count, 8);
	expect_ok(app_add_handler.call(request, &sum, parameters, &error));
	ck_assert_int_eq(sum, 11);
	expect_error(app_add_handler.call(root, &sum, parameters, &error), DI_ENOCONTEXT);
}
END_TEST

/* ---- Failing before the call ---- */

START_TEST(a_need_that_fails_names_the_handler_and_leaves_the_result)
{
	int sum = -1;

	parts_fail_new("store", ENOENT, 1);
	expect_error(app_add(request, &sum, 1, 2, &error), DI_ECREATE);
	ck_assert_str_eq(error_text(), "store_new failed for app_store: No such file or directory "
				       "(app_store <- app_session <- app_add)");
	ck_assert_int_eq(sum, -1);
	journal_expect("created clock", "failed store");
}
END_TEST

static int use_all(struct part *query, struct part *clock, struct part *work, struct part *user)
{
	journal_write("used");
	return query != NULL && clock != NULL && work != NULL && user != NULL ? 0 : 1;
}

DI_HANDLER(app_use, int, (), (use_all, app_query, app_clock, app_work, app_user));

START_TEST(what_was_made_for_the_call_ends_when_a_later_need_fails)
{
	int result = -1;

	expect_error(app_use(request, &result, &error), DI_ENOVALUE);
	ck_assert_str_eq(error_text(),
			 "app_user: no value was provided: put one first (app_user <- app_use)");
	journal_expect("created clock", "created store from clock", "created session from store",
		       "created query from session", "created work from session",
		       "ended work failed", "ended query failed");
	ck_assert_int_eq(result, -1);
}
END_TEST

START_TEST(ends_that_fail_then_are_counted)
{
	int result;

	parts_fail_end("work", EIO, 1);
	parts_fail_end("query", EIO, 1);
	expect_error(app_use(request, &result, &error), DI_ENOVALUE);
	ck_assert_str_eq(error.provider, "app_user");
	ck_assert_uint_eq(error.more, 2);
}
END_TEST

static enum di_status call_add(void *data, struct di_error *err)
{
	int sum;

	return app_add(data, &sum, 1, 2, err);
}

static enum di_status call_use(void *data, struct di_error *err)
{
	int result;

	return app_use(data, &result, err);
}

START_TEST(no_context_is_refused)
{
	misuse_expect(call_add, NULL, DI_EINVAL, "app_add was called on no context");
	misuse_expect(call_use, NULL, DI_EINVAL, "app_use was called on no context");
}
END_TEST

/* clang-format off */
#define OTHER(X) X(singleton, other_clock, struct part, (clock_new), clock_end)
/* clang-format on */

DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

START_TEST(the_context_of_another_container_is_refused)
{
	struct di_container *second = di_container_new(&other, NULL, &error);
	struct di_context *foreign = di_container_root(second);

	misuse_expect(call_add, foreign, DI_EINVAL, "it is of the table app, the context of other");
	misuse_expect(call_use, foreign, DI_EINVAL, "it is of the table app, the context of other");
	journal_expect_nothing();
	expect_ok(di_container_free(second, &error));
}
END_TEST

START_TEST(a_closed_context_is_refused)
{
	close_as(request, DI_DONE);
	misuse_expect(call_add, request, DI_ECLOSED, "closed");
	misuse_expect(call_use, request, DI_ECLOSED, "closed");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/handler");
	TCase *calling = di_check_case(all, "calling", setup, container_end);
	TCase *failing = di_check_case(all, "failing", setup, container_end);

	tcase_add_test(calling, a_handler_gets_passed_and_injected_parameters);
	tcase_add_test(calling, parameters_and_results_are_of_any_type_and_members_are_injected);
	tcase_add_test(calling, eight_of_each_may_be_there_and_a_void_result_has_no_pointer);
	tcase_add_test(calling, none_of_either_is_a_handler_too);
	tcase_add_test(calling, an_override_or_put_passes_a_value_of_ones_own);
	tcase_add_test(calling, a_handler_is_described_and_called_by_its_descriptor);
	tcase_add_test(failing, a_need_that_fails_names_the_handler_and_leaves_the_result);
	tcase_add_test(failing, what_was_made_for_the_call_ends_when_a_later_need_fails);
	tcase_add_test(failing, ends_that_fail_then_are_counted);
	tcase_add_test(failing, no_context_is_refused);
	tcase_add_test(failing, the_context_of_another_container_is_refused);
	tcase_add_test(failing, a_closed_context_is_refused);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
