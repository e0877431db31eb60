/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_app.h"

/* What lives with a thread is that of all its fibers. */

static void *await_scratch(void *data)
{
	(void)data;
	return app_scratch_get(root, &error);
}

static void *await_buffer(void *data)
{
	return app_buffer_get(data, &error);
}

START_TEST(fibers_have_the_values_of_their_thread)
{
	struct di_fiber *one, *two;

	parts_on_new("scratch", yield_in);
	one = spawn(await_scratch, NULL);
	two = spawn(await_scratch, NULL);
	run_all();
	ck_assert_uint_eq(di_thread_count(container), 1);
	ck_assert_ptr_eq(join(one), app_scratch_get(root, &error));
	ck_assert_ptr_eq(join(two), app_scratch_get(root, &error));
	expect_ok(di_thread_end(container, &error));
	ck_assert_int_eq(parts_alive("scratch"), 0);
}
END_TEST

START_TEST(what_is_built_from_them_is_of_all_fibers_of_the_thread)
{
	struct di_fiber *one, *two;

	parts_on_new("buffer", yield_in);
	one = spawn(await_buffer, request);
	two = spawn(await_buffer, request);
	run_all();
	ck_assert_ptr_eq(join(one), app_buffer_get(request, &error));
	ck_assert_ptr_eq(join(two), app_buffer_get(request, &error));
	expect_error(di_thread_end(container, &error), DI_EBUSY);
	join(spawn(close_request, NULL));
	ck_assert_int_eq(parts_alive("buffer"), 0);
	expect_ok(di_thread_end(container, &error));
}
END_TEST

static void *await_view(void *data)
{
	return app_view_get(data, &error);
}

static void *await_view_there(void *data)
{
	struct di_error *err = data;

	return app_view_get(request, err);
}

START_TEST(so_is_what_needs_something_that_another_fiber_was_making)
{
	struct di_error err = { 0 };
	struct di_fiber *one, *two;

	parts_on_new("buffer", yield_in);
	one = spawn(await_buffer, request);
	two = spawn(await_view, request);
	run_all();
	ck_assert_ptr_nonnull(join(one));
	ck_assert_ptr_eq(join(two), app_view_get(request, &error));
	ck_assert_ptr_null(thread_join(thread_start(await_view_there, &err, 0)));
	ck_assert_int_eq(err.status, DI_ETHREAD);
}
END_TEST

static void *await_scratch_there(void *data)
{
	(void)data;
	return app_scratch_get(root, NULL);
}

START_TEST(another_thread_has_its_own)
{
	struct di_fiber *one = spawn(await_scratch, NULL);
	void *there = thread_join(thread_start(await_scratch_there, NULL, 0));

	ck_assert_ptr_ne(join(one), there);
}
END_TEST

static void *end_thread(void *data)
{
	enum di_status status = di_thread_end(container, data);

	return (void *)(intptr_t)status;
}

START_TEST(the_threads_values_are_not_ended_while_a_fiber_makes_one)
{
	struct di_fiber *maker, *ender;

	parts_on_new("scratch", suspend_in);
	maker = spawn(await_scratch, NULL);
	ender = spawn(end_thread, &error);
	di_fiber_run_ready(fibers);
	ck_assert_int_eq((intptr_t)join(ender), DI_EBUSY);
	expect_text("a value of the thread is being made");
	di_fiber_resume(maker);
	join(maker);
	join(spawn(end_thread, &error));
	ck_assert_uint_eq(di_thread_count(container), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/thread_values");
	TCase *threads = di_check_case(all, "threads", setup, teardown);

	tcase_add_test(threads, fibers_have_the_values_of_their_thread);
	tcase_add_test(threads, what_is_built_from_them_is_of_all_fibers_of_the_thread);
	tcase_add_test(threads, so_is_what_needs_something_that_another_fiber_was_making);
	tcase_add_test(threads, another_thread_has_its_own);
	tcase_add_test(threads, the_threads_values_are_not_ended_while_a_fiber_makes_one);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
