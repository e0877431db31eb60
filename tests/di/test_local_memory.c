/* SPDX-License-Identifier: MIT */
#include "tests/di/local_app.h"
#include "tests/support/malloc_count.h"
#include "tests/support/threads.h"

/*
 * Without memory: every allocation fails once, of the namespace's allocator and of libc, and what
 * was is still there. What ends, ends without memory.
 */

static struct di_local *map;

/* Every call that fails says so, and leaves things as they were. */
static int out_of_memory(enum di_status status)
{
	if (status != DI_OK)
		ck_assert_str_eq(di_status_name(status), "DI_ENOMEM");
	return status != DI_OK;
}

static int set_owned(int number)
{
	struct counted *it = counted_new(number);
	int before = user();

	if (!out_of_memory(app_user_set(it, &error)))
		return 1;
	ck_assert_int_eq(user(), before);
	counted_free(it);
	return 0;
}

static void end_counted(void *value)
{
	counted_free(value);
}

static int update(void)
{
	const struct di_local_entry entries[] = {
		{ "a", counted_new(1), end_counted },
		{ "b", counted_new(2), end_counted },
		{ "a", counted_new(3), end_counted },
	};
	size_t i, before = di_local_each(map, NULL, NULL);

	if (!out_of_memory(di_local_map_update(map, entries, 3, &error)))
		return 1;
	ck_assert_uint_eq(di_local_each(map, NULL, NULL), before);
	for (i = 0; i < 3; i++)
		counted_free((struct counted *)(uintptr_t)entries[i].value);
	return 0;
}

static enum di_turn hold(void *data, const struct di_message *message, struct di_answer *reply)
{
	struct di_local_block block;

	(void)data;
	if (message->kind != DI_MESSAGE_SEND)
		return di_generator_pass(message, reply);
	if (di_local_begin(&app, &block, &error) == DI_OK)
		set_owned(30);
	return DI_TURN_YIELD;
}

static void in_a_run(void *data)
{
	struct di_local_block block;

	(void)data;
	set_owned(40);
	if (out_of_memory(di_local_begin(&app, &block, &error)))
		return;
	set_owned(41);
	ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
}

static void with_a_capture(void)
{
	struct di_capture *capture = di_flow_capture(&error);

	if (capture == NULL) {
		ck_assert_int_eq(error.status, DI_ENOMEM);
		return;
	}
	ck_assert_int_eq(di_flow_run(capture, in_a_run, NULL, &error), DI_OK);
	set_owned(42);
	di_capture_free(capture);
}

static void with_a_generator(void)
{
	struct di_generator *generator =
		di_generator_new(&plain, DI_AT_CREATION, hold, NULL, &error);

	if (generator == NULL) {
		ck_assert_int_eq(error.status, DI_ENOMEM);
		return;
	}
	if (di_generator_next(generator, NULL, &error) == DI_TURN_REFUSED)
		ck_assert_int_eq(error.status, DI_ENOMEM);
	if (di_generator_free(generator, &error) != DI_OK)
		ck_assert_int_eq(error.status, DI_ENOMEM);
}

/* A block whose end has nothing of its own: a capture has the table meanwhile. */
static void with_a_shared_table(void)
{
	struct di_capture *capture;
	struct di_local_block block;
	enum di_status status;
	int before = user();

	if (out_of_memory(di_local_begin(&app, &block, &error)))
		return;
	set_owned(50);
	capture = di_flow_capture(&error);
	malloc_refuse(1);
	memory.fail_always = 1;
	status = di_local_end(&block, &error);
	memory.fail_always = 0;
	malloc_refuse(0);
	ck_assert_str_eq(di_status_name(status), "DI_OK");
	ck_assert_int_eq(user(), before);
	di_capture_free(capture);
}

static void with_an_undo(void)
{
	struct counted *it = counted_new(60);
	struct di_local_undo undo;
	int before = user();

	if (out_of_memory(app_user_set_until(it, &undo, &error))) {
		counted_free(it);
		ck_assert_int_eq(user(), before);
		return;
	}
	ck_assert_int_eq(user(), 60);
	if (out_of_memory(di_local_undo(&undo, &error)))
		ck_assert_int_eq(di_local_undo(&undo, &error), DI_OK);
	ck_assert_int_eq(user(), before);
}

static void everything(void *data)
{
	(void)data;
	set_owned(1);
	with_an_undo();
	with_a_generator();
	map = di_local_map_new("map", &counting, &error);
	if (map != NULL) {
		update();
		update();
		out_of_memory(di_local_map_clear(map, &error));
		if (di_local_map_get(map, "a") != NULL)
			out_of_memory(di_local_map_unset(map, "a", &error));
		di_local_map_free(map);
	}
	with_a_capture();
	set_owned(2);
	with_a_generator();
	if (user() != 0 && out_of_memory(app_user_unset(&error)))
		ck_assert_int_ne(user(), 0);
}

static void *capture_nothing(void *data)
{
	(void)data;
	return di_flow_capture(NULL);
}

/* Runs function where nothing was ever set, as in a new thread. */
static void run_afresh(di_local_fn *function, void *data)
{
	struct di_capture *nothing = thread_join(thread_start(capture_nothing, NULL, 0));

	ck_assert_int_eq(di_flow_run(nothing, function, data, NULL), DI_OK);
	di_capture_free(nothing);
}

START_TEST(every_allocation_of_values_may_fail)
{
	unsigned long n, failures;

	watchdog(120);
	for (n = 1;; n++) {
		failures = memory.failures;
		failing_allocator_fail(&memory, n);
		run_afresh(everything, NULL);
		failing_allocator_fail(&memory, 0);
		ck_assert_int_eq(alive, 0);
		if (memory.failures == failures)
			break;
	}
	ck_assert_uint_gt(n, 15);
	watchdog(0);
}
END_TEST

enum {
	DEEP = 6,
	MAPS = 9
};

static struct di_local *maps[MAPS];

/* The counting allocator cannot do without malloc; these are of libc alone. */
#define LOOSE(X) X(loose_a, const int, di_keep) X(loose_b, const int, di_keep)

DI_LOCAL_DECLARE(loose, LOOSE);
DI_LOCAL_DEFINE(loose, LOOSE);

/* Check asks for memory itself, so what goes wrong is counted meanwhile. */
static int wrong;

static int refused(enum di_status status)
{
	wrong += status != DI_OK && status != DI_ENOMEM;
	return status != DI_OK;
}

static void deep(int depth)
{
	struct di_capture *capture;
	struct di_local_block block;
	const int *before = loose_a_get();

	if (depth == 0 || refused(di_local_begin(&loose, &block, &error)))
		return;
	if (refused(loose_a_set(&numbers[depth], &error)))
		wrong += loose_a_get() != before;
	capture = di_flow_capture(&error);
	deep(depth - 1);
	wrong += di_local_end(&block, &error) != DI_OK;
	wrong += loose_a_get() != before;
	di_capture_free(capture);
}

/* Refuses the n-th allocation of libc; then *n is how many there were. */
static void without_malloc(void *data)
{
	unsigned long *n = data, before = malloc_count();
	int i;

	malloc_refuse(*n);
	refused(loose_b_set(&numbers[1], &error));
	deep(DEEP);
	for (i = 0; i < MAPS; i++) {
		int failed = refused(di_local_map_set(maps[i], "a", "1", NULL, &error));

		wrong += (di_local_map_get(maps[i], "a") == NULL) != failed;
	}
	deep(1);
	malloc_refuse(0);
	*n = malloc_count() - before;
}

/* libc has the memory of tables, blocks and captures. */
START_TEST(every_allocation_of_libc_may_fail)
{
	unsigned long n, count;
	int i;

	if (!malloc_is_counted()) {
		di_check_skip("di/local/memory", "malloc cannot be refused in this build");
		return;
	}
	for (i = 0; i < MAPS; i++)
		maps[i] = di_local_map_new("map", NULL, &error);
	n = 0;
	do {
		count = ++n;
		run_afresh(without_malloc, &count);
		ck_assert_int_eq(wrong, 0);
	} while (n <= count);
	ck_assert_uint_gt(n, 20);
	for (i = 0; i < MAPS; i++)
		di_local_map_free(maps[i]);
}
END_TEST

START_TEST(a_block_ends_without_memory_whoever_shares_the_table)
{
	set_owned(1);
	with_a_shared_table();
	with_a_shared_table();
	ck_assert_int_eq(user(), 1);
}
END_TEST

/* ---- What it costs ---- */

START_TEST(copying_takes_as_much_for_many_values_as_for_one)
{
	static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	struct di_local_block block;
	unsigned long allocations;
	size_t i;

	map = di_local_map_new("map", &counting, &error);
	for (i = 0; i < 8; i++)
		ck_assert_int_eq(di_local_map_set(map, names[i], names[i], NULL, &error), DI_OK);
	allocations = memory.allocations;
	for (i = 0; i < 3; i++) {
		ck_assert_int_eq(di_local_begin(map, &block, &error), DI_OK);
		di_capture_free(di_flow_capture(&error));
		ck_assert_int_eq(di_local_end(&block, &error), DI_OK);
	}
	ck_assert_uint_eq(memory.allocations, allocations);
	di_local_map_free(map);
}
END_TEST

START_TEST(setting_again_takes_no_memory)
{
	unsigned long allocations;
	int i;

	set_a(1);
	allocations = memory.allocations;
	for (i = 1; i < 10; i++)
		set_a(i);
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local/memory");
	TCase *sweeps = tcase_create("sweeps"), *costs = tcase_create("costs");

	tcase_add_checked_fixture(sweeps, setup, teardown);
	tcase_add_checked_fixture(costs, setup, teardown);
	tcase_add_test(sweeps, every_allocation_of_values_may_fail);
	tcase_add_test(sweeps, every_allocation_of_libc_may_fail);
	tcase_add_test(sweeps, a_block_ends_without_memory_whoever_shares_the_table);
	tcase_add_test(costs, copying_takes_as_much_for_many_values_as_for_one);
	tcase_add_test(costs, setting_again_takes_no_memory);
	suite_add_tcase(all, sweeps);
	suite_add_tcase(all, costs);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
