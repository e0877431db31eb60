/* SPDX-License-Identifier: MIT */
#include "tests/di/local_app.h"
#include "tests/support/threads.h"

/* Context-local values by field, in one flow and in several threads. */

/* ---- Set, get, unset ---- */

START_TEST(a_value_is_set_got_and_unset)
{
	ck_assert_ptr_null(plain_a_get());
	set_a(1);
	ck_assert_int_eq(a(), 1);
	set_a(2);
	ck_assert_int_eq(a(), 2);
	unset_a();
	ck_assert_ptr_null(plain_a_get());
}
END_TEST

START_TEST(what_is_not_set_has_a_default_or_is_an_error)
{
	ck_assert_ptr_eq(plain_a_get_or(&numbers[7]), &numbers[7]);
	ck_assert_ptr_null(plain_a_require(&error));
	ck_assert_int_eq(error.status, DI_ENOVALUE);
	expect_text("no value was provided: plain_a of plain is not set in this flow");
	set_a(1);
	ck_assert_ptr_eq(plain_a_get_or(&numbers[7]), &numbers[1]);
	ck_assert_ptr_eq(plain_a_require(&error), &numbers[1]);
}
END_TEST

START_TEST(unsetting_what_is_not_set_is_an_error)
{
	ck_assert_int_eq(plain_a_unset(&error), DI_ENOVALUE);
	expect_text("no value was provided: plain_a of plain is not set in this flow");
	set_a(1);
	unset_a();
	ck_assert_int_eq(plain_a_unset(&error), DI_ENOVALUE);
}
END_TEST

START_TEST(a_value_may_be_zero)
{
	ck_assert_int_eq(plain_a_set(&numbers[0], &error), DI_OK);
	ck_assert_ptr_eq(plain_a_get(), &numbers[0]);
	unset_a();
}
END_TEST

static enum di_status set_nothing(void *data, struct di_error *err)
{
	(void)data;
	return plain_a_set(NULL, err);
}

START_TEST(NULL_is_no_value)
{
	misuse_expect(set_nothing, NULL, DI_ENULL, "plain_a of plain needs a value");
}
END_TEST

START_TEST(fields_do_not_meet)
{
	set_a(1);
	set_b(2);
	unset_a();
	ck_assert_int_eq(a(), 0);
	ck_assert_int_eq(b(), 2);
}
END_TEST

/* The same fields by number in another namespace. */
START_TEST(namespaces_do_not_meet)
{
	set_a(1);
	set_user(2);
	unset_a();
	ck_assert_int_eq(user(), 2);
	set_a(3);
	ck_assert_int_eq(app_user_unset(&error), DI_OK);
	ck_assert_int_eq(a(), 3);
}
END_TEST

/* More than one node of the map has places for. */
/* clang-format off */
#define WIDE(X) \
	X(w0, const int, di_keep) X(w1, const int, di_keep) X(w2, const int, di_keep) \
	X(w3, const int, di_keep) X(w4, const int, di_keep) X(w5, const int, di_keep) \
	X(w6, const int, di_keep) X(w7, const int, di_keep) X(w8, const int, di_keep) \
	X(w9, const int, di_keep)
/* clang-format on */

DI_LOCAL_DECLARE(wide, WIDE);
DI_LOCAL_DEFINE_IN(wide, WIDE, &counting);

START_TEST(a_namespace_has_as_many_fields_as_one_likes)
{
	uint32_t i;

	for (i = 0; i < 10; i++)
		ck_assert_int_eq(di_local_set(&wide, i, &numbers[i], &error), DI_OK);
	ck_assert_ptr_eq(w0_get(), &numbers[0]);
	ck_assert_ptr_eq(w1_get(), &numbers[1]);
	ck_assert_ptr_eq(w8_get(), &numbers[8]);
	ck_assert_ptr_eq(w9_get(), &numbers[9]);
	for (i = 0; i < 10; i++) {
		ck_assert_ptr_eq(di_local_get(&wide, i), &numbers[i]);
		ck_assert_int_eq(di_local_unset(&wide, i, &error), DI_OK);
		ck_assert_ptr_null(di_local_get(&wide, i));
	}
}
END_TEST

static enum di_status set_beyond(void *data, struct di_error *err)
{
	(void)data;
	return di_local_set(&plain, 2, &numbers[1], err);
}

static enum di_status set_nowhere(void *data, struct di_error *err)
{
	(void)data;
	return di_local_set(NULL, 0, &numbers[1], err);
}

START_TEST(strange_fields_are_refused)
{
	misuse_expect(set_beyond, NULL, DI_EINVAL, "the namespace plain has no field of number 2");
	misuse_expect(set_nowhere, NULL, DI_EINVAL, "there is no namespace");
}
END_TEST

static const struct di_local of_another_abi = { DI_ABI + 1, 2, "old", plain__fields, NULL };

START_TEST(a_namespace_of_other_headers_is_refused)
{
	ck_assert_int_eq(di_local_set(&of_another_abi, 0, &numbers[1], &error), DI_EABI);
	expect_text("compiled against other headers of di: the namespace old");
	ck_assert_ptr_null(di_generator_new(&of_another_abi, DI_AT_CREATION, NULL, NULL, &error));
	ck_assert_int_eq(error.status, DI_EABI);
}
END_TEST

/* ---- Listing ---- */

static void list(void *data, const char *name, const struct di_type *type, const void *value)
{
	(void)data;
	journal_write("%s (%s) %d", name, type->name, *(const int *)value);
}

START_TEST(what_is_set_is_listed)
{
	set_b(2);
	set_a(1);
	ck_assert_uint_eq(di_local_each(&plain, list, NULL), 2);
	journal_expect("plain_a (const int) 1", "plain_b (const int) 2");
	unset_a();
	ck_assert_uint_eq(di_local_each(&plain, list, NULL), 1);
	journal_expect("plain_b (const int) 2");
	ck_assert_uint_eq(di_local_each(&app, list, NULL), 0);
	journal_expect_nothing();
}
END_TEST

static void set_while_listing(void *data, const char *name, const struct di_type *type,
			      const void *value)
{
	(void)type;
	journal_write("%s %d", name, ((const struct counted *)value)->number);
	set_user(8);
	ck_assert_int_eq(app_owner_set(counted_new(9), &error), DI_OK);
	(*(int *)data)++;
}

START_TEST(listing_is_of_the_values_at_its_beginning)
{
	int calls = 0;

	set_user(1);
	ck_assert_int_eq(app_owner_set(counted_new(2), &error), DI_OK);
	ck_assert_uint_eq(di_local_each(&app, set_while_listing, &calls), 2);
	ck_assert_int_eq(calls, 2);
	journal_expect("app_user 1", "app_owner 2");
	ck_assert_int_eq(user(), 8);
	ck_assert_int_eq(alive, 2);
}
END_TEST

/* ---- Ends ---- */

START_TEST(a_value_ends_when_it_is_replaced_or_unset)
{
	set_user(1);
	set_user(2);
	ck_assert_int_eq(alive, 1);
	ck_assert_int_eq(app_user_unset(&error), DI_OK);
	ck_assert_int_eq(alive, 0);
}
END_TEST

static int from_an_end;

static void set_at_end(int *number)
{
	from_an_end = *number;
	if (*number == 1)
		set_b(3);
}

#define ENDED(X) X(ended_value, int, set_at_end)

DI_LOCAL_DECLARE(ended, ENDED);
DI_LOCAL_DEFINE_IN(ended, ENDED, &counting);

START_TEST(a_destructor_may_set_values)
{
	int one = 1, two = 2;

	ck_assert_int_eq(ended_value_set(&one, &error), DI_OK);
	ck_assert_int_eq(ended_value_set(&two, &error), DI_OK);
	ck_assert_int_eq(from_an_end, 1);
	ck_assert_int_eq(b(), 3);
	ck_assert_int_eq(ended_value_unset(&error), DI_OK);
	ck_assert_int_eq(from_an_end, 2);
}
END_TEST

/* ---- Threads ---- */

static void *look(void *data)
{
	int *found = data;

	found[0] = plain_a_get() != NULL;
	found[1] = (int)di_local_each(&plain, NULL, NULL);
	plain_a_set(&numbers[5], NULL);
	return NULL;
}

START_TEST(a_new_thread_starts_with_nothing_and_disturbs_nothing)
{
	int found[2] = { -1, -1 };

	set_a(1);
	thread_join(thread_start(look, found, 0));
	ck_assert_int_eq(found[0], 0);
	ck_assert_int_eq(found[1], 0);
	ck_assert_int_eq(a(), 1);
}
END_TEST

enum {
	CROWD = 8,
	ROUNDS = 200
};

static void count_up(int number, void *data)
{
	int *wrong = data, i;

	for (i = 0; i < ROUNDS; i++) {
		struct counted *mine = malloc(sizeof(*mine));

		__atomic_fetch_add(&alive, 1, __ATOMIC_RELAXED);
		mine->number = number * ROUNDS + i;
		if (app_user_set(mine, NULL) != DI_OK || user() != number * ROUNDS + i)
			__atomic_fetch_add(wrong, 1, __ATOMIC_RELAXED);
	}
}

START_TEST(threads_at_once_have_values_of_their_own_which_end_with_them)
{
	int wrong = 0;

	set_user(1);
	crowd_run(CROWD, count_up, &wrong);
	ck_assert_int_eq(wrong, 0);
	ck_assert_int_eq(user(), 1);
	ck_assert_int_eq(alive, 1);
}
END_TEST

static void *end_inside(void *data)
{
	struct di_local_block block;
	struct di_local_undo undo;

	set_user(1);
	ck_assert_int_eq(di_local_begin(&app, &block, data), DI_OK);
	set_user(2);
	ck_assert_int_eq(app_user_set_until(counted_new(3), &undo, data), DI_OK);
	pthread_exit(NULL);
}

START_TEST(a_thread_that_ends_in_a_block_gives_up_everything)
{
	thread_join(thread_start(end_inside, &error, 0));
	ck_assert_int_eq(alive, 0);
}
END_TEST

/* The value that ends sets another one, at the end of the thread. */
static void again(struct counted *it)
{
	if (it->number > 0)
		set_user(it->number - 1);
	counted_free(it);
}

#define LATE(X) X(late_value, struct counted, again)

DI_LOCAL_DECLARE(late, LATE);
DI_LOCAL_DEFINE_IN(late, LATE, &counting);

static void *set_late(void *data)
{
	ck_assert_int_eq(late_value_set(counted_new(5), data), DI_OK);
	return NULL;
}

START_TEST(what_a_destructor_sets_at_the_end_of_a_thread_ends_too)
{
	thread_join(thread_start(set_late, &error, 0));
	ck_assert_int_eq(alive, 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/local");
	TCase *values = tcase_create("values");
	TCase *listing = tcase_create("listing");
	TCase *ends = tcase_create("ends");
	TCase *threads = tcase_create("threads");

	tcase_add_checked_fixture(values, setup, teardown);
	tcase_add_test(values, a_value_is_set_got_and_unset);
	tcase_add_test(values, what_is_not_set_has_a_default_or_is_an_error);
	tcase_add_test(values, unsetting_what_is_not_set_is_an_error);
	tcase_add_test(values, a_value_may_be_zero);
	tcase_add_test(values, NULL_is_no_value);
	tcase_add_test(values, fields_do_not_meet);
	tcase_add_test(values, namespaces_do_not_meet);
	tcase_add_test(values, a_namespace_has_as_many_fields_as_one_likes);
	tcase_add_test(values, strange_fields_are_refused);
	tcase_add_test(values, a_namespace_of_other_headers_is_refused);
	tcase_add_checked_fixture(listing, setup, teardown);
	tcase_add_test(listing, what_is_set_is_listed);
	tcase_add_test(listing, listing_is_of_the_values_at_its_beginning);
	tcase_add_checked_fixture(ends, setup, teardown);
	tcase_add_test(ends, a_value_ends_when_it_is_replaced_or_unset);
	tcase_add_test(ends, a_destructor_may_set_values);
	tcase_add_checked_fixture(threads, setup, teardown);
	tcase_add_test(threads, a_new_thread_starts_with_nothing_and_disturbs_nothing);
	tcase_add_test(threads, threads_at_once_have_values_of_their_own_which_end_with_them);
	tcase_add_test(threads, a_thread_that_ends_in_a_block_gives_up_everything);
	tcase_add_test(threads, what_a_destructor_sets_at_the_end_of_a_thread_ends_too);
	suite_add_tcase(all, values);
	suite_add_tcase(all, listing);
	suite_add_tcase(all, ends);
	suite_add_tcase(all, threads);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
