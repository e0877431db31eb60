/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_app.h"

/* Each fiber has entered contexts of its own, and uses all. */

static void *enter_and_yield(void *data)
{
	struct di_context *own = di_context_open(root, &di_scope_request, &error);

	(void)data;
	expect_ok(di_context_enter(own, &error));
	di_fiber_yield();
	ck_assert_ptr_eq(di_context_current(&app), own);
	di_fiber_yield();
	expect_ok(di_context_leave(own, &error));
	ck_assert_ptr_null(di_context_current(&app));
	expect_ok(di_context_close(own, DI_DONE, &error));
	return own;
}

START_TEST(each_fiber_has_contexts_of_its_own_entered)
{
	struct di_fiber *one = spawn(enter_and_yield, NULL), *two = spawn(enter_and_yield, NULL);

	expect_ok(di_context_enter(request, &error));
	di_fiber_run_ready(fibers);
	ck_assert_ptr_eq(di_context_current(&app), request);
	run_all();
	ck_assert_ptr_eq(di_context_current(&app), request);
	expect_ok(di_context_leave(request, &error));
	join(one);
	join(two);
}
END_TEST

static void *find_current(void *data)
{
	(void)data;
	di_fiber_yield();
	return di_context_current(&app);
}

START_TEST(a_fiber_is_given_a_context_that_stays_open_until_it_has_ended)
{
	const struct di_fiber_options options = { .abi = DI_ABI, .context = request };
	struct di_fiber *fiber = spawn_with(find_current, NULL, &options);

	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	ck_assert_ptr_null(di_context_current(&app));
	run_all();
	ck_assert_ptr_eq(join(fiber), request);
	close_as(request, DI_DONE);
}
END_TEST

static enum di_status spawn_in_closed(void *data, struct di_error *err)
{
	const struct di_fiber_options options = { .abi = DI_ABI, .context = data };
	struct di_error own = { 0 };

	if (err == NULL)
		err = &own;
	ck_assert_ptr_null(di_fiber_spawn(fibers, find_current, NULL, &options, err));
	return err->status;
}

START_TEST(a_fiber_is_not_given_a_closed_context)
{
	close_as(request, DI_DONE);
	misuse_expect(spawn_in_closed, request, DI_ECLOSED, "a closed context cannot be entered");
	ck_assert_uint_eq(di_fiber_count(fibers), 0);
}
END_TEST

START_TEST(a_context_in_which_a_fiber_makes_something_is_not_closed)
{
	struct di_fiber *maker;

	parts_on_new("session", suspend_in);
	maker = spawn(await_session, request);
	di_fiber_run_ready(fibers);
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	expect_error(di_reset(request, &app_session, &error), DI_EBUSY);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	di_fiber_resume(maker);
	run_all();
	join(maker);
	join(spawn(close_request, NULL));
	ck_assert_int_eq(parts_alive("session"), 0);
}
END_TEST

static void *serve(void *data)
{
	int i;

	for (i = 0; i < 20; i++) {
		struct di_context *own = di_context_open(root, &di_scope_request, &error);

		expect_ok(di_context_enter(own, &error));
		ck_assert_ptr_nonnull(app_session_get(own, &error));
		if (data != NULL)
			di_fiber_yield();
		ck_assert_ptr_eq(di_context_current(&app), own);
		expect_ok(di_context_leave(own, &error));
		expect_ok(di_context_close(own, DI_DONE, &error));
	}
	return NULL;
}

START_TEST(fibers_open_and_close_requests_in_turn)
{
	struct di_fiber *servers[10];
	int i;

	for (i = 0; i < 10; i++)
		servers[i] = spawn(serve, i % 3 != 0 ? servers : NULL);
	run_all();
	for (i = 0; i < 10; i++)
		join(servers[i]);
	ck_assert_int_eq(parts_alive("session"), 0);
}
END_TEST

static int use_session(struct part *session)
{
	return session->number;
}

DI_CALLBACK(use_callback, int, -1, (), (use_session, app_session));

static void *fail_a_callback(void *data)
{
	intptr_t result = use_callback();

	(void)data;
	di_fiber_yield();
	ck_assert_ptr_nonnull(di_callback_error());
	ck_assert_ptr_null(di_callback_error());
	return (void *)result;
}

START_TEST(each_fiber_has_the_errors_of_its_own_callbacks)
{
	const struct di_fiber_options inside = { .abi = DI_ABI, .context = request };
	struct di_fiber *fails = spawn(fail_a_callback, NULL),
			*again = spawn(fail_a_callback, NULL);
	struct di_fiber *works = spawn_with(find_current, NULL, &inside);

	di_fiber_run_ready(fibers);
	ck_assert_ptr_null(di_callback_error());
	run_all();
	ck_assert_int_eq((intptr_t)join(fails), -1);
	ck_assert_int_eq((intptr_t)join(again), -1);
	join(works);
	ck_assert_ptr_null(di_callback_error());
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/contexts");
	TCase *contexts = di_check_case(all, "contexts", setup, teardown);

	tcase_add_test(contexts, each_fiber_has_contexts_of_its_own_entered);
	tcase_add_test(contexts, a_fiber_is_given_a_context_that_stays_open_until_it_has_ended);
	tcase_add_test(contexts, a_fiber_is_not_given_a_closed_context);
	tcase_add_test(contexts, a_context_in_which_a_fiber_makes_something_is_not_closed);
	tcase_add_test(contexts, fibers_open_and_close_requests_in_turn);
	tcase_add_test(contexts, each_fiber_has_the_errors_of_its_own_callbacks);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
