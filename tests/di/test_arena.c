/* SPDX-License-Identifier: MIT */
#include "di/arena.h"

#include "tests/support/check_main.h"
#include "tests/support/failing_allocator.h"

#include <check.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	BLOCKS = 64,
	LARGE = DI__ARENA_STEP * DI__ARENA_CLASSES + 1
};

static struct failing_allocator memory;
static struct di__arena arena;
static alignas(max_align_t) char first[DI__ARENA_FIRST];

static void setup(void)
{
	failing_allocator_init(&memory);
	di__arena_init(&arena, first, sizeof(first));
}

static void teardown(void)
{
	memory.fail_always = 0;
	di__arena_reset(&arena, &memory.allocator);
	failing_allocator_check(&memory);
}

static void *take(size_t size)
{
	return di__arena_take(&arena, &memory.allocator, size);
}

static void give(void *block, size_t size)
{
	di__arena_give(&arena, &memory.allocator, block, size);
}

static int is_in_first(const void *block)
{
	return (const char *)block >= first && (const char *)block < first + sizeof(first);
}

START_TEST(the_first_blocks_come_with_the_context)
{
	ck_assert(is_in_first(take(100)));
	ck_assert(is_in_first(take(100)));
	ck_assert_uint_eq(memory.allocations, 0);
}
END_TEST

START_TEST(what_does_not_fit_comes_from_the_allocator)
{
	int i;

	for (i = 0; i < 100; i++)
		ck_assert_ptr_nonnull(take(200));
	ck_assert_uint_gt(memory.allocations, 0);
	ck_assert_uint_lt(memory.allocations, 20);
}
END_TEST

START_TEST(the_more_is_taken_the_larger_the_chunks)
{
	int i;

	for (i = 0; i < 100; i++)
		ck_assert_ptr_nonnull(take(224));
	ck_assert_uint_eq(memory.allocations, 3);
	for (; i < 1000; i++)
		ck_assert_ptr_nonnull(take(224));
	ck_assert_uint_gt(memory.allocations, 14);
	ck_assert_uint_lt(memory.allocations, 18);
}
END_TEST

/* One block of the random test: its bytes all have one value. */
struct block {
	unsigned char *at;
	size_t size;
	int mark;
};

static void check_block(const struct block *block)
{
	size_t i = 0;

	while (i < block->size && block->at[i] == block->mark)
		i++;
	ck_assert_uint_eq(i, block->size);
}

static void exchange(struct block *block, unsigned *seed, int mark)
{
	size_t size = 1 + (size_t)rand_r(seed) % (rand_r(seed) % 4 == 0 ? 3000 : 400);

	if (block->at != NULL) {
		check_block(block);
		give(block->at, block->size);
	}
	*block = (struct block){ take(size), size, mark };
	ck_assert_ptr_nonnull(block->at);
	ck_assert_uint_eq((uintptr_t)block->at % alignof(void *), 0);
	memset(block->at, mark, size);
}

START_TEST(blocks_are_aligned_and_apart_from_each_other)
{
	struct block blocks[BLOCKS] = { { 0 } };
	unsigned seed = 4711;
	int i, steps = di_check_quick() ? 2000 : 20000;

	for (i = 0; i < steps; i++)
		exchange(&blocks[rand_r(&seed) % BLOCKS], &seed, i % 251);
	for (i = 0; i < BLOCKS; i++) {
		if (blocks[i].at != NULL)
			check_block(&blocks[i]);
	}
}
END_TEST

START_TEST(a_block_given_back_is_used_for_the_next_of_its_size)
{
	void *a = take(100), *b = take(100), *c = take(100);

	give(a, 100);
	give(b, 100);
	ck_assert_ptr_eq(take(97), b);
	ck_assert_ptr_eq(take(128), a);
	ck_assert_ptr_ne(take(100), c);
}
END_TEST

START_TEST(the_newest_block_makes_room_for_any_size)
{
	void *a, *b;

	take(64);
	a = take(64);
	give(a, 64);
	b = take(512);
	ck_assert_ptr_eq(a, b);
}
END_TEST

START_TEST(blocks_of_another_size_are_not_mixed_up)
{
	void *a = take(64);

	take(64);
	give(a, 64);
	ck_assert_ptr_ne(take(65), a);
	ck_assert_ptr_ne(take(32), a);
	ck_assert_ptr_eq(take(64), a);
}
END_TEST

START_TEST(a_large_block_is_released_when_it_is_given_back)
{
	void *a = take(LARGE), *b = take(10 * LARGE), *c = take(LARGE);

	ck_assert_uint_eq(memory.live, 3);
	give(b, 10 * LARGE);
	ck_assert_uint_eq(memory.live, 2);
	give(a, LARGE);
	give(c, LARGE);
	ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(large_blocks_leave_the_chunk_in_use_alone)
{
	char *a = take(32), *b;

	take(LARGE);
	b = take(32);
	ck_assert_ptr_eq(b, a + 32);
}
END_TEST

START_TEST(without_memory_there_is_no_block_and_nothing_is_lost)
{
	char *a, *b;

	while (memory.failures == 0) {
		memory.fail_always = 1;
		a = take(64);
	}
	ck_assert_ptr_null(a);
	ck_assert_ptr_null(take(LARGE));
	ck_assert_ptr_null(take(SIZE_MAX / 2));
	memory.fail_always = 0;
	b = take(64);
	ck_assert_ptr_nonnull(b);
	give(b, 64);
	ck_assert_ptr_eq(take(64), b);
}
END_TEST

START_TEST(resetting_releases_every_chunk_and_begins_anew)
{
	void *begin = take(32);
	int i;

	for (i = 0; i < 200; i++)
		give(take(300), 300), take(300), take(i % 10 == 0 ? LARGE : 20);
	ck_assert_uint_gt(memory.live, 0);
	di__arena_reset(&arena, &memory.allocator);
	ck_assert_uint_eq(memory.live, 0);
	ck_assert_ptr_eq(take(32), begin);
	ck_assert(is_in_first(take(300)));
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/arena");
	TCase *taking = tcase_create("taking"), *giving = tcase_create("giving");

	tcase_add_checked_fixture(taking, setup, teardown);
	tcase_add_test(taking, the_first_blocks_come_with_the_context);
	tcase_add_test(taking, what_does_not_fit_comes_from_the_allocator);
	tcase_add_test(taking, the_more_is_taken_the_larger_the_chunks);
	tcase_add_test(taking, blocks_are_aligned_and_apart_from_each_other);
	tcase_add_test(taking, without_memory_there_is_no_block_and_nothing_is_lost);
	suite_add_tcase(suite, taking);

	tcase_add_checked_fixture(giving, setup, teardown);
	tcase_add_test(giving, a_block_given_back_is_used_for_the_next_of_its_size);
	tcase_add_test(giving, the_newest_block_makes_room_for_any_size);
	tcase_add_test(giving, blocks_of_another_size_are_not_mixed_up);
	tcase_add_test(giving, a_large_block_is_released_when_it_is_given_back);
	tcase_add_test(giving, large_blocks_leave_the_chunk_in_use_alone);
	tcase_add_test(giving, resetting_releases_every_chunk_and_begins_anew);
	suite_add_tcase(suite, giving);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
