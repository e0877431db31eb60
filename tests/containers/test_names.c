/* SPDX-License-Identifier: MIT */
#include "containers/names.h"
#include "tests/support/check_main.h"

#include <stdio.h>
#include <string.h>

/* Names of a builder: found by their text, whoever has chosen them; and the pool they stand in. */

enum {
	MANY = 2000,
	MASK = 2047 /* as many buckets as so many names had */
};

static struct di__pool pool;
static struct di__names names;

static void set_up(void)
{
	di__pool_init(&pool, NULL);
	di__names_init(&names, &pool);
}

static void tear_down(void)
{
	di__pool_release(&pool);
}

static struct di__name *enter(const char *text)
{
	struct di__name *name = di__names_enter(&names, text, strlen(text));

	ck_assert_ptr_nonnull(name);
	return name;
}

START_TEST(a_text_has_one_name_however_long_it_is)
{
	char text[64] = "", other[64];
	struct di__name *before[sizeof(text)];
	size_t length;

	for (length = 0; length < sizeof(text) - 1; length++) {
		before[length] = enter(text);
		ck_assert_str_eq(before[length]->text, text);
		text[length] = (char)('a' + length % 26);
		text[length + 1] = '\0';
	}
	for (length = 0; length < sizeof(text) - 1; length++) {
		memcpy(other, text, length);
		other[length] = '\0';
		ck_assert_ptr_eq(enter(other), before[length]);
	}
	ck_assert_uint_eq(names.count, sizeof(text) - 1);
}
END_TEST

/* A hash that is the same in each process, as everyone can compute it. */
static uint32_t known_hash(const char *text, size_t length)
{
	const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t hash = length * factor, word;

	while (length > 0) {
		size_t size = length < sizeof(word) ? length : sizeof(word);

		word = 0;
		memcpy(&word, text, size);
		hash = (hash ^ word) * factor;
		hash ^= hash >> 29;
		text += size;
		length -= size;
	}
	return (uint32_t)(hash ^ hash >> 32);
}

static uint32_t longest_bucket(void)
{
	uint32_t longest = 0, i;

	for (i = 0; i < names.buckets_count; i++) {
		const struct di__name *at = names.buckets[i];
		uint32_t length = 0;

		for (; at != NULL; at = at->next)
			length++;
		longest = length > longest ? length : longest;
	}
	return longest;
}

START_TEST(names_that_were_chosen_to_meet_do_not_meet)
{
	unsigned number = 0, found = 0;
	char text[24];

	while (found < MANY) {
		int length = snprintf(text, sizeof(text), "row_%u", number++);

		if ((known_hash(text, (size_t)length) & MASK) != 0)
			continue;
		enter(text);
		found++;
	}
	ck_assert_uint_eq(names.count, MANY);
	ck_assert_uint_lt(longest_bucket(), 20);
}
END_TEST

START_TEST(each_set_has_a_secret_of_its_own)
{
	struct di__names other;

	di__names_init(&other, &pool);
	ck_assert(other.secret != names.secret);
}
END_TEST

START_TEST(texts_and_what_is_aligned_share_a_chunk)
{
	size_t i;

	for (i = 1; i < 2000; i++) {
		char *text = di__pool_copy(&pool, "abcdefgh", i % 9);
		uint64_t *number = di__pool_take(&pool, i % 40);

		ck_assert_uint_eq(strlen(text), i % 9);
		ck_assert_uint_eq((uintptr_t)number % sizeof(*number), 0);
		memset(number, 0xff, i % 40);
		ck_assert_int_eq(memcmp(text, "abcdefgh", i % 9), 0);
		ck_assert_uint_eq(strlen(text), i % 9);
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *made = suite_create("containers/names");
	TCase *tcase = tcase_create("names");

	tcase_add_checked_fixture(tcase, set_up, tear_down);
	tcase_add_test(tcase, a_text_has_one_name_however_long_it_is);
	tcase_add_test(tcase, names_that_were_chosen_to_meet_do_not_meet);
	tcase_add_test(tcase, each_set_has_a_secret_of_its_own);
	tcase_add_test(tcase, texts_and_what_is_aligned_share_a_chunk);
	suite_add_tcase(made, tcase);
	return made;
}

int main(void)
{
	return di_check_run(suite());
}
