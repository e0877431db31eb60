/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton,       app_config, struct part, (config_new),             config_end) \
	X(async_singleton, app_pool,   struct part, (pool_new, app_config),   pool_end) \
	X(async_singleton, app_store,  struct part, (store_new, app_pool),    store_end) \
	X(singleton,       app_index,  struct part, (index_new, app_store),   index_end) \
	X(async_singleton, app_plain,  struct part, (plain_new, app_config),  plain_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(config)
PART_FAKE(fake)
PART_OF_1(index)

LATER_OF_1(pool, app_pool)
LATER_OF_1(store, app_store)

PART_END(plain)

static int plain_new(struct di_call *call, struct part *config)
{
	return later_new(call, app_plain_complete, "plain", (struct part *const[]){ config, NULL });
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
}

START_TEST(a_value_that_completes_later_is_called_back)
{
	struct answer answer = { 0 };

	ck_assert(app_pool_get_async(root, answer_take, &answer, &error).number != 0);
	ck_assert_int_eq(answer.times, 0);
	journal_expect("created config", "began pool");
	later_run();
	answer_expect(&answer, DI_OK);
	journal_expect("created pool from config");
	ck_assert_ptr_eq(app_pool_get(root, &error), answer.part);
}
END_TEST

START_TEST(needs_are_made_before)
{
	struct answer answer = { 0 };

	di_get_async(root, &app_index, answer_take_any, &answer, &error);
	ck_assert_int_eq(later_run(), 2);
	answer_expect(&answer, DI_OK);
	journal_expect("created config", "began pool", "created pool from config", "began store",
		       "created store from pool", "created index from store");
	ck_assert_ptr_eq(app_index_get(root, &error), answer.part);
}
END_TEST

START_TEST(what_is_not_there_is_not_made_synchronously)
{
	expect_null(app_index_get(root, &error), DI_EAGAIN);
	expect_text("app_store_get_async");
	expect_text("(app_store <- app_index)");
	journal_expect_nothing();
}
END_TEST

START_TEST(an_override_is_seen_synchronously)
{
	expect_ok(app_store_override(root, &fake, &error));
	ck_assert_ptr_nonnull(app_index_get(root, &error));
	journal_expect("created index from fake");
}
END_TEST

START_TEST(a_failure_is_called_back_with_its_path)
{
	struct answer answer = { 0 };

	parts_fail_new("pool", ECONNREFUSED, 1);
	di_get_async(root, &app_index, answer_take_any, &answer, &error);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "(app_pool <- app_store <- app_index)");
}
END_TEST

START_TEST(with_a_plain_finalizer_it_ends_in_plain_code)
{
	struct answer answer = { 0 };

	app_plain_get_async(root, answer_take, &answer, &error);
	later_run();
	expect_ok(di_reset(root, &app_plain, &error));
	expect_null(app_plain_get(root, &error), DI_EAGAIN);
	app_plain_get_async(root, answer_take, &answer, &error);
	later_run();
	container_free_expect(DI_OK);
	journal_expect("created config", "began plain", "created plain from config",
		       "ended plain done", "began plain", "created plain from config",
		       "ended plain done", "ended config done");
}
END_TEST

START_TEST(an_override_gives_way_to_none_that_is_being_made)
{
	struct answer answer = { 0 };

	app_store_get_async(root, answer_take, &answer, &error);
	expect_error(app_store_override(root, &fake, &error), DI_EBUSY);
	later_run();
	answer_expect(&answer, DI_OK);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/async_singleton");
	TCase *tcase = tcase_create("async_singleton");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, a_value_that_completes_later_is_called_back);
	tcase_add_test(tcase, needs_are_made_before);
	tcase_add_test(tcase, what_is_not_there_is_not_made_synchronously);
	tcase_add_test(tcase, an_override_is_seen_synchronously);
	tcase_add_test(tcase, a_failure_is_called_back_with_its_path);
	tcase_add_test(tcase, with_a_plain_finalizer_it_ends_in_plain_code);
	tcase_add_test(tcase, an_override_gives_way_to_none_that_is_being_made);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
