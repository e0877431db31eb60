/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton, app_pool,  struct part, (pool_new),             pool_end) \
	X(resource,  app_store, struct part, (store_new, app_pool),  store_end) \
	X(singleton, app_index, struct part, (index_new, app_store), index_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(pool)
PART_OF_1(store)
PART_OF_1(index)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

START_TEST(a_resource_is_made_by_start)
{
	expect_ok(di_container_start(container, &error));
	journal_expect("created pool", "created store from pool");
	ck_assert_ptr_nonnull(app_store_get(root, &error));
	journal_expect_nothing();
}
END_TEST

START_TEST(a_resource_is_made_on_first_use_without_start)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *store = app_store_get(request, &error);

	journal_expect("created pool", "created store from pool");
	ck_assert_ptr_eq(app_store_get(root, &error), store);
	close_as(request, DI_DONE);
	ck_assert(store->alive);
}
END_TEST

START_TEST(a_resource_ends_with_its_container_after_what_was_built_from_it)
{
	expect_ok(di_container_start(container, &error));
	app_index_get(root, &error);
	journal_clear();
	container_free_expect(DI_OK);
	journal_expect("ended index done", "ended store done", "ended pool done");
}
END_TEST

START_TEST(a_resource_is_released_by_a_reset_and_acquired_anew)
{
	expect_ok(di_container_start(container, &error));
	app_index_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_store, &error));
	expect_ok(di_reset(root, &app_store, &error));
	journal_expect("ended index done", "ended store done");
	expect_ok(di_container_start(container, &error));
	journal_expect("created store from pool");
}
END_TEST

START_TEST(a_resource_that_cannot_be_acquired_can_be_tried_again)
{
	parts_fail_new("store", EAGAIN, 1);
	expect_error(di_container_start(container, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, EAGAIN);
	ck_assert_ptr_nonnull(app_index_get(root, &error));
}
END_TEST

START_TEST(an_overridden_resource_is_not_acquired)
{
	expect_ok(app_store_override(root, &fake, &error));
	expect_ok(di_container_start(container, &error));
	ck_assert_ptr_eq(app_store_get(root, &error), &fake);
	container_free_expect(DI_OK);
	journal_expect_nothing();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/resource");
	TCase *tcase = tcase_create("resource");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, a_resource_is_made_by_start);
	tcase_add_test(tcase, a_resource_is_made_on_first_use_without_start);
	tcase_add_test(tcase, a_resource_ends_with_its_container_after_what_was_built_from_it);
	tcase_add_test(tcase, a_resource_is_released_by_a_reset_and_acquired_anew);
	tcase_add_test(tcase, a_resource_that_cannot_be_acquired_can_be_tried_again);
	tcase_add_test(tcase, an_overridden_resource_is_not_acquired);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
