/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>

/*
 * Fibers and containers: what one makes, others wait for, without keeping their thread waiting.
 */

PART(clock)
PART(store)
PART(scratch)
PART_OF_1(session)
PART_OF_1(note)
PART_OF_1(buffer)
PART_OF_1(view)

static struct di_context *request;
static const struct di_provider *asked_by_a, *asked_by_b;
static int patience; /* how often the nodes let others go first */

/* The nodes of rings: a constructor that suspends its fiber, and then asks. */
static int ask(struct part **out, const char *name, struct di_context *home,
	       const struct di_provider *asked)
{
	struct di_error err = { 0 };
	int i;

	di_fiber_yield();
	for (i = 0; asked != NULL && i < patience; i++) {
		sched_yield();
		di_fiber_yield();
	}
	if (asked != NULL && di_resolve(home, &err, asked) == NULL) {
		char text[512];

		journal_write("%s", di_error_text(&err, text, sizeof(text)));
		return EDEADLK;
	}
	return part_new(out, name, (struct part *const[]){ NULL });
}

static int a_new(struct part **out, struct di_context *home)
{
	return ask(out, "a", home, asked_by_a);
}

static int b_new(struct part **out, struct di_context *home)
{
	return ask(out, "b", home, asked_by_b);
}

PART_END(a)
PART_END(b)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_clock,   struct part, (clock_new),               clock_end) \
	X(singleton,        app_store,   struct part, (store_new),               store_end) \
	X(singleton,        app_a,       struct part, (a_new, DI_CONTEXT),       a_end) \
	X(singleton,        app_b,       struct part, (b_new, DI_CONTEXT),       b_end) \
	X(thread_singleton, app_scratch, struct part, (scratch_new),             scratch_end) \
	X(context_resource, app_session, struct part, (session_new, app_store),  session_end, request) \
	X(context_resource, app_buffer,  struct part, (buffer_new, app_scratch), buffer_end,  request) \
	X(context_resource, app_view,    struct part, (view_new, app_buffer),    view_end,    request) \
	X(factory,          app_note,    struct part, (note_new, app_session),   note_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static int use_session(struct part *session)
{
	return session->number;
}

DI_CALLBACK(use_callback, int, -1, (), (use_session, app_session));

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	parts_clear();
	fibers_begin();
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	asked_by_a = asked_by_b = NULL;
	patience = 0;
}

static void teardown(void)
{
	fibers_end();
	container_end();
}

static void yield_in(struct part *part)
{
	(void)part;
	di_fiber_yield();
}

static void suspend_in(struct part *part)
{
	(void)part;
	di_fiber_suspend(NULL);
}

/* ---- Waiting ---- */

static void *await_session(void *data)
{
	struct di_error err = { 0 };
	struct part *session = di_await(data, &app_session, &err);

	if (session == NULL) {
		char text[512];

		journal_write("%s", di_error_text(&err, text, sizeof(text)));
	}
	return session;
}

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

/* ---- What would never end ---- */

static void *await_provider(void *data)
{
	return di_await(root, data, NULL);
}

static void *provider_data(const struct di_provider *provider)
{
	return (void *)(uintptr_t)provider;
}

START_TEST(fibers_of_a_thread_that_would_wait_for_each_other_are_a_cycle)
{
	struct di_fiber *one, *two;

	asked_by_a = &app_b;
	asked_by_b = &app_a;
	one = spawn(await_provider, provider_data(&app_a));
	two = spawn(await_provider, provider_data(&app_b));
	run_all();
	journal_expect("app_b: the value needs itself: flows wait for each other "
		       "(app_b <- app_a <- app_b)",
		       "b_new failed for app_b: Resource deadlock avoided (app_b <- app_a)");
	ck_assert_ptr_null(join(one));
	ck_assert_ptr_null(join(two));
}
END_TEST

START_TEST(a_thread_that_would_wait_for_its_own_fiber_is_told)
{
	struct di_fiber *maker;

	parts_on_new("session", suspend_in);
	maker = spawn(await_session, request);
	di_fiber_run_ready(fibers);
	expect_null(app_session_get(request, &error), DI_EAGAIN);
	ck_assert_str_eq(error_text(),
			 "app_session: it is asynchronous: a fiber is making it, which "
			 "could not go on while its thread waits");
	di_fiber_resume(maker);
	ck_assert_ptr_eq(join(maker), app_session_get(request, &error));
}
END_TEST

static struct stop in_thread = STOP_INIT;

/* Another thread makes b, and for that waits for a, which a fiber is making. */
static void *make_b(void *data)
{
	(void)data;
	return app_b_get(root, NULL);
}

static void *make_a(void *data)
{
	(void)data;
	return app_a_get(root, NULL);
}

static void *make_scheduled(void *data)
{
	struct di_fiber_scheduler *own = di_fiber_scheduler_new(NULL, NULL);
	struct di_fiber *fiber = di_fiber_spawn(own, make_b, NULL, NULL, NULL);
	void *result = NULL;

	di_fiber_run_ready(own);
	stop_here(&in_thread);
	/* Its fiber is making b. This keeps the thread from going on with that. */
	*(void **)data = app_a_get(root, NULL);
	di_fiber_join(fiber, &result, NULL);
	di_fiber_scheduler_free(own, NULL);
	return result;
}

START_TEST(a_fiber_that_would_wait_for_a_thread_that_waits_for_it_is_told)
{
	struct di_fiber *maker;
	pthread_t thread;
	void *a = NULL;

	stop_init(&in_thread, 1);
	asked_by_a = &app_b;
	/* Mostly that thread waits before the fiber would. */
	patience = 1000;
	maker = spawn(make_a, NULL);
	di_fiber_run_ready(fibers);
	thread = thread_start(make_scheduled, &a, 0);
	stop_wait(&in_thread);
	stop_let_go(&in_thread);
	run_all();
	/* Whoever came last. */
	ck_assert_ptr_nonnull(thread_join(thread));
	ck_assert_ptr_null(a);
	join(maker);
}
END_TEST

/* ---- Contexts ---- */

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

static void *close_request(void *data)
{
	struct di_error err = { 0 };

	(void)data;
	di_context_close(request, DI_DONE, &err);
	return provider_data(NULL);
}

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

/* ---- What lives with the thread ---- */

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
	Suite *all = suite_create("integrations/fiber/making");
	TCase *waiting = tcase_create("waiting"), *endless = tcase_create("what would never end");
	TCase *contexts = tcase_create("contexts"), *threads = tcase_create("threads");

	tcase_add_checked_fixture(waiting, setup, teardown);
	tcase_add_test(waiting, others_run_while_a_value_is_made_and_all_get_it);
	tcase_add_test(waiting, who_waits_gets_the_error_with_a_path_of_its_own);
	tcase_add_test(waiting, a_context_is_used_by_all_fibers_whoever_has_opened_it);
	tcase_add_test(waiting, who_makes_a_value_in_a_context_of_its_own_wakes_others_too);
	tcase_add_test(waiting, products_are_made_and_dropped_while_others_are_made);
	tcase_add_test(waiting, what_another_thread_makes_keeps_only_who_needs_it_waiting);
	tcase_add_test(waiting, a_thread_waits_for_what_a_fiber_of_another_one_makes);
	suite_add_tcase(all, waiting);
	tcase_add_checked_fixture(endless, setup, teardown);
	tcase_add_test(endless, fibers_of_a_thread_that_would_wait_for_each_other_are_a_cycle);
	tcase_add_test(endless, a_thread_that_would_wait_for_its_own_fiber_is_told);
	tcase_add_test(endless, a_fiber_that_would_wait_for_a_thread_that_waits_for_it_is_told);
	suite_add_tcase(all, endless);
	tcase_add_checked_fixture(contexts, setup, teardown);
	tcase_add_test(contexts, each_fiber_has_contexts_of_its_own_entered);
	tcase_add_test(contexts, a_fiber_is_given_a_context_that_stays_open_until_it_has_ended);
	tcase_add_test(contexts, a_fiber_is_not_given_a_closed_context);
	tcase_add_test(contexts, a_context_in_which_a_fiber_makes_something_is_not_closed);
	tcase_add_test(contexts, fibers_open_and_close_requests_in_turn);
	tcase_add_test(contexts, each_fiber_has_the_errors_of_its_own_callbacks);
	suite_add_tcase(all, contexts);
	tcase_add_checked_fixture(threads, setup, teardown);
	tcase_add_test(threads, fibers_have_the_values_of_their_thread);
	tcase_add_test(threads, what_is_built_from_them_is_of_all_fibers_of_the_thread);
	tcase_add_test(threads, so_is_what_needs_something_that_another_fiber_was_making);
	tcase_add_test(threads, another_thread_has_its_own);
	tcase_add_test(threads, the_threads_values_are_not_ended_while_a_fiber_makes_one);
	suite_add_tcase(all, threads);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
