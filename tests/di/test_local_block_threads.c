/* SPDX-License-Identifier: MIT */
#include "tests/di/local_blocks.h"
#include "tests/support/threads.h"

/* Blocks of several threads. */

struct elsewhere {
	struct di_local_block *block;
	struct di_error *err;
	enum di_status status;
	int seen;
};

static void *end_in_a_thread(void *data)
{
	struct elsewhere *it = data;

	if (plain_a_set(&numbers[7], NULL) == DI_OK)
		it->status = di_local_end(it->block, it->err);
	it->seen = a();
	return NULL;
}

static enum di_status end_elsewhere(void *data, struct di_error *err)
{
	struct elsewhere it = { data, err, DI_OK, 0 };

	thread_join(thread_start(end_in_a_thread, &it, 0));
	ck_assert_int_eq(it.seen, 7);
	return it.status;
}

START_TEST(a_block_of_another_flow_is_refused)
{
	struct di_local_block block = begin(&plain);

	set_a(1);
	misuse_expect(end_elsewhere, &block, DI_EINVAL, "was begun in another flow");
	ck_assert_int_eq(a(), 1);
	end(&block);
	ck_assert_int_eq(a(), 0);
}
END_TEST

static struct stop in_thread;

static void *overlap(void *data)
{
	int *seen = data;

	plain_a_set(&numbers[5], NULL);
	DI_WITH_LOCAL (&plain, NULL) {
		plain_a_set(&numbers[6], NULL);
		stop_here(&in_thread);
		seen[0] = a();
	}
	seen[1] = a();
	return NULL;
}

START_TEST(blocks_of_threads_overlap_without_a_trace)
{
	struct di_local_block block;
	int seen[2] = { 0 };
	pthread_t thread;

	watchdog(60);
	stop_init(&in_thread, 1);
	set_a(1);
	block = begin(&plain);
	set_a(2);
	thread = thread_start(overlap, seen, 0);
	stop_wait(&in_thread);
	ck_assert_int_eq(a(), 2);
	end(&block);
	ck_assert_int_eq(a(), 1);
	stop_let_go(&in_thread);
	thread_join(thread);
	ck_assert_int_eq(seen[0], 6);
	ck_assert_int_eq(seen[1], 5);
	ck_assert_int_eq(a(), 1);
	watchdog(0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local/block_threads");
	TCase *threads = di_check_case(all, "threads", setup, teardown);

	tcase_add_test(threads, a_block_of_another_flow_is_refused);
	tcase_add_test(threads, blocks_of_threads_overlap_without_a_trace);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
