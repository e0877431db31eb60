/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_app.h"

/*
 * Fibers and containers: what one makes, others wait for, without keeping their thread waiting.
 */

static void *write_word(void *data)
{
	journal_write("%s", (const char *)data);
	return NULL;
}

static void join_session(struct di_fiber *fiber, struct part *session)
{
	ck_assert_ptr_eq(join(fiber), session);
}

START_TEST(others_run_while_a_value_is_made_and_all_get_it)
{
	struct di_fiber *waiting[3], *other;
	struct part *session;
	int i;

	parts_on_new("session", suspend_in);
	for (i = 0; i < 3; i++)
		waiting[i] = spawn(await_session, request);
	other = spawn(write_word, (void *)(uintptr_t) "meanwhile");
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	journal_expect("created store", "meanwhile");
	di_fiber_resume(waiting[0]);
	run_all();
	journal_expect("created session from store");
	session = app_session_get(request, &error);
	for (i = 0; i < 3; i++)
		join_session(waiting[i], session);
	join(other);
	close_as(request, DI_DONE);
	journal_expect("ended session done");
}
END_TEST

START_TEST(who_waits_gets_the_error_with_a_path_of_its_own)
{
	struct di_fiber *one, *two;

	parts_on_new("session", yield_in);
	parts_fail_new("session", ENOSPC, 1);
	one = spawn(await_session, request);
	two = spawn(await_session, request);
	run_all();
	journal_expect("created store", "failed session",
		       "session_new failed for app_session: No space left on device",
		       "session_new failed for app_session: No space left on device");
	ck_assert_ptr_null(join(one));
	ck_assert_ptr_null(join(two));
	ck_assert_ptr_nonnull(app_session_get(request, &error));
}
END_TEST

/* Both bring their contexts' locks to different owners. */
START_TEST(a_context_is_used_by_all_fibers_whoever_has_opened_it)
{
	struct di_fiber *one, *two;
	int round;

	parts_on_new("session", yield_in);
	for (round = 0; round < 3; round++) {
		struct di_context *child = open_in(root, &di_scope_request);

		one = spawn(await_session, child);
		two = spawn(await_session, child);
		run_all();
		ck_assert_ptr_eq(join(one), app_session_get(child, &error));
		ck_assert_ptr_eq(join(two), app_session_get(child, &error));
		close_as(child, DI_DONE);
	}
}
END_TEST

static struct di_context *opened;

static void *open_and_make(void *data)
{
	void *session;

	opened = di_context_open(root, &di_scope_request, &error);
	session = app_session_get(opened, &error);
	di_fiber_yield();
	expect_ok(di_context_close(opened, DI_DONE, &error));
	return data == NULL ? session : data;
}

static void *await_in_opened(void *data)
{
	(void)data;
	return app_session_get(opened, &error);
}

/* Who has opened a context makes values there directly, and relies on being alone. */
START_TEST(who_makes_a_value_in_a_context_of_its_own_wakes_others_too)
{
	struct di_fiber *maker, *one, *two;
	void *made;

	parts_on_new("session", yield_in);
	ck_assert_ptr_nonnull(app_store_get(root, &error));
	maker = spawn(open_and_make, NULL);
	one = spawn(await_in_opened, NULL);
	two = spawn(await_in_opened, NULL);
	run_all();
	made = join(maker);
	ck_assert_ptr_nonnull(made);
	ck_assert_ptr_eq(join(one), made);
	ck_assert_ptr_eq(join(two), made);
}
END_TEST

static void *make_note(void *data)
{
	struct part *note = app_note_get(data, &error);

	if (note == NULL)
		return NULL;
	expect_ok(app_note_drop(data, note, &error));
	return app_session_get(data, &error);
}

START_TEST(products_are_made_and_dropped_while_others_are_made)
{
	struct di_fiber *makers[8];
	int i;

	parts_on_new("note", yield_in);
	parts_on_end("note", yield_in);
	for (i = 0; i < 8; i++)
		makers[i] = spawn(make_note, request);
	run_all();
	ck_assert_int_eq(parts_alive("note"), 0);
	for (i = 0; i < 8; i++)
		ck_assert_ptr_eq(join(makers[i]), app_session_get(request, &error));
}
END_TEST

static void *await_store(void *data)
{
	return app_store_get(data, &error);
}

static struct stop in_store = STOP_INIT;

static void stop_in_store(struct part *part)
{
	(void)part;
	stop_here(&in_store);
}

START_TEST(what_another_thread_makes_keeps_only_who_needs_it_waiting)
{
	struct di_fiber *one, *two, *other;
	pthread_t thread;

	stop_init(&in_store, 1);
	parts_on_new("store", stop_in_store);
	thread = thread_start(await_store, root, 0);
	stop_wait(&in_store);
	one = spawn(await_session, request);
	two = spawn(await_store, root);
	other = spawn(write_word, (void *)(uintptr_t) "meanwhile");
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	ck_assert_uint_eq(di_fiber_count(fibers), 2);
	journal_expect("meanwhile");
	stop_let_go(&in_store);
	run_all();
	ck_assert_ptr_eq(join(two), thread_join(thread));
	ck_assert_ptr_eq(join(one), app_session_get(request, &error));
	join(other);
}
END_TEST

static void *await_session_there(void *data)
{
	return app_session_get(data, NULL);
}

START_TEST(a_thread_waits_for_what_a_fiber_of_another_one_makes)
{
	struct di_fiber *maker;
	pthread_t thread;

	parts_on_new("session", yield_in);
	maker = spawn(await_session, request);
	di_fiber_run_ready(fibers);
	thread = thread_start(await_session_there, request, 0);
	run_all();
	ck_assert_ptr_eq(join(maker), thread_join(thread));
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/making");
	TCase *waiting = di_check_case(all, "waiting", setup, teardown);

	tcase_add_test(waiting, others_run_while_a_value_is_made_and_all_get_it);
	tcase_add_test(waiting, who_waits_gets_the_error_with_a_path_of_its_own);
	tcase_add_test(waiting, a_context_is_used_by_all_fibers_whoever_has_opened_it);
	tcase_add_test(waiting, who_makes_a_value_in_a_context_of_its_own_wakes_others_too);
	tcase_add_test(waiting, products_are_made_and_dropped_while_others_are_made);
	tcase_add_test(waiting, what_another_thread_makes_keeps_only_who_needs_it_waiting);
	tcase_add_test(waiting, a_thread_waits_for_what_a_fiber_of_another_one_makes);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
