/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton, app_pool,  struct part, (pool_new),            pool_end) \
	X(singleton, app_store, struct part, (store_new, app_pool), store_end) \
	X(factory,   app_fresh, struct part, (fresh_new, app_pool), fresh_end) \
	X(singleton, app_user,  struct part, (user_new, app_fresh), user_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(pool)
PART_OF_1(store)
PART_OF_1(fresh)
PART_OF_1(user)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

START_TEST(a_singleton_is_made_on_first_use_and_once)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *store = app_store_get(request, &error);

	journal_expect("created pool", "created store from pool");
	ck_assert_ptr_eq(app_store_get(root, &error), store);
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_eq(app_store_get(request, &error), store);
	close_as(request, DI_DONE);
	journal_expect_nothing();
}
END_TEST

START_TEST(a_singleton_ends_with_its_container)
{
	app_store_get(root, &error);
	journal_clear();
	container_free_expect(DI_OK);
	journal_expect("ended store done", "ended pool done");
}
END_TEST

START_TEST(a_singleton_is_not_made_by_start)
{
	expect_ok(di_container_start(container, &error));
	journal_expect_nothing();
}
END_TEST

START_TEST(a_failed_creation_is_not_kept)
{
	parts_fail_new("store", EIO, 2);
	expect_null(app_store_get(root, &error), DI_ECREATE);
	expect_null(app_store_get(root, &error), DI_ECREATE);
	ck_assert_ptr_nonnull(app_store_get(root, &error));
	journal_expect("created pool", "failed store", "failed store", "created store from pool");
}
END_TEST

START_TEST(a_singleton_holds_its_own_product_of_a_factory)
{
	struct part *user = app_user_get(root, &error);

	journal_clear();
	ck_assert_ptr_eq(app_user_get(root, &error), user);
	ck_assert_ptr_ne(app_fresh_get(root, &error), user->needs[0]);
	journal_expect("created fresh from pool");
	container_free_expect(DI_OK);
	journal_expect("ended fresh done", "ended user done", "ended fresh done",
		       "ended pool done");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("providers/singleton");
	TCase *tcase = tcase_create("singleton");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, a_singleton_is_made_on_first_use_and_once);
	tcase_add_test(tcase, a_singleton_ends_with_its_container);
	tcase_add_test(tcase, a_singleton_is_not_made_by_start);
	tcase_add_test(tcase, a_failed_creation_is_not_kept);
	tcase_add_test(tcase, a_singleton_holds_its_own_product_of_a_factory);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
