/* SPDX-License-Identifier: MIT */
#include "tests/di/threaded_app.h"

#include <errno.h>
#include <stdio.h>

/* What threads have in a container, as it is freed and as its root is changed. */

static struct guest guest = GUEST_INIT, second = GUEST_INIT;

/* ---- Freeing ---- */

START_TEST(all_ends_newest_first_over_all_threads)
{
	ck_assert_ptr_nonnull(app_buffer_get(root, &error));
	guest_enter(&guest, get_cache, root);
	guest_enter(&second, get_buffer, root);
	ck_assert_ptr_nonnull(app_cache_get(root, &error));
	ck_assert_uint_eq(di_thread_count(container), 5);
	journal_clear();
	parts_fail_end("cache", EIO, 1);
	container_free_expect(DI_EFINALIZE);
	/* The main thread's; one of the second; both of the first; and the first of all. */
	journal_expect("ended badly cache", "ended buffer done", "ended cache done",
		       "ended buffer done", "ended buffer done", "ended pool done");
	guest_leave(&guest);
	guest_leave(&second);
}
END_TEST

START_TEST(contexts_of_other_threads_end_before_their_values)
{
	struct di_context *request = open_in(root, &di_scope_request);

	guest_enter(&guest, get_session, request);
	journal_clear();
	container_free_expect(DI_EOPEN);
	journal_expect("ended session cancelled", "ended cache done", "ended buffer done",
		       "ended pool done");
	guest_leave(&guest);
}
END_TEST

static struct stop making = STOP_INIT;

static void stand_still(struct part *part)
{
	(void)part;
	stop_here(&making);
}

START_TEST(it_is_not_freed_while_a_thread_makes_or_ends_its_values)
{
	pthread_t thread;

	stop_init(&making, 1);
	if (_i == 0)
		parts_on_new("buffer", stand_still);
	else
		parts_on_end("buffer", stand_still);
	thread = thread_start(get_buffer, root, 0);
	stop_wait(&making);
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text(_i == 0 ? "something is being made or dropped in the context of scope thread"
			    : "a thread is ending its values");
	stop_let_go(&making);
	thread_join(thread);
	container_free_expect(DI_OK);
	ck_assert_int_eq(parts_alive("buffer") + parts_alive("pool"), 0);
}
END_TEST

static struct part *got_at_end;

static void get_another(struct part *part)
{
	(void)part;
	got_at_end = app_cache_get(root, &error);
}

START_TEST(nothing_new_is_made_once_its_values_are_ending)
{
	struct di_container *freed = container;

	ck_assert_ptr_nonnull(app_buffer_get(root, &error));
	parts_on_end("buffer", get_another);
	got_at_end = &fake;
	container = NULL;
	expect_ok(di_container_free(freed, NULL));
	ck_assert_ptr_null(got_at_end);
	ck_assert_int_eq(error.status, DI_ECLOSED);
	expect_text("is closing");
}
END_TEST

static void get_own(struct part *part)
{
	(void)part;
	got_at_end = app_buffer_get(root, &error);
}

START_TEST(what_a_context_makes_at_its_end_ends_with_the_others)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_ptr_nonnull(app_plain_get(request, &error));
	parts_on_end("plain", get_own);
	expect_error(di_container_free(container, &error), DI_EOPEN);
	container = NULL;
	ck_assert_ptr_nonnull(got_at_end);
	ck_assert(!got_at_end->alive);
}
END_TEST

static pthread_t joined;

static void join_it(struct part *part)
{
	(void)part;
	latch_open(&guest.go_on);
	thread_join(joined);
}

static void *get_and_wait(void *context)
{
	void *buffer = app_buffer_get(context, NULL);

	latch_open(&guest.there);
	latch_wait(&guest.go_on);
	return buffer;
}

/* As one that owns the threads does. */
START_TEST(a_finalizer_may_wait_for_the_end_of_a_thread_that_has_values)
{
	latch_init(&guest.there);
	latch_init(&guest.go_on);
	ck_assert_ptr_nonnull(app_watch_get(root, &error));
	joined = thread_start(get_and_wait, root, 0);
	latch_wait(&guest.there);
	parts_on_end("watch", join_it);
	if (_i == 0)
		expect_ok(di_reset(root, &app_watch, &error));
	else
		container_free_expect(DI_OK);
	ck_assert_int_eq(parts_alive("buffer"), 0);
}
END_TEST

/* ---- Resetting ---- */

START_TEST(resetting_it_ends_that_of_the_thread_and_what_was_built_from_it)
{
	struct part *buffer = app_buffer_get(root, &error), *cache = app_cache_get(root, &error);

	guest_enter(&guest, get_cache, root);
	journal_clear();
	expect_ok(di_reset(root, &app_buffer, &error));
	journal_expect("ended cache done", "ended buffer done");
	ck_assert(!buffer->alive && !cache->alive);
	ck_assert(((struct part *)guest.value)->alive);
	ck_assert_ptr_ne(app_cache_get(root, &error), cache);
	expect_ok(di_reset(root, &app_cache, &error));
	ck_assert_uint_eq(di_thread_count(container), 3);
	guest_leave(&guest);
	expect_ok(di_thread_end(container, &error));
	expect_ok(di_reset(root, &app_buffer, &error));
}
END_TEST

START_TEST(contexts_that_hold_nothing_of_it_do_not_matter)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_ptr_nonnull(app_cache_get(request, &error));
	expect_ok(di_reset(root, &app_buffer, &error));
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	expect_error(di_reset(root, &app_buffer, &error), DI_EBUSY);
	expect_text("app_buffer: in use: the context of scope request holds what was built from "
		    "the thread's values; close it first");
	close_as(request, DI_DONE);
}
END_TEST

static void ask_for_watch(struct part *part)
{
	(void)part;
	app_watch_get(root, NULL);
}

static void *make_watch(void *context)
{
	return app_watch_get(context, NULL);
}

START_TEST(what_it_has_asked_for_in_vain_others_may_make_meanwhile)
{
	pthread_t maker;

	parts_on_new("buffer", ask_for_watch);
	parts_fail_new("watch", EIO, 1);
	ck_assert_ptr_nonnull(app_cache_get(root, &error));
	maker = thread_start(make_watch, root, 0);
	expect_ok(di_reset(root, &app_cache, &error));
	ck_assert_ptr_nonnull(thread_join(maker));
	ck_assert_int_eq(parts_alive("buffer"), 1);
	ck_assert_int_eq(parts_alive("cache"), 0);
}
END_TEST

static enum di_status reset_elsewhere(void *data, struct di_error *err)
{
	return di_reset(data, &app_buffer, err);
}

START_TEST(it_is_reset_in_the_root)
{
	struct di_context *request = open_in(root, &di_scope_request);

	misuse_expect(reset_elsewhere, request, DI_EINVAL,
		      "its value lives with the thread: reset it in the root");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(resetting_what_it_was_built_from_ends_that_of_the_thread)
{
	ck_assert_ptr_nonnull(app_cache_get(root, &error));
	journal_clear();
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended cache done", "ended buffer done", "ended pool done");
	ck_assert_ptr_nonnull(app_cache_get(root, &error));
}
END_TEST

START_TEST(of_which_another_thread_has_built_something_is_not_reset)
{
	struct part *pool = app_pool_get(root, &error), *own = app_buffer_get(root, &error);

	guest_enter(&guest, get_cache, root);
	journal_clear();
	expect_error(di_reset(root, &app_pool, &error), DI_ETHREAD);
	expect_text("app_pool: it belongs to another thread: app_buffer of thread");
	expect_text("was built from it: that thread ends it, or calls di_thread_end()");
	journal_expect_nothing();
	ck_assert_ptr_eq(app_pool_get(root, &error), pool);
	ck_assert_ptr_eq(app_buffer_get(root, &error), own);
	ck_assert(own->alive);
	expect_ok(di_reset(root, &app_watch, &error));
	guest_leave(&guest);
	expect_ok(di_reset(root, &app_pool, &error));
	ck_assert(!own->alive && !pool->alive);
}
END_TEST

static void get_watch(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_watch_get(root, NULL));
}

START_TEST(what_its_constructor_asked_for_itself_counts)
{
	struct part *buffer;

	parts_on_new("buffer", get_watch);
	buffer = app_buffer_get(root, &error);
	expect_ok(di_reset(root, &app_watch, &error));
	ck_assert(!buffer->alive);
	ck_assert_ptr_nonnull(app_buffer_get(root, &error));
	expect_error(app_watch_override(root, &fake, &error), DI_EBUSY);
}
END_TEST

/* ---- Meanwhile ---- */

static struct di_error met;

static void *try_buffer(void *context)
{
	return app_buffer_get(context, &met);
}

static void try_meanwhile(struct part *part)
{
	(void)part;
	memset(&met, 0, sizeof(met));
	ck_assert_ptr_null(in_thread(try_buffer, root));
}

START_TEST(while_the_root_is_reset_no_thread_makes_any)
{
	ck_assert_ptr_nonnull(app_watch_get(root, &error));
	parts_on_end("watch", try_meanwhile);
	expect_ok(di_reset(root, &app_watch, &error));
	ck_assert_int_eq(met.status, DI_EBUSY);
	error = met;
	expect_text("its context is being reset or overridden");
}
END_TEST

START_TEST(the_root_is_not_changed_while_a_thread_makes_or_ends_some)
{
	pthread_t thread;

	stop_init(&making, 1);
	if (_i == 0)
		parts_on_new("buffer", stand_still);
	else
		parts_on_end("buffer", stand_still);
	thread = thread_start(get_buffer, root, 0);
	stop_wait(&making);
	expect_error(di_reset(root, &app_watch, &error), DI_EBUSY);
	expect_text(_i == 0 ? "something is being made, reset or dropped by thread"
			    : "a thread is ending its values");
	expect_error(app_watch_override(root, &fake, &error), DI_EBUSY);
	stop_let_go(&making);
	thread_join(thread);
	expect_ok(app_watch_override(root, &fake, &error));
}
END_TEST

/* ---- Overriding in the root ---- */

START_TEST(an_override_in_the_root_holds_for_the_values_of_all_threads)
{
	struct part *buffer;

	ck_assert_ptr_nonnull(in_thread(get_cache, root));
	guest_enter(&guest, get_buffer, root);
	guest_leave(&guest);
	expect_ok(di_reset(root, &app_pool, &error));
	expect_ok(app_pool_override(root, &fake, &error));
	guest_enter(&guest, get_buffer, root);
	ck_assert_ptr_eq(((struct part *)guest.value)->needs[0], &fake);
	guest_leave(&guest);
	buffer = app_buffer_get(root, &error);
	ck_assert_ptr_eq(buffer->needs[0], &fake);
	ck_assert_ptr_eq(app_buffer_get(root, &error), buffer);
}
END_TEST

START_TEST(a_thread_that_has_begun_sees_it_too)
{
	guest_enter(&guest, get_buffer, root);
	ck_assert_ptr_nonnull(app_buffer_get(root, &error));
	expect_ok(app_watch_override(root, &fake, &error));
	ck_assert_ptr_eq(app_watch_get(root, &error), &fake);
	expect_ok(di_reset(root, &app_buffer, &error));
	ck_assert_ptr_nonnull(app_cache_get(root, &error));
	guest_leave(&guest);
}
END_TEST

START_TEST(what_is_built_from_it_in_a_thread_has_to_end_before)
{
	ck_assert_ptr_nonnull(app_cache_get(root, &error));
	expect_error(app_buffer_override(root, &fake, &error), DI_EBUSY);
	expect_text("app_buffer of this thread was built from it; di_reset() that first, or "
		    "di_thread_end()");
	expect_error(app_cache_override(root, &fake, &error), DI_EBUSY);
	expect_ok(di_thread_end(container, &error));
	guest_enter(&guest, get_buffer, root);
	expect_error(app_config_override(root, &fake, &error), DI_EBUSY);
	expect_ok(app_cache_override(root, &fake, &error));
	expect_error(app_buffer_override(root, &fake, &error), DI_ETHREAD);
	expect_text("app_buffer of thread");
	guest_leave(&guest);
	expect_ok(app_buffer_override(root, &fake, &error));
	ck_assert_ptr_eq(app_buffer_get(root, &error), &fake);
	ck_assert_ptr_eq(app_cache_get(root, &error), &fake);
}
END_TEST

/* ---- Seeing ---- */

START_TEST(describing_says_what_is_of_which_thread)
{
	struct di_context *request = open_in(root, &di_scope_request);
	char text[2000], line[100];
	uint64_t thread = di_flow_number(di_flow_current());

	ck_assert_ptr_nonnull(app_session_get(request, &error));
	guest_enter(&guest, get_buffer, root);
	di_container_describe(container, text, sizeof(text));
	snprintf(line, sizeof(line),
		 "scope request, of thread %llu\n    app_session: context_resource",
		 (unsigned long long)thread);
	ck_assert_msg(strstr(text, line) != NULL, "%s", text);
	snprintf(line, sizeof(line),
		 "scope thread, of thread %llu\n    app_buffer: thread_singleton\n"
		 "    app_cache: thread_singleton\n",
		 (unsigned long long)thread);
	ck_assert_msg(strstr(text, line) != NULL, "%s", text);
	ck_assert_msg(strstr(strstr(text, "scope thread") + 1, "scope thread") != NULL, "%s", text);
	guest_leave(&guest);
	di_container_describe(container, text, sizeof(text));
	ck_assert_msg(strstr(strstr(text, "scope thread") + 1, "scope thread") == NULL, "%s", text);
	close_as(request, DI_DONE);
}
END_TEST

static void write_event(void *data, const struct di_event *event)
{
	(void)data;
	if (strcmp(event->scope, "thread") == 0)
		journal_write("%s %s by %d", di_event_text(event->kind),
			      event->provider != NULL ? event->provider : "",
			      event->thread == di_flow_number(di_flow_current()));
}

START_TEST(observers_are_told)
{
	struct di_options options = { .abi = DI_ABI,
				      .allocator = &threads_allocator,
				      .observer = { write_event, NULL } };
	struct di_container *observed = di_container_new(&app, &options, &error);

	journal_clear();
	ck_assert_ptr_nonnull(in_thread(get_buffer, di_container_root(observed)));
	journal_expect("opened  by 1", "created pool from config", "created buffer from pool",
		       "created app_buffer by 1", "ended buffer done", "torn down app_buffer by 1",
		       "closed  by 1");
	ck_assert_ptr_nonnull(app_buffer_get(di_container_root(observed), &error));
	journal_clear();
	expect_ok(di_container_free(observed, &error));
	journal_expect("ended buffer done", "torn down app_buffer by 1", "closed  by 1",
		       "ended pool done");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/all_threads");
	TCase *free = tcase_create("free"), *change = tcase_create("change");

	tcase_add_checked_fixture(free, threaded_begin, threaded_end);
	tcase_add_test(free, all_ends_newest_first_over_all_threads);
	tcase_add_test(free, contexts_of_other_threads_end_before_their_values);
	tcase_add_loop_test(free, it_is_not_freed_while_a_thread_makes_or_ends_its_values, 0, 2);
	tcase_add_test(free, nothing_new_is_made_once_its_values_are_ending);
	tcase_add_test(free, what_a_context_makes_at_its_end_ends_with_the_others);
	tcase_add_loop_test(free, a_finalizer_may_wait_for_the_end_of_a_thread_that_has_values, 0,
			    2);
	tcase_add_test(free, describing_says_what_is_of_which_thread);
	tcase_add_test(free, observers_are_told);
	suite_add_tcase(all, free);
	tcase_add_checked_fixture(change, threaded_begin, threaded_end);
	tcase_add_test(change, resetting_it_ends_that_of_the_thread_and_what_was_built_from_it);
	tcase_add_test(change, contexts_that_hold_nothing_of_it_do_not_matter);
	tcase_add_test(change, what_it_has_asked_for_in_vain_others_may_make_meanwhile);
	tcase_add_test(change, it_is_reset_in_the_root);
	tcase_add_test(change, resetting_what_it_was_built_from_ends_that_of_the_thread);
	tcase_add_test(change, of_which_another_thread_has_built_something_is_not_reset);
	tcase_add_test(change, what_its_constructor_asked_for_itself_counts);
	tcase_add_test(change, while_the_root_is_reset_no_thread_makes_any);
	tcase_add_loop_test(change, the_root_is_not_changed_while_a_thread_makes_or_ends_some, 0,
			    2);
	tcase_add_test(change, an_override_in_the_root_holds_for_the_values_of_all_threads);
	tcase_add_test(change, a_thread_that_has_begun_sees_it_too);
	tcase_add_test(change, what_is_built_from_it_in_a_thread_has_to_end_before);
	suite_add_tcase(all, change);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
