/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton,        app_pool,  struct part, (pool_new),            pool_end) \
	X(factory,          app_inner, struct part, (inner_new),           inner_end) \
	X(factory,          app_conn,  struct part, (conn_new, app_inner), conn_end) \
	X(factory,          app_query, struct part, (query_new, app_conn), query_end) \
	X(factory,          app_self,  struct part, (self_new),            self_end) \
	X(singleton,        app_store, struct part, (store_new, app_conn), store_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART(pool)
PART(inner)
PART_OF_1(conn)
PART_OF_1(query)
PART(self)
PART_OF_1(store)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

START_TEST(a_dropped_product_ends_at_once_and_as_done)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *inner = app_inner_get(request, &error);

	expect_ok(di_context_mark(request, DI_FAILED, &error));
	journal_clear();
	expect_ok(app_inner_drop(request, inner, &error));
	journal_expect("ended inner done");
	close_as(request, DI_DONE);
	journal_expect_nothing();
}
END_TEST

START_TEST(products_made_for_it_alone_go_with_it_newest_first)
{
	struct part *query = app_query_get(root, &error);

	journal_clear();
	expect_ok(app_query_drop(root, query, &error));
	journal_expect("ended query done", "ended conn done", "ended inner done");
}
END_TEST

static void ask_for_pool_and_inner(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	ck_assert_ptr_nonnull(app_inner_get(root, &error));
}

START_TEST(products_that_its_constructor_asked_for_go_and_shared_values_stay)
{
	struct part *self;

	parts_on_new("self", ask_for_pool_and_inner);
	self = app_self_get(root, &error);
	journal_clear();
	expect_ok(app_self_drop(root, self, &error));
	journal_expect("ended self done", "ended inner done");
	ck_assert_int_eq(parts_alive("pool"), 1);
}
END_TEST

START_TEST(only_that_product_goes)
{
	struct part *first = app_conn_get(root, &error), *second = app_conn_get(root, &error);
	struct part *third = app_conn_get(root, &error);

	expect_ok(app_conn_drop(root, second, &error));
	ck_assert(first->alive && first->needs[0]->alive);
	ck_assert(!second->alive && !second->needs[0]->alive);
	ck_assert(third->alive && third->needs[0]->alive);
	journal_clear();
	container_free_expect(DI_OK);
	journal_expect("ended conn done", "ended inner done", "ended conn done",
		       "ended inner done");
}
END_TEST

START_TEST(dropped_memory_is_used_again)
{
	unsigned long allocations = 0;
	int i;

	for (i = 0; i < 1000; i++) {
		struct part *query = app_query_get(root, &error);

		expect_ok(app_query_drop(root, query, &error));
		journal_clear();
		if (i == 10)
			allocations = memory.allocations;
	}
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST

START_TEST(a_context_with_open_children_drops_all_the_same)
{
	struct part *conn = app_conn_get(root, &error);
	struct di_context *request = open_in(root, &di_scope_request);

	expect_ok(app_conn_drop(root, conn, &error));
	ck_assert(!conn->alive);
	close_as(request, DI_DONE);
}
END_TEST

/* ---- When it is refused ---- */

START_TEST(a_product_that_a_value_holds_is_busy)
{
	struct part *store = app_store_get(root, &error);

	expect_error(app_conn_drop(root, store->needs[0], &error), DI_EBUSY);
	expect_text("the value was made for app_store");
	ck_assert(store->needs[0]->alive);
}
END_TEST

START_TEST(a_product_is_dropped_once)
{
	struct part *conn = app_conn_get(root, &error);

	expect_ok(app_conn_drop(root, conn, &error));
	expect_error(app_conn_drop(root, conn, &error), DI_EINVAL);
	ck_assert_int_eq(parts_alive("conn"), 0);
}
END_TEST

START_TEST(a_product_is_dropped_in_its_own_context_only)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *conn = app_conn_get(root, &error);

	expect_error(app_conn_drop(request, conn, &error), DI_EINVAL);
	expect_text("no live product of this context");
	close_as(request, DI_DONE);
	expect_ok(app_conn_drop(root, conn, &error));
}
END_TEST

START_TEST(what_no_factory_made_is_no_product)
{
	struct part *inner = app_inner_get(root, &error);

	expect_error(app_conn_drop(root, &fake, &error), DI_EINVAL);
	expect_error(app_conn_drop(root, inner, &error), DI_EINVAL);
	ck_assert(inner->alive);
}
END_TEST

static enum di_status drop_singleton(void *data, struct di_error *err)
{
	return di_context_drop(root, &app_pool, data, err);
}

static enum di_status drop_null(void *data, struct di_error *err)
{
	return app_conn_drop(root, data, err);
}

static enum di_status drop_nowhere(void *data, struct di_error *err)
{
	return app_conn_drop(NULL, data, err);
}

START_TEST(only_products_of_factories_are_dropped)
{
	struct part *pool = app_pool_get(root, &error);

	misuse_expect(drop_singleton, pool, DI_EINVAL, "only products of a factory are dropped");
	misuse_expect(drop_null, NULL, DI_EINVAL, "NULL is no product");
	misuse_expect(drop_nowhere, pool, DI_EINVAL, "there is no context");
	ck_assert(pool->alive);
}
END_TEST

/* clang-format off */
#define OTHER(X) X(factory, other_conn, struct part, (inner_new), inner_end)
/* clang-format on */

DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

static enum di_status drop_foreign(void *data, struct di_error *err)
{
	return other_conn_drop(root, data, err);
}

START_TEST(a_factory_of_another_container_drops_nothing)
{
	struct part *conn = app_conn_get(root, &error);

	misuse_expect(drop_foreign, conn, DI_EINVAL, "it is of the table other");
	ck_assert(conn->alive);
}
END_TEST

START_TEST(a_failing_finalizer_does_not_keep_the_product)
{
	struct part *query = app_query_get(root, &error);

	parts_fail_end("query", EIO, 1);
	parts_fail_end("inner", EPERM, 1);
	journal_clear();
	expect_error(app_query_drop(root, query, &error), DI_EFINALIZE);
	journal_expect("ended badly query", "ended conn done", "ended badly inner");
	ck_assert_str_eq(error.provider, "app_query");
	ck_assert_uint_eq(error.more, 1);
	container_free_expect(DI_OK);
	journal_expect_nothing();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/drop");
	TCase *dropping = tcase_create("dropping"), *refused = tcase_create("refused");

	tcase_add_checked_fixture(dropping, setup, container_end);
	tcase_add_test(dropping, a_dropped_product_ends_at_once_and_as_done);
	tcase_add_test(dropping, products_made_for_it_alone_go_with_it_newest_first);
	tcase_add_test(dropping, products_that_its_constructor_asked_for_go_and_shared_values_stay);
	tcase_add_test(dropping, only_that_product_goes);
	tcase_add_test(dropping, dropped_memory_is_used_again);
	tcase_add_test(dropping, a_context_with_open_children_drops_all_the_same);
	tcase_add_test(dropping, a_failing_finalizer_does_not_keep_the_product);
	suite_add_tcase(suite, dropping);

	tcase_add_checked_fixture(refused, setup, container_end);
	tcase_add_test(refused, a_product_that_a_value_holds_is_busy);
	tcase_add_test(refused, a_product_is_dropped_once);
	tcase_add_test(refused, a_product_is_dropped_in_its_own_context_only);
	tcase_add_test(refused, what_no_factory_made_is_no_product);
	tcase_add_test(refused, only_products_of_factories_are_dropped);
	tcase_add_test(refused, a_factory_of_another_container_drops_nothing);
	suite_add_tcase(suite, refused);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
