/* SPDX-License-Identifier: MIT */
#include "tests/di/busy_app.h"

#include <pthread.h>

/* Closing, when it is refused: nothing has changed then. */

START_TEST(a_context_with_an_open_child_is_busy)
{
	struct di_context *child = open_in(request, &di_scope_inject);

	app_first_get(request, &error);
	expect_error(di_context_close(request, DI_FAILED, &error), DI_EBUSY);
	expect_text("the context of scope request has 1 open child");
	close_as(child, DI_DONE);
	expect_unchanged();
}
END_TEST

static void close_while_making(struct part *part)
{
	(void)part;
	expect_error(di_context_close(request, DI_FAILED, &error), DI_EBUSY);
	expect_text("something is being made or dropped in the context of scope request");
}

START_TEST(a_context_in_which_something_is_made_is_busy)
{
	parts_on_new("first", close_while_making);
	ck_assert_ptr_nonnull(app_first_get(request, &error));
	expect_unchanged();
}
END_TEST

START_TEST(a_context_that_is_entered_is_busy)
{
	app_first_get(request, &error);
	expect_ok(di_context_enter(request, &error));
	expect_error(di_context_close(request, DI_FAILED, &error), DI_EBUSY);
	expect_text("the context of scope request is entered");
	expect_ok(di_context_leave(request, &error));
	expect_unchanged();
}
END_TEST

/* Two meetings of two threads: that it has entered, and that it may leave. */
static pthread_barrier_t met;

static void *enter_and_leave(void *data)
{
	enum di_status status = di_context_enter(request, data);

	pthread_barrier_wait(&met);
	pthread_barrier_wait(&met);
	if (status == DI_OK)
		status = di_context_leave(request, data);
	return status == DI_OK ? data : NULL;
}

START_TEST(a_context_that_another_flow_has_entered_is_busy)
{
	struct di_error elsewhere = { 0 };
	pthread_t thread;
	void *value = NULL;

	app_first_get(request, &error);
	pthread_barrier_init(&met, NULL, 2);
	ck_assert_int_eq(pthread_create(&thread, NULL, enter_and_leave, &elsewhere), 0);
	pthread_barrier_wait(&met);
	expect_error(di_context_close(request, DI_FAILED, &error), DI_EBUSY);
	expect_text("the context of scope request is entered");
	pthread_barrier_wait(&met);
	ck_assert_int_eq(pthread_join(thread, &value), 0);
	pthread_barrier_destroy(&met);
	ck_assert_ptr_nonnull(value);
	expect_unchanged();
}
END_TEST

static enum di_status close_it(void *data, struct di_error *err)
{
	return di_context_close(data, DI_DONE, err);
}

START_TEST(closing_needs_a_context)
{
	misuse_expect(close_it, NULL, DI_EINVAL, "there is no context to close");
}
END_TEST

START_TEST(the_root_cannot_be_closed)
{
	misuse_expect(close_it, root, DI_EINVAL, "the root context ends with its container");
	app_first_get(request, &error);
	expect_unchanged();
}
END_TEST

START_TEST(a_context_cannot_be_closed_twice)
{
	app_first_get(request, &error);
	close_as(request, DI_DONE);
	misuse_expect(close_it, request, DI_ECLOSED, "the context was closed before");
	ck_assert_int_eq(parts_alive("first"), 0);
}
END_TEST

static void close_again(struct part *part)
{
	(void)part;
	misuse_expect(close_it, request, DI_ECLOSED,
		      "the context of scope request is closing already");
}

START_TEST(a_finalizer_cannot_close_its_context)
{
	app_first_get(request, &error);
	parts_on_end("first", close_again);
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("first"), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/busy");
	TCase *busy = tcase_create("busy"), *misuse = tcase_create("misuse");

	tcase_add_checked_fixture(busy, setup, container_end);
	tcase_add_test(busy, a_context_with_an_open_child_is_busy);
	tcase_add_test(busy, a_context_in_which_something_is_made_is_busy);
	tcase_add_test(busy, a_context_that_is_entered_is_busy);
	tcase_add_test(busy, a_context_that_another_flow_has_entered_is_busy);
	suite_add_tcase(suite, busy);

	tcase_add_checked_fixture(misuse, setup, container_end);
	tcase_add_test(misuse, closing_needs_a_context);
	tcase_add_test(misuse, the_root_cannot_be_closed);
	tcase_add_test(misuse, a_context_cannot_be_closed_twice);
	tcase_add_test(misuse, a_finalizer_cannot_close_its_context);
	suite_add_tcase(suite, misuse);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
