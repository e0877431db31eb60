/* SPDX-License-Identifier: MIT */
#include "tests/di/threaded_app.h"

#include <errno.h>
#include <limits.h>
#include <sys/wait.h>
#include <unistd.h>

/* What one thread has in containers: how it begins and how it ends. */

/* ---- With the thread ---- */

START_TEST(it_ends_with_its_thread_newest_first)
{
	ck_assert_ptr_nonnull(in_thread(get_cache, root));
	journal_expect("created pool from config", "created buffer from pool",
		       "created cache from buffer", "ended cache done", "ended buffer done");
	ck_assert_uint_eq(di_thread_count(container), 0);
}
END_TEST

START_TEST(that_of_other_threads_goes_on)
{
	struct part *own = app_cache_get(root, &error);

	ck_assert_ptr_ne(in_thread(get_cache, root), own);
	ck_assert_ptr_eq(app_cache_get(root, &error), own);
	ck_assert(own->alive);
	ck_assert_uint_eq(di_thread_count(container), 2);
}
END_TEST

static struct di_context *request;
static struct part *entered_at_end;

static void look_who_is_entered(struct part *part)
{
	(void)part;
	if (di_context_current(&app) == request)
		entered_at_end = part;
}

static void *enter_and_get(void *data)
{
	di_context_enter(request, NULL);
	return app_buffer_get(data, NULL);
}

START_TEST(it_ends_after_the_thread_has_left_its_contexts)
{
	request = open_in(root, &di_scope_request);
	entered_at_end = NULL;
	parts_on_end("buffer", look_who_is_entered);
	ck_assert_ptr_nonnull(in_thread(enter_and_get, request));
	ck_assert_ptr_null(entered_at_end);
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("buffer"), 0);
}
END_TEST

static void *cancel_oneself(void *data)
{
	app_buffer_get(data, NULL);
	pthread_cancel(pthread_self());
	pthread_testcancel();
	return NULL;
}

static void *exit_thread(void *data)
{
	app_buffer_get(data, NULL);
	pthread_exit(data);
}

START_TEST(however_the_thread_ends)
{
	thread_fn *const ways[] = { get_buffer, exit_thread, cancel_oneself };

	in_thread(ways[_i], root);
	journal_expect("created pool from config", "created buffer from pool", "ended buffer done");
}
END_TEST

static pthread_key_t late;
static int rounds;

static void get_late(void *data)
{
	if (rounds++ == 0)
		pthread_setspecific(late, data);
	else
		ck_assert_ptr_nonnull(app_buffer_get(data, NULL));
}

static void *end_with_a_destructor(void *data)
{
	pthread_setspecific(late, data);
	return app_buffer_get(data, NULL);
}

START_TEST(what_its_last_destructors_make_ends_too)
{
	rounds = 0;
	ck_assert_int_eq(pthread_key_create(&late, get_late), 0);
	in_thread(end_with_a_destructor, root);
	pthread_key_delete(late);
	ck_assert_int_eq(rounds, 2);
	ck_assert_int_eq(parts_alive("buffer"), 0);
	ck_assert_uint_eq(di_thread_count(container), 0);
}
END_TEST

/* ThreadSanitizer has ended itself before destructors run for the last time. */
#if defined(__SANITIZE_THREAD__)
#define LAST_ROUND (PTHREAD_DESTRUCTOR_ITERATIONS - 1)
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LAST_ROUND (PTHREAD_DESTRUCTOR_ITERATIONS - 1)
#endif
#endif
#ifndef LAST_ROUND
#define LAST_ROUND PTHREAD_DESTRUCTOR_ITERATIONS
#endif

/* In the last round nobody would end it any more. */
static void get_in_every_round(void *data)
{
	if (++rounds < LAST_ROUND)
		pthread_setspecific(late, data);
	app_buffer_get(data, NULL);
}

START_TEST(nothing_is_made_that_would_not_end)
{
	rounds = 0;
	ck_assert_int_eq(pthread_key_create(&late, get_in_every_round), 0);
	in_thread(end_with_a_destructor, root);
	pthread_key_delete(late);
	ck_assert_int_eq(rounds, LAST_ROUND);
	ck_assert_int_eq(parts_alive("buffer"), 0);
	ck_assert_uint_eq(di_thread_count(container), 0);
}
END_TEST

static struct di_container *seconds[12];

static void *get_in_all(void *data)
{
	size_t i;

	(void)data;
	for (i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++) {
		if (app_cache_get(di_container_root(seconds[i]), NULL) == NULL)
			return NULL;
	}
	return seconds;
}

START_TEST(it_ends_in_all_containers_that_it_has_used)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int i, count = (int)(sizeof(seconds) / sizeof(seconds[0]));

	for (i = 0; i < count; i++)
		seconds[i] = di_container_new(&app, &options, &error);
	ck_assert_ptr_nonnull(in_thread(get_in_all, NULL));
	ck_assert_int_eq(parts_alive("cache") + parts_alive("buffer"), 0);
	for (i = 0; i < count; i++)
		expect_ok(di_container_free(seconds[i], &error));
}
END_TEST

/* ---- By itself ---- */

START_TEST(a_thread_ends_its_own_and_begins_anew)
{
	struct part *first = app_cache_get(root, &error);

	journal_clear();
	expect_ok(di_thread_end(container, &error));
	journal_expect("ended cache done", "ended buffer done");
	ck_assert_uint_eq(di_thread_count(container), 0);
	expect_ok(di_thread_end(container, &error));
	ck_assert_ptr_ne(app_cache_get(root, &error), first);
	ck_assert_uint_eq(di_thread_count(container), 2);
}
END_TEST

START_TEST(a_finalizer_that_fails_stops_no_other)
{
	app_cache_get(root, &error);
	parts_fail_end("cache", EIO, 1);
	journal_clear();
	expect_error(di_thread_end(container, &error), DI_EFINALIZE);
	expect_text("cache_end failed for app_cache");
	journal_expect("ended badly cache", "ended buffer done");
}
END_TEST

START_TEST(it_does_not_end_while_an_open_context_holds_what_was_built_from_it)
{
	struct part *session;

	request = open_in(root, &di_scope_request);
	session = app_session_get(request, &error);
	expect_error(di_thread_end(container, &error), DI_EBUSY);
	expect_text("the context of scope request holds app_session, which was built from the "
		    "thread's values; close it first");
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	close_as(request, DI_DONE);
	expect_ok(di_thread_end(container, &error));
}
END_TEST

static enum di_status ended;

static void end_now(struct part *part)
{
	struct di_error err = { 0 };

	(void)part;
	ended = di_thread_end(container, &err);
	error = err;
}

START_TEST(nor_while_a_value_of_it_is_being_made_or_ended)
{
	parts_on_new("cache", end_now);
	ck_assert_ptr_nonnull(app_cache_get(root, &error));
	ck_assert_int_eq(ended, DI_EBUSY);
	expect_text("a value of the thread is being made");
	parts_on_end("buffer", end_now);
	expect_ok(di_thread_end(container, NULL));
	ck_assert_int_eq(ended, DI_ECLOSED);
	expect_text("the thread's values are ending already");
}
END_TEST

static int begun_elsewhere;

/* Begins in so many other containers that what the thread has is counted anew. */
static void begin_elsewhere(struct part *part)
{
	size_t i;

	(void)part;
	if (begun_elsewhere++ > 0)
		return;
	for (i = 0; i < 6; i++)
		app_buffer_get(di_container_root(seconds[i]), NULL);
	memset(&error, 0, sizeof(error));
	app_buffer_get(root, &error);
}

START_TEST(nor_does_it_begin_anew_before_it_has_ended)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	int i;

	for (i = 0; i < 6; i++)
		seconds[i] = di_container_new(&app, &options, NULL);
	begun_elsewhere = 0;
	parts_on_end("buffer", begin_elsewhere);
	ck_assert_ptr_nonnull(app_buffer_get(root, &error));
	expect_ok(di_thread_end(container, NULL));
	ck_assert_str_eq(di_status_name(error.status), "DI_ECLOSED");
	ck_assert_uint_eq(di_thread_count(container), 0);
	for (i = 0; i < 6; i++) {
		ck_assert_uint_eq(di_thread_count(seconds[i]), 1);
		expect_ok(di_thread_end(seconds[i], NULL));
		ck_assert_uint_eq(di_thread_count(seconds[i]), 0);
		expect_ok(di_container_free(seconds[i], NULL));
	}
}
END_TEST

static enum di_status end_of_nothing(void *data, struct di_error *err)
{
	(void)data;
	return di_thread_end(NULL, err);
}

START_TEST(there_must_be_a_container)
{
	misuse_expect(end_of_nothing, NULL, DI_EINVAL, "there is no container");
	ck_assert_uint_eq(di_thread_count(NULL), 0);
}
END_TEST

/* ---- The thread's place ---- */

static struct di_context *place;

/* clang-format off */
#define INSIDE(X) \
	X(thread_singleton, inside_desk, struct part, (desk_new, DI_CONTEXT),  desk_end) \
	X(context_resource, inside_leaf, struct part, (leaf_new, inside_desk), leaf_end, request) \
	X(context_resource, inside_any,  struct part, (any_new, inside_desk),  any_end,  any) \
	X(state,            inside_word, struct part, any)
/* clang-format on */

DI_CONTAINER_DECLARE(inside, INSIDE);

static int desk_new(struct part **out, struct di_context *context)
{
	place = context;
	return part_new(out, "desk", (struct part *const[]){ NULL });
}
PART_END(desk)
PART_OF_1(leaf)
PART_OF_1(any)

DI_CONTAINER_DEFINE(inside, INSIDE);

static void setup_inside(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	container_begin(&inside, &options);
	ck_assert_ptr_nonnull(inside_desk_get(root, &error));
	journal_clear();
}

START_TEST(the_home_is_a_context_below_the_root)
{
	ck_assert_ptr_eq(di_context_parent(place), root);
	ck_assert_str_eq(di_context_scope(place)->name, "thread");
	ck_assert_ptr_eq(inside_desk_get(place, &error), inside_desk_get(root, &error));
	ck_assert_ptr_eq(inside_any_get(root, &error), inside_any_get(place, &error));
	journal_expect("created any from desk");
	expect_ok(di_thread_end(container, &error));
	journal_expect("ended any done", "ended desk done");
}
END_TEST

static enum di_status close_place(void *data, struct di_error *err)
{
	return di_context_close(data, DI_DONE, err);
}

static enum di_status override_in_place(void *data, struct di_error *err)
{
	return inside_desk_override(data, &fake, err);
}

static enum di_status put_in_place(void *data, struct di_error *err)
{
	return inside_word_put(data, &fake, err);
}

static enum di_status open_thread_scope(void *data, struct di_error *err)
{
	return di_context_open(data, di_context_scope(place), err) != NULL ? DI_OK : DI_EINVAL;
}

START_TEST(it_is_not_closed_opened_or_overridden_in)
{
	misuse_expect(close_place, place, DI_EINVAL, "a thread's place ends with it");
	misuse_expect(override_in_place, place, DI_EINVAL,
		      "nothing is overridden or put in a thread's place");
	misuse_expect(put_in_place, place, DI_EINVAL,
		      "nothing is overridden or put in a thread's place");
	misuse_expect(open_thread_scope, root, DI_EINVAL,
		      "a context of scope thread cannot be opened");
}
END_TEST

START_TEST(contexts_that_are_open_in_it_end_with_the_thread)
{
	struct di_context *below = open_in(place, &di_scope_request);
	struct part *leaf = inside_leaf_get(below, &error);

	expect_error(di_thread_end(container, &error), DI_EBUSY);
	expect_text("the thread's place is the parent of an open context");
	close_as(below, DI_DONE);
	ck_assert(!leaf->alive);
	below = open_in(place, &di_scope_request);
	ck_assert_ptr_nonnull(inside_leaf_get(below, &error));
	journal_clear();
	container_free_expect(DI_EOPEN);
	expect_text("1 of them, the innermost in: request, thread, app");
	journal_expect("ended leaf cancelled", "ended desk done");
}
END_TEST

static void *open_in_place(void *data)
{
	struct part *desk = inside_desk_get(data, NULL);
	struct di_context *below = di_context_open(place, &di_scope_request, NULL);

	return inside_leaf_get(below, NULL) != NULL ? desk : NULL;
}

START_TEST(also_where_it_ends_by_itself)
{
	ck_assert_ptr_nonnull(in_thread(open_in_place, root));
	journal_expect("created desk", "created leaf from desk", "ended leaf cancelled",
		       "ended desk done");
}
END_TEST

START_TEST(nothing_is_reset_in_it_that_a_context_holds)
{
	struct part *leaf;

	request = open_in(root, &di_scope_request);
	leaf = inside_leaf_get(request, &error);
	expect_error(di_reset(place, &inside_desk, &error), DI_EBUSY);
	expect_text("the context of scope request holds what was built from the thread's values");
	ck_assert(leaf->alive);
	ck_assert_ptr_eq(leaf->needs[0], inside_desk_get(root, &error));
	close_as(request, DI_DONE);
	expect_ok(di_reset(place, &inside_desk, &error));
	ck_assert_uint_eq(di_thread_count(container), 0);
}
END_TEST

static void *refused(void *data)
{
	struct di_error *err = data;

	if (di_context_open(place, &di_scope_request, err) != NULL || err->status != DI_ETHREAD ||
	    di_context_enter(place, err) != DI_ETHREAD || inside_desk_get(place, err) != NULL ||
	    err->status != DI_ETHREAD)
		return NULL;
	return data;
}

START_TEST(it_is_for_its_own_thread)
{
	ck_assert_ptr_nonnull(in_thread(refused, &error));
	expect_text("inside_desk: it belongs to another thread");
	expect_ok(di_context_enter(place, &error));
	expect_error(di_thread_end(container, &error), DI_EBUSY);
	expect_text("the thread's place is entered");
	expect_ok(di_context_leave(place, &error));
}
END_TEST

/* ---- Memory ---- */

START_TEST(without_memory_nothing_is_made_and_the_next_time_all_is)
{
	struct di_container *other;
	struct failing_allocator failing;
	struct di_options options = { .abi = DI_ABI };
	unsigned long n, tried = 0;

	for (n = 1; tried == 0 || n <= tried + 1; n++) {
		struct di_context *in;

		failing_allocator_init(&failing);
		options.allocator = &failing.allocator;
		failing_allocator_fail(&failing, n);
		other = di_container_new(&app, &options, &error);
		if (other == NULL) {
			ck_assert_int_eq(error.status, DI_ENOMEM);
			failing_allocator_check(&failing);
			continue;
		}
		in = di_context_open(di_container_root(other), &di_scope_request, &error);
		if (in == NULL || app_session_get(in, &error) == NULL) {
			ck_assert_int_eq(error.status, DI_ENOMEM);
			in = in != NULL ? in
					: di_context_open(di_container_root(other),
							  &di_scope_request, &error);
		} else if (failing.failures == 0) {
			tried = n;
		}
		ck_assert_ptr_nonnull(app_session_get(in, &error));
		failing.fail_always = 1;
		failing.allocations = 0;
		expect_ok(di_context_close(in, DI_DONE, &error));
		expect_ok(di_reset(di_container_root(other), &app_buffer, &error));
		expect_ok(di_thread_end(other, &error));
		expect_ok(di_container_free(other, &error));
		ck_assert_uint_eq(failing.allocations, 0);
		failing_allocator_check(&failing);
		if (tried != 0)
			break;
	}
	ck_assert_uint_gt(tried, 4);
}
END_TEST

/* The lock under which places begin, and with it that of the root. */
START_TEST(a_value_that_exists_is_had_while_another_thread_holds_the_lock)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &stopping_allocator };
	struct di_container *other;
	struct di_context *in;
	struct part *buffer;
	pthread_t thread;

	stop_init(&stop_in_allocator, 0);
	other = di_container_new(&app, &options, &error);
	in = di_container_root(other);
	buffer = app_buffer_get(in, &error);
	ck_assert_ptr_nonnull(buffer);
	stop_init(&stop_in_allocator, 1);
	thread = thread_start(get_buffer, in, 0);
	stop_wait(&stop_in_allocator);
	ck_assert_ptr_eq(app_buffer_get(in, &error), buffer);
	ck_assert_ptr_eq(di_resolve(in, &error, &app_buffer), buffer);
	stop_let_go(&stop_in_allocator);
	ck_assert_ptr_nonnull(thread_join(thread));
	expect_ok(di_container_free(other, &error));
}
END_TEST

/* ---- fork() ---- */

START_TEST(a_child_process_has_its_own_copy)
{
	struct part *cache = app_cache_get(root, &error);
	int status;
	pid_t child = fork();

	if (child == 0)
		_exit(app_cache_get(root, NULL) == cache && cache->alive &&
				      di_thread_end(container, NULL) == DI_OK && !cache->alive &&
				      app_cache_get(root, NULL) != cache &&
				      di_container_free(container, NULL) == DI_OK
			      ? 0
			      : 1);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	ck_assert_ptr_eq(app_cache_get(root, &error), cache);
	ck_assert(cache->alive);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/thread");
	TCase *end = tcase_create("end"), *inner = tcase_create("place");

	tcase_add_checked_fixture(end, threaded_begin, threaded_end);
	tcase_add_test(end, it_ends_with_its_thread_newest_first);
	tcase_add_test(end, that_of_other_threads_goes_on);
	tcase_add_test(end, it_ends_after_the_thread_has_left_its_contexts);
	tcase_add_loop_test(end, however_the_thread_ends, 0, 3);
	tcase_add_test(end, what_its_last_destructors_make_ends_too);
	tcase_add_test(end, nothing_is_made_that_would_not_end);
	tcase_add_test(end, it_ends_in_all_containers_that_it_has_used);
	tcase_add_test(end, a_thread_ends_its_own_and_begins_anew);
	tcase_add_test(end, a_finalizer_that_fails_stops_no_other);
	tcase_add_test(end, it_does_not_end_while_an_open_context_holds_what_was_built_from_it);
	tcase_add_test(end, nor_while_a_value_of_it_is_being_made_or_ended);
	tcase_add_test(end, nor_does_it_begin_anew_before_it_has_ended);
	tcase_add_test(end, there_must_be_a_container);
	tcase_add_test(end, without_memory_nothing_is_made_and_the_next_time_all_is);
	tcase_add_test(end, a_value_that_exists_is_had_while_another_thread_holds_the_lock);
	tcase_add_test(end, a_child_process_has_its_own_copy);
	suite_add_tcase(all, end);
	tcase_add_checked_fixture(inner, setup_inside, threaded_end);
	tcase_add_test(inner, the_home_is_a_context_below_the_root);
	tcase_add_test(inner, it_is_not_closed_opened_or_overridden_in);
	tcase_add_test(inner, nothing_is_reset_in_it_that_a_context_holds);
	tcase_add_test(inner, contexts_that_are_open_in_it_end_with_the_thread);
	tcase_add_test(inner, also_where_it_ends_by_itself);
	tcase_add_test(inner, it_is_for_its_own_thread);
	suite_add_tcase(all, inner);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
