/* SPDX-License-Identifier: MIT */
#include "di/trie.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/threads.h"

#include <stdio.h>

/* The persistent map alone: equal hashes, copies, missing memory, against a plain array. */

static struct failing_allocator memory;
static int ended;

static void setup(void)
{
	failing_allocator_init(&memory);
	ended = 0;
}

static void teardown(void)
{
	failing_allocator_check(&memory);
}

static void count_end(void *value)
{
	(void)value;
	ended++;
}

static int put(uintptr_t *map, uint64_t hash, const char *name)
{
	const struct di__trie_key key = { hash, name };
	uintptr_t *place = di__trie_place(map, &key, &memory.allocator), before;
	struct di__leaf *leaf =
		place != NULL ? di__leaf_new(&key, name, 1, &memory.allocator) : NULL;

	if (leaf == NULL)
		return 0;
	leaf->value = leaf;
	leaf->end = count_end;
	before = *place;
	*place = di__trie_slot(leaf);
	di__trie_release(before, &memory.allocator);
	return 1;
}

static int has(uintptr_t map, uint64_t hash, const char *name)
{
	const struct di__trie_key key = { hash, name };
	const struct di__leaf *leaf = di__trie_find(map, &key);

	return leaf != NULL && strcmp(leaf->name, name) == 0;
}

static int take(uintptr_t *map, uint64_t hash, const char *name)
{
	const struct di__trie_key key = { hash, name };

	if (di__trie_find(*map, &key) == NULL ||
	    di__trie_place(map, &key, &memory.allocator) == NULL)
		return 0;
	di__trie_release(di__trie_take(map, &key), &memory.allocator);
	return 1;
}

static int length(uintptr_t map)
{
	const struct di__leaf *leaf = NULL;
	int count = 0;

	while ((leaf = di__trie_next(map, leaf)) != NULL)
		count++;
	return count;
}

static void release(uintptr_t map)
{
	di__trie_release(map, &memory.allocator);
}

/* ---- Equal hashes ---- */

static const char *const alike[] = { "", "a", "b", "ab", "abc", "\xff", "a\xff", "abcabcabcabc" };

enum {
	ALIKE = sizeof(alike) / sizeof(alike[0])
};

START_TEST(names_of_equal_hash_are_told_apart)
{
	uintptr_t map = 0;
	int i, j;

	for (i = 0; i < ALIKE; i++) {
		ck_assert(!has(map, 42, alike[i]));
		ck_assert(put(&map, 42, alike[i]));
		ck_assert_int_eq(length(map), i + 1);
	}
	for (i = 0; i < ALIKE; i++)
		ck_assert(has(map, 42, alike[i]));
	ck_assert(!has(map, 42, "abca"));
	ck_assert(!has(map, 43, "a"));
	for (i = 0; i < ALIKE; i++) {
		ck_assert(take(&map, 42, alike[i]));
		for (j = 0; j < ALIKE; j++)
			ck_assert_int_eq(has(map, 42, alike[j]), j > i);
	}
	ck_assert_uint_eq(map, 0);
	ck_assert_int_eq(ended, ALIKE);
}
END_TEST

START_TEST(hashes_that_differ_in_their_last_bits_alone_are_told_apart)
{
	uintptr_t map = 0;

	ck_assert(put(&map, UINT64_MAX, "a"));
	ck_assert(put(&map, UINT64_MAX >> 1, "a"));
	ck_assert(put(&map, UINT64_MAX >> 2, "a"));
	ck_assert_int_eq(length(map), 3);
	ck_assert(take(&map, UINT64_MAX >> 1, "a"));
	ck_assert(has(map, UINT64_MAX, "a"));
	ck_assert(has(map, UINT64_MAX >> 2, "a"));
	release(map);
}
END_TEST

/* ---- Copies ---- */

START_TEST(a_copy_takes_no_memory_and_is_not_changed)
{
	uintptr_t map = 0, copy;
	unsigned long allocations;

	ck_assert(put(&map, 1, "a") && put(&map, 2, "b") && put(&map, 9, "c"));
	allocations = memory.allocations;
	copy = di__trie_hold(map);
	ck_assert_uint_eq(memory.allocations, allocations);
	ck_assert(put(&map, 2, "b") && take(&map, 9, "c"));
	ck_assert_int_eq(length(copy), 3);
	ck_assert_int_eq(length(map), 2);
	ck_assert_int_eq(ended, 0);
	release(copy);
	ck_assert_int_eq(ended, 2);
	ck_assert(has(map, 1, "a") && has(map, 2, "b"));
	release(map);
	ck_assert_int_eq(ended, 4);
}
END_TEST

START_TEST(a_change_of_a_copy_copies_the_way_to_its_place_alone)
{
	uintptr_t map = 0, copy;
	unsigned long allocations;
	uint64_t i;

	for (i = 0; i < 512; i++)
		ck_assert(put(&map, i, "n"));
	copy = di__trie_hold(map);
	allocations = memory.allocations;
	ck_assert(put(&map, 77, "n"));
	ck_assert_uint_eq(memory.allocations - allocations, 3 + 1);
	release(copy);
	release(map);
	ck_assert_int_eq(ended, 513);
}
END_TEST

/* ---- Against a plain array ---- */

enum {
	NAMES = 40,
	COPIES = 6,
	STEPS = 20000
};

struct model {
	uintptr_t map;
	int has[NAMES];
};

static uint64_t hash_of(int number)
{
	return number % 4 == 0 ? 5 : (uint64_t)number * UINT64_C(0x9E3779B97F4A7C15);
}

static void check(const struct model *model, const char (*names)[8])
{
	int i, count = 0;

	for (i = 0; i < NAMES; i++) {
		ck_assert_int_eq(has(model->map, hash_of(i), names[i]), model->has[i]);
		count += model->has[i];
	}
	ck_assert_int_eq(length(model->map), count);
}

START_TEST(random_changes_of_copies_agree_with_arrays)
{
	static char names[NAMES][8];
	struct model models[COPIES] = { { 0, { 0 } } };
	uint64_t seed = 1 + (uint64_t)_i;
	int step, i;

	for (i = 0; i < NAMES; i++)
		snprintf(names[i], sizeof(names[i]), "n%u", (unsigned)i % NAMES);
	for (step = 0; step < (di_check_quick() ? STEPS / 20 : STEPS); step++) {
		struct model *model = &models[random_next(&seed) % COPIES];
		struct model *other = &models[random_next(&seed) % COPIES];
		int name = (int)(random_next(&seed) % NAMES);

		failing_allocator_fail(&memory, random_next(&seed) % 12);
		switch (random_next(&seed) % 5) {
		case 0:
			if (model != other) {
				release(other->map);
				*other = *model;
				di__trie_hold(other->map);
			}
			break;
		case 1:
		case 2:
			if (put(&model->map, hash_of(name), names[name]))
				model->has[name] = 1;
			break;
		default:
			if (take(&model->map, hash_of(name), names[name]))
				model->has[name] = 0;
		}
		failing_allocator_fail(&memory, 0);
		if (step % 64 == 0)
			check(model, (const char(*)[8])names);
	}
	for (i = 0; i < COPIES; i++) {
		check(&models[i], (const char(*)[8])names);
		release(models[i].map);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/trie");
	TCase *tcase = tcase_create("trie");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, names_of_equal_hash_are_told_apart);
	tcase_add_test(tcase, hashes_that_differ_in_their_last_bits_alone_are_told_apart);
	tcase_add_test(tcase, a_copy_takes_no_memory_and_is_not_changed);
	tcase_add_test(tcase, a_change_of_a_copy_copies_the_way_to_its_place_alone);
	tcase_add_loop_test(tcase, random_changes_of_copies_agree_with_arrays, 0, 4);
	suite_add_tcase(all, tcase);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
