/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,    struct part, (pool_new),               pool_end) \
	X(singleton,        app_unused,  struct part, (unused_new),             unused_end) \
	X(resource,         app_store,   struct part, (store_new, app_pool),    store_end) \
	X(resource,         app_queue,   struct part, (queue_new),              queue_end) \
	X(resource,         app_search,  struct part, (search_new, app_store),  search_end) \
	X(context_resource, app_whole,   struct part, (whole_new),              whole_end, app) \
	X(factory,          app_fresh,   struct part, (fresh_new),              fresh_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(pool)
PART(unused)
PART_OF_1(store)
PART(queue)
PART_OF_1(search)
PART(whole)
PART(fresh)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

START_TEST(start_makes_each_resource_in_the_order_of_the_table_and_what_it_needs)
{
	expect_ok(di_container_start(container, &error));
	journal_expect("created pool", "created store from pool", "created queue",
		       "created search from store");
	container_free_expect(DI_OK);
	journal_expect("ended search done", "ended queue done", "ended store done",
		       "ended pool done");
}
END_TEST

START_TEST(what_is_there_already_is_not_made_again)
{
	app_queue_get(root, &error);
	journal_clear();
	expect_ok(di_container_start(container, &error));
	journal_expect("created pool", "created store from pool", "created search from store");
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
}
END_TEST

START_TEST(start_stops_at_the_first_error_and_unwinds_nothing)
{
	parts_fail_new("queue", EIO, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	journal_expect("created pool", "created store from pool", "failed queue");
	ck_assert_str_eq(error.provider, "app_queue");
	ck_assert_int_eq(error.cause, EIO);
	ck_assert_int_eq(parts_alive("store") + parts_alive("pool"), 2);
}
END_TEST

START_TEST(an_error_of_start_comes_with_its_path)
{
	parts_fail_new("pool", EIO, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	ck_assert_str_eq(error.path, "app_pool <- app_store");
}
END_TEST

START_TEST(start_may_be_called_again_after_an_error)
{
	parts_fail_new("queue", EIO, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	journal_clear();
	expect_ok(di_container_start(container, &error));
	journal_expect("created queue", "created search from store");
}
END_TEST

START_TEST(a_container_whose_start_failed_is_freed_as_any_other)
{
	parts_fail_new("queue", EIO, 1);
	ck_assert_int_eq(di_container_start(container, NULL), DI_ECREATE);
	journal_clear();
	container_free_expect(DI_OK);
	journal_expect("ended store done", "ended pool done");
}
END_TEST

START_TEST(what_is_overridden_in_the_root_is_skipped)
{
	expect_ok(app_store_override(root, &fake, &error));
	expect_ok(di_container_start(container, &error));
	journal_expect("created queue", "created search from fake");
}
END_TEST

static enum di_status start_nothing(void *data, struct di_error *err)
{
	return di_container_start(data, err);
}

START_TEST(start_needs_a_container)
{
	misuse_expect(start_nothing, NULL, DI_EINVAL, "there is no container to start");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/start");
	TCase *tcase = tcase_create("start");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase,
		       start_makes_each_resource_in_the_order_of_the_table_and_what_it_needs);
	tcase_add_test(tcase, what_is_there_already_is_not_made_again);
	tcase_add_test(tcase, start_stops_at_the_first_error_and_unwinds_nothing);
	tcase_add_test(tcase, an_error_of_start_comes_with_its_path);
	tcase_add_test(tcase, start_may_be_called_again_after_an_error);
	tcase_add_test(tcase, a_container_whose_start_failed_is_freed_as_any_other);
	tcase_add_test(tcase, what_is_overridden_in_the_root_is_skipped);
	tcase_add_test(tcase, start_needs_a_container);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
