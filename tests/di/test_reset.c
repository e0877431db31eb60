/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

struct settings {
	int size;
	struct part *by;
};

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part,     &config) \
	X(singleton,        app_pool,    struct part,     (pool_new, app_config),              pool_end) \
	X(singleton,        app_options, struct settings, DI_INIT(options_init, app_pool),     options_end) \
	X(singleton,        app_sized,   struct part,     (sized_new, DI_FIELD(app_options, size)), sized_end) \
	X(singleton,        app_apart,   struct part,     (apart_new),                         apart_end) \
	X(factory,          app_conn,    struct part,     (conn_new, app_pool),                conn_end) \
	X(singleton,        app_store,   struct part,     (store_new, app_conn, app_apart),    store_end) \
	X(singleton,        app_top,     struct part,     (top_new, app_store, app_sized),     top_end) \
	X(singleton,        app_asking,  struct part,     (asking_new),                        asking_end) \
	X(context_resource, app_session, struct part,     (session_new, app_store),            session_end, request) \
	X(context_resource, app_cart,    struct part,     (cart_new, app_session),             cart_end,    request) \
	X(state,            app_user,    struct part,     request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(config)
PART_FAKE(fake)
PART_OF_1(pool)
PART(apart)
PART_OF_1(conn)
PART_OF_2(store)
PART_OF_2(top)
PART(asking)
PART_OF_1(session)
PART_OF_1(cart)
PART_END(sized)

static int options_init(struct settings *self, struct part *pool)
{
	self->size = 7;
	return part_new(&self->by, "options", (struct part *const[]){ pool, NULL });
}

static int options_end(struct settings *self, enum di_outcome outcome)
{
	return part_end(self->by, outcome);
}

static int sized_new(struct part **out, int size)
{
	ck_assert_int_eq(size, 7);
	return part_new(out, "sized", (struct part *const[]){ NULL });
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

/* ---- What goes and what stays ---- */

START_TEST(a_reset_value_is_torn_down_and_made_anew_by_the_next_resolve)
{
	struct part *pool = app_pool_get(root, &error);

	journal_clear();
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended pool done");
	ck_assert_ptr_ne(app_pool_get(root, &error), pool);
	journal_expect("created pool from config");
	container_free_expect(DI_OK);
	journal_expect("ended pool done");
}
END_TEST

START_TEST(what_was_built_from_it_goes_first_and_the_rest_stays)
{
	struct part *apart = app_apart_get(root, &error);

	app_store_get(root, &error);
	app_sized_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended sized done", "ended options done", "ended store done",
		       "ended conn done", "ended pool done");
	ck_assert_ptr_eq(app_apart_get(root, &error), apart);
	ck_assert(apart->alive);
	ck_assert_ptr_nonnull(app_store_get(root, &error));
	journal_expect("created pool from config", "created conn from pool",
		       "created store from conn apart");
}
END_TEST

START_TEST(both_sides_of_a_diamond_end_before_what_they_share_and_after_what_shares_them)
{
	app_top_get(root, &error);
	journal_expect("created pool from config", "created conn from pool", "created apart",
		       "created store from conn apart", "created options from pool",
		       "created sized", "created top from store sized");
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended top done", "ended sized done", "ended options done",
		       "ended store done", "ended conn done", "ended pool done");
}
END_TEST

START_TEST(a_leaf_goes_alone_with_the_products_made_for_it)
{
	struct part *pool = app_pool_get(root, &error);

	app_store_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_store, &error));
	journal_expect("ended store done", "ended conn done");
	ck_assert_ptr_eq(app_pool_get(root, &error), pool);
	ck_assert_int_eq(parts_alive("apart"), 1);
}
END_TEST

START_TEST(products_that_were_asked_for_go_with_what_they_were_built_from)
{
	struct part *conn = app_conn_get(root, &error);

	app_apart_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_apart, &error));
	journal_expect("ended apart done");
	ck_assert(conn->alive);
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended conn done", "ended pool done");
}
END_TEST

START_TEST(resetting_a_factory_ends_its_products_and_what_holds_them)
{
	app_conn_get(root, &error);
	app_store_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_conn, &error));
	journal_expect("ended store done", "ended conn done", "ended conn done");
	ck_assert_int_eq(parts_alive("pool") + parts_alive("apart"), 2);
}
END_TEST

static void ask_for_pool(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
}

START_TEST(what_a_constructor_resolved_itself_counts)
{
	parts_on_new("asking", ask_for_pool);
	app_pool_get(root, &error);
	app_asking_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended asking done", "ended pool done");
}
END_TEST

static void ask_for_conn(struct part *part)
{
	(void)part;
	ck_assert_ptr_nonnull(app_conn_get(root, &error));
}

START_TEST(a_product_that_a_constructor_resolved_itself_counts)
{
	parts_on_new("asking", ask_for_conn);
	app_asking_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended asking done", "ended conn done", "ended pool done");
}
END_TEST

static void ask_from_a_nested_context(struct part *part)
{
	struct di_context *inner = open_in(root, &di_scope_inject);

	(void)part;
	ck_assert_ptr_nonnull(app_pool_get(inner, &error));
	close_as(inner, DI_DONE);
}

START_TEST(what_a_constructor_resolved_from_a_context_of_its_own_counts)
{
	parts_on_new("asking", ask_from_a_nested_context);
	app_pool_get(root, &error);
	app_asking_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended asking done", "ended pool done");
}
END_TEST

START_TEST(a_value_that_stands_for_another_counts_as_it)
{
	expect_ok(di_override_with(root, &app_pool, &app_apart, &error));
	app_conn_get(root, &error);
	journal_expect("created apart", "created conn from apart");
	expect_ok(di_reset(root, &app_apart, &error));
	journal_expect("ended conn done", "ended apart done");
}
END_TEST

static int write_deferred(void *data, enum di_outcome outcome)
{
	(void)data;
	journal_write("deferred %s", di_outcome_text(outcome));
	return 0;
}

START_TEST(deferred_calls_stay)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	expect_ok(di_context_defer(request, write_deferred, NULL, &error));
	app_cart_get(request, &error);
	journal_clear();
	expect_ok(di_reset(request, &app_session, &error));
	journal_expect("ended cart done", "ended session done");
	close_as(request, DI_DONE);
	journal_expect("deferred done");
}
END_TEST

START_TEST(nothing_alive_is_no_error)
{
	expect_ok(di_reset(root, &app_pool, &error));
	expect_ok(di_reset(root, &app_conn, &error));
	journal_expect_nothing();
}
END_TEST

START_TEST(the_outcome_is_done_whatever_the_mark)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_session_get(request, &error);
	expect_ok(di_context_mark(request, DI_CANCELLED, &error));
	journal_clear();
	expect_ok(di_reset(request, &app_session, &error));
	journal_expect("ended session done");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(the_order_of_what_stays_is_kept)
{
	app_apart_get(root, &error);
	app_pool_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_apart, &error));
	app_apart_get(root, &error);
	container_free_expect(DI_OK);
	journal_expect("ended apart done", "created apart", "ended apart done", "ended pool done");
}
END_TEST

START_TEST(values_built_from_an_override_are_reset_where_they_live)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *outer = app_store_get(root, &error);

	expect_ok(app_config_override(request, &fake, &error));
	app_session_get(request, &error);
	journal_clear();
	expect_ok(di_reset(request, &app_pool, &error));
	journal_expect("ended session done", "ended store done", "ended conn done",
		       "ended pool done");
	ck_assert(outer->alive);
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(what_was_built_from_a_fake_is_made_anew_from_it)
{
	expect_ok(app_pool_override(root, &fake, &error));
	app_store_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_store, &error));
	journal_expect("ended store done", "ended conn done");
	app_store_get(root, &error);
	journal_expect("created conn from fake", "created store from conn apart");
	ck_assert_ptr_eq(app_pool_get(root, &error), &fake);
}
END_TEST

START_TEST(what_was_built_from_a_fake_is_not_built_from_what_the_fake_stands_for)
{
	struct settings settings = { 7, NULL };
	struct part *top;

	expect_ok(app_store_override(root, &fake, &error));
	expect_ok(app_options_override(root, &settings, &error));
	top = app_top_get(root, &error);
	app_pool_get(root, &error);
	app_apart_get(root, &error);
	journal_clear();
	expect_ok(di_reset(root, &app_pool, &error));
	expect_ok(di_reset(root, &app_apart, &error));
	journal_expect("ended pool done", "ended apart done");
	ck_assert_ptr_eq(app_top_get(root, &error), top);
	container_free_expect(DI_OK);
}
END_TEST

/* ---- Again and again ---- */

START_TEST(resetting_and_making_anew_takes_no_more_memory)
{
	int i, rounds = di_check_quick() ? 300 : 3000;
	unsigned long allocations = 0;

	parts_on_new("asking", ask_for_pool);
	for (i = 0; i < rounds; i++) {
		int all = i % 30 == 0;

		ck_assert_ptr_nonnull(app_asking_get(root, &error));
		if (all)
			ck_assert_ptr_nonnull(app_top_get(root, &error));
		expect_ok(di_reset(root, all ? &app_pool : &app_asking, &error));
		journal_clear();
		if (i == 30)
			allocations = memory.allocations;
	}
	ck_assert_uint_eq(memory.allocations, allocations);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/reset");
	TCase *marked = tcase_create("marked");

	tcase_add_checked_fixture(marked, setup, container_end);
	tcase_add_test(marked, a_reset_value_is_torn_down_and_made_anew_by_the_next_resolve);
	tcase_add_test(marked, what_was_built_from_it_goes_first_and_the_rest_stays);
	tcase_add_test(
		marked,
		both_sides_of_a_diamond_end_before_what_they_share_and_after_what_shares_them);
	tcase_add_test(marked, a_leaf_goes_alone_with_the_products_made_for_it);
	tcase_add_test(marked, products_that_were_asked_for_go_with_what_they_were_built_from);
	tcase_add_test(marked, resetting_a_factory_ends_its_products_and_what_holds_them);
	tcase_add_test(marked, what_a_constructor_resolved_itself_counts);
	tcase_add_test(marked, a_product_that_a_constructor_resolved_itself_counts);
	tcase_add_test(marked, what_a_constructor_resolved_from_a_context_of_its_own_counts);
	tcase_add_test(marked, a_value_that_stands_for_another_counts_as_it);
	tcase_add_test(marked, deferred_calls_stay);
	tcase_add_test(marked, nothing_alive_is_no_error);
	tcase_add_test(marked, the_outcome_is_done_whatever_the_mark);
	tcase_add_test(marked, the_order_of_what_stays_is_kept);
	tcase_add_test(marked, values_built_from_an_override_are_reset_where_they_live);
	tcase_add_test(marked, what_was_built_from_a_fake_is_made_anew_from_it);
	tcase_add_test(marked,
		       what_was_built_from_a_fake_is_not_built_from_what_the_fake_stands_for);
	tcase_add_test(marked, resetting_and_making_anew_takes_no_more_memory);
	suite_add_tcase(suite, marked);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
