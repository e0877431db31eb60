/* SPDX-License-Identifier: MIT */
#ifndef DI_TESTS_LOCAL_APP_H
#define DI_TESTS_LOCAL_APP_H

/**
 * The namespaces that tests of context-local values share: what is set in `app` is a counted part,
 * `plain` holds numbers that are borrowed.
 */

#include "di/di.h"
#include "tests/support/check_main.h"
#include "tests/support/failing_allocator.h"
#include "tests/support/journal.h"
#include "tests/support/misuse.h"

#include <stdlib.h>

struct counted {
	int number;
};

/* How many are alive, on all threads. */
static int alive;

DI__UNUSED static struct counted *counted_new(int number)
{
	struct counted *it = malloc(sizeof(*it));

	ck_assert_ptr_nonnull(it);
	it->number = number;
	__atomic_fetch_add(&alive, 1, __ATOMIC_RELAXED);
	return it;
}

static void counted_free(struct counted *it)
{
	__atomic_fetch_sub(&alive, 1, __ATOMIC_RELAXED);
	free(it);
}

static struct failing_allocator memory;
static struct di_error error;

static void *take_memory(size_t size, void *data)
{
	(void)data;
	return memory.allocator.allocate(size, memory.allocator.data);
}

static void give_memory(void *block, size_t size, void *data)
{
	(void)data;
	memory.allocator.release(block, size, memory.allocator.data);
}

static const struct di_allocator counting = { take_memory, give_memory, NULL };

/* clang-format off */
#define APP(X) \
	X(app_user,  struct counted, counted_free) \
	X(app_owner, struct counted, counted_free)
#define PLAIN(X) \
	X(plain_a, const int, di_keep) \
	X(plain_b, const int, di_keep)
/* clang-format on */

DI_LOCAL_DECLARE(app, APP);
DI_LOCAL_DEFINE_IN(app, APP, &counting);
DI_LOCAL_DECLARE(plain, PLAIN);
DI_LOCAL_DEFINE_IN(plain, PLAIN, &counting);

static const int numbers[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 };

/* 0: there is none. Only numbers[1] and above are for values. */
DI__UNUSED static int a(void)
{
	return plain_a_get() != NULL ? *plain_a_get() : 0;
}

DI__UNUSED static int b(void)
{
	return plain_b_get() != NULL ? *plain_b_get() : 0;
}

DI__UNUSED static void set_a(int number)
{
	ck_assert_int_eq(plain_a_set(&numbers[number], &error), DI_OK);
}

DI__UNUSED static void set_b(int number)
{
	ck_assert_int_eq(plain_b_set(&numbers[number], &error), DI_OK);
}

DI__UNUSED static void unset_a(void)
{
	ck_assert_int_eq(plain_a_unset(&error), DI_OK);
}

DI__UNUSED static int user(void)
{
	return app_user_get() != NULL ? app_user_get()->number : 0;
}

DI__UNUSED static void set_user(int number)
{
	ck_assert_int_eq(app_user_set(counted_new(number), &error), DI_OK);
}

DI__UNUSED static const char *error_text(void)
{
	static char text[512];

	return di_error_text(&error, text, sizeof(text));
}

DI__UNUSED static void expect_text(const char *text)
{
	ck_assert_str_eq(error_text(), text);
}

static void setup(void)
{
	failing_allocator_init(&memory);
	error.status = DI_OK;
	journal_clear();
}

/* The flow is empty again, and nothing is left of what was in it. */
static void teardown(void)
{
	if (app_user_get() != NULL)
		app_user_unset(&error);
	if (app_owner_get() != NULL)
		app_owner_unset(&error);
	if (plain_a_get() != NULL)
		plain_a_unset(&error);
	if (plain_b_get() != NULL)
		plain_b_unset(&error);
	ck_assert_int_eq(alive, 0);
	failing_allocator_check(&memory);
}

#endif
