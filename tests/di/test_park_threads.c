/* SPDX-License-Identifier: MIT */
#include "tests/di/parked_app.h"

/* Contexts that are used again, by threads that come and go and hand them to each other. */

PART_FAKE(fake)

static void *open_request(void *data)
{
	struct di_context *context = di_context_open(data, &di_scope_request, NULL);

	return context != NULL && app_session_get(context, NULL) != NULL ? context : NULL;
}

static void *close_request(void *data)
{
	return di_context_close(data, DI_DONE, NULL) == DI_OK ? data : NULL;
}

START_TEST(one_thread_may_open_and_another_close)
{
	struct di_context *context;
	int i;

	for (i = 0; i < 5; i++) {
		context = open_request(root);
		ck_assert_ptr_eq(thread_join(thread_start(close_request, context, 0)), context);
		ck_assert_int_eq(parts_alive("session"), 0);
		context = thread_join(thread_start(open_request, root, 0));
		close_as(context, DI_DONE);
		ck_assert_int_eq(parts_alive("session"), 0);
	}
}
END_TEST

static void *open_and_close(void *data)
{
	return close_request(open_request(data));
}

/* The thread that parked it has ended. */
START_TEST(what_a_thread_has_left_is_made_new_for_others)
{
	struct di_context *request = open_in(root, &di_scope_request), *inner;

	ck_assert_ptr_nonnull(thread_join(thread_start(open_and_close, request, 0)));
	expect_ok(app_store_override(request, &fake, &error));
	inner = thread_join(thread_start(open_request, request, 0));
	ck_assert_ptr_eq(app_store_get(inner, &error), &fake);
	ck_assert_ptr_eq(app_session_get(inner, &error)->needs[0], &fake);
	close_as(inner, DI_DONE);
	ck_assert_ptr_nonnull(thread_join(thread_start(open_and_close, request, 0)));
	close_as(request, DI_DONE);
	ck_assert_ptr_nonnull(thread_join(thread_start(open_and_close, root, 0)));
}
END_TEST

static void *open_and_close_here(void *data)
{
	struct di_context *context = di_context_open(data, &di_scope_request, NULL);

	di_context_close(context, DI_DONE, NULL);
	return context;
}

#ifndef DI_DEBUG
/* One after the other, so that the counting allocator is used by one at a time. */
START_TEST(a_thread_uses_what_one_before_it_has_left)
{
	void *left = thread_join(thread_start(open_and_close_here, root, 0));
	unsigned long allocations = memory.allocations;

	ck_assert_ptr_eq(thread_join(thread_start(open_and_close_here, root, 0)), left);
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST
#endif

/* Each in some of the many parents. */
static void *open_in_many(void *data)
{
	struct di_context **parents = data;
	struct di_context *context;
	int i;

	for (i = 0; i < 10; i++) {
		context = di_context_open(parents[i], &di_scope_inject, NULL);
		if (context == NULL || app_tick_get(context, NULL) == NULL)
			return NULL;
		open_and_close_here(context);
		di_context_close(context, DI_DONE, NULL);
	}
	return data;
}

START_TEST(threads_that_come_and_go_leave_no_more_than_a_few_do)
{
	struct di_context *parents[10];
	unsigned long after_some = 0;
	int i, rounds = di_check_quick() ? 60 : 1000;

	for (i = 0; i < 10; i++)
		parents[i] = open_in(root, &di_scope_request);
	for (i = 0; i < rounds; i++) {
		ck_assert_ptr_nonnull(thread_join(thread_start(open_in_many, parents, 0)));
		if (i == 20)
			after_some = memory.live_bytes;
	}
	ck_assert_uint_eq(memory.live_bytes, after_some);
	ck_assert_int_eq(ticks + faults, 0);
	for (i = 0; i < 10; i++)
		close_as(parents[i], DI_DONE);
}
END_TEST

/* What each thread opens, another closes, while the first goes on. */
enum {
	HANDS = 6,
	HANDED = 400
};

static _Atomic(struct di_context *) hands[HANDS];
static void pass_on(int number, void *data)
{
	char text[256];
	int i;

	for (i = 0; i < HANDED; i++) {
		struct di_context *context =
			di_context_open(data, i % 3 ? &di_scope_request : &di_scope_job, NULL);

		faults += context == NULL || app_tick_get(context, NULL) == NULL;
		faults += app_store_get(context, NULL) == NULL;
		context = atomic_exchange(&hands[(number + 1) % HANDS], context);
		if (context != NULL)
			faults += di_context_close(context, DI_DONE, NULL) != DI_OK;
		context = atomic_exchange(&hands[number], NULL);
		if (context != NULL)
			faults += di_context_close(context, DI_DONE, NULL) != DI_OK;
		if (i % 16 == 0)
			di_container_describe(container, text, sizeof(text));
	}
}

START_TEST(contexts_may_go_from_hand_to_hand)
{
	int i;

	crowd_run(HANDS, pass_on, root);
	for (i = 0; i < HANDS; i++) {
		if (hands[i] != NULL)
			close_as(hands[i], DI_DONE);
		hands[i] = NULL;
	}
	ck_assert_int_eq(faults, 0);
	ck_assert_int_eq(ticks, 0);
	container_free_expect(DI_OK);
}
END_TEST

/* ---- A thread's last steps ---- */

static pthread_key_t late;
static struct di_context *late_context;
static int rounds;

/* In the second round it has no place any more. */
static void close_late(void *data)
{
	if (rounds++ == 0)
		pthread_setspecific(late, data);
	else
		rounds = di_context_close(late_context, DI_DONE, NULL) == DI_OK &&
					 open_and_close(data) != NULL
				 ? 100
				 : -100;
}

static void *open_and_end(void *data)
{
	late_context = open_request(data);
	return pthread_setspecific(late, data) == 0 ? data : NULL;
}

START_TEST(destructors_of_a_thread_may_close_what_it_opened)
{
	rounds = 0;
	ck_assert_int_eq(pthread_key_create(&late, close_late), 0);
	ck_assert_ptr_eq(thread_join(thread_start(open_and_end, root, 0)), root);
	pthread_key_delete(late);
	ck_assert_int_eq(rounds, 100);
	ck_assert_int_eq(parts_alive("session"), 0);
	expect_ok(app_work_override(root, &fake, &error));
	container_free_expect(DI_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/park_threads");
	TCase *turns = tcase_create("one at a time");
	TCase *threads = tcase_create("threads");

	tcase_add_checked_fixture(turns, setup, teardown);
#ifndef DI_DEBUG
	tcase_add_test(turns, a_thread_uses_what_one_before_it_has_left);
#endif
	tcase_add_test(turns, threads_that_come_and_go_leave_no_more_than_a_few_do);
	suite_add_tcase(all, turns);
	tcase_add_checked_fixture(threads, setup_threads, teardown);
	tcase_add_test(threads, one_thread_may_open_and_another_close);
	tcase_add_test(threads, what_a_thread_has_left_is_made_new_for_others);
	tcase_add_test(threads, contexts_may_go_from_hand_to_hand);
	tcase_add_test(threads, destructors_of_a_thread_may_close_what_it_opened);
	suite_add_tcase(all, threads);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
