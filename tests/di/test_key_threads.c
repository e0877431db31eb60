/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

#include <stdio.h>

PART(clock)

#define APP(X) X(singleton, app_clock, struct part, (clock_new), clock_end)

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

DI_KEY_DECLARE(trace_id, const char);
DI_KEY_DEFINE(trace_id, const char);

static const char first[] = "first";
static struct di_context *request, *inner;

static void begin_with(const struct di_allocator *allocator)
{
	struct di_options options = { .abi = DI_ABI, .allocator = allocator };

	watchdog(120);
	stop_init(&stop_in_allocator, 0);
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	inner = open_in(request, &di_scope_inject);
}

static void teardown(void)
{
	container_end();
	watchdog(0);
}

enum {
	KEYS = 64,
	THREADS = 8
};

static char key_names[KEYS][16];
static struct di_key keys[KEYS];
static int losers[THREADS], wrong[THREADS];

static void put_and_fetch(int number, void *data)
{
	const int *values = data;
	int i;

	for (i = 0; i < KEYS; i++) {
		if (di_context_put(request, &keys[i], &values[i], NULL) != DI_OK)
			losers[number]++;
		wrong[number] += di_context_fetch(inner, &keys[i]) != &values[i];
	}
}

START_TEST(any_threads_put_and_fetch)
{
	static int values[KEYS];
	int i, lost = 0;

	begin_with(&threads_allocator);
	memset(losers, 0, sizeof(losers));
	memset(wrong, 0, sizeof(wrong));
	for (i = 0; i < KEYS; i++) {
		snprintf(key_names[i], sizeof(key_names[i]), "k%d", i);
		keys[i] = (struct di_key){ key_names[i], { 0, "int", 0 }, 0 };
	}
	crowd_run(THREADS, put_and_fetch, values);
	for (i = 0; i < THREADS; i++) {
		lost += losers[i];
		ck_assert_int_eq(wrong[i], 0);
	}
	ck_assert_int_eq(lost, KEYS * (THREADS - 1));
}
END_TEST

static int do_nothing(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	return 0;
}

/* Its allocator is stopped, and then it holds the lock of the context. */
static void *defer_until_memory_is_needed(void *data)
{
	while (stop_in_allocator.wanted)
		di_context_defer(data, do_nothing, NULL, NULL);
	return NULL;
}

static void count(void *data, const struct di_key *key, const void *value)
{
	(void)key;
	(void)value;
	++*(int *)data;
}

START_TEST(reading_takes_no_lock)
{
	pthread_t thread;
	int seen = 0;

	begin_with(&stopping_allocator);
	expect_ok(trace_id_put(request, first, &error));
	stop_init(&stop_in_allocator, 1);
	thread = thread_start(defer_until_memory_is_needed, request, 0);
	stop_wait(&stop_in_allocator);
	ck_assert_ptr_eq(trace_id_fetch(request), first);
	ck_assert_ptr_eq(trace_id_fetch(inner), first);
	ck_assert_ptr_eq(di_context_fetch_type(inner, &trace_id.type), first);
	ck_assert_uint_eq(di_context_items_each(inner, count, &seen), 1);
	stop_let_go(&stop_in_allocator);
	thread_join(thread);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/key/threads");
	TCase *tcase = tcase_create("threads");

	tcase_add_checked_fixture(tcase, NULL, teardown);
	tcase_add_test(tcase, any_threads_put_and_fetch);
	tcase_add_test(tcase, reading_takes_no_lock);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
