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

/* ---- When it is refused ---- */

START_TEST(a_context_with_an_open_child_is_busy)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_pool_get(root, &error);
	expect_error(di_reset(root, &app_pool, &error), DI_EBUSY);
	ck_assert_int_eq(parts_alive("pool"), 1);
	close_as(request, DI_DONE);
	expect_ok(di_reset(root, &app_pool, &error));
}
END_TEST

static void reset_in_vain(struct part *part)
{
	(void)part;
	expect_error(di_reset(root, &app_apart, &error), DI_EBUSY);
}

START_TEST(a_context_in_which_something_is_made_is_busy)
{
	app_apart_get(root, &error);
	parts_on_new("pool", reset_in_vain);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	ck_assert_int_eq(parts_alive("apart"), 1);
}
END_TEST

static enum di_status reset_pool(void *data, struct di_error *err)
{
	return di_reset(data, &app_pool, err);
}

static enum di_status reset_object(void *data, struct di_error *err)
{
	return di_reset(data, &app_config, err);
}

static enum di_status reset_state(void *data, struct di_error *err)
{
	return di_reset(data, &app_user, err);
}

static enum di_status reset_nothing(void *data, struct di_error *err)
{
	return di_reset(data, NULL, err);
}

START_TEST(a_value_is_reset_at_its_home_only)
{
	struct di_context *request = open_in(root, &di_scope_request);

	app_pool_get(root, &error);
	misuse_expect(reset_pool, request, DI_EINVAL, "lives in the context of scope app");
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("pool"), 1);
}
END_TEST

START_TEST(what_is_given_is_not_reset)
{
	struct di_context *request = open_in(root, &di_scope_request);

	misuse_expect(reset_object, root, DI_EINVAL, "it is given, not made");
	misuse_expect(reset_state, request, DI_EINVAL, "it is given, not made");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(what_is_overridden_here_is_not_reset)
{
	expect_ok(app_pool_override(root, &fake, &error));
	expect_error(di_reset(root, &app_pool, &error), DI_EINVAL);
	expect_text("it is overridden here");
	ck_assert_ptr_eq(app_pool_get(root, &error), &fake);
}
END_TEST

/* clang-format off */
#define OTHER(X) X(singleton, other_pool, struct part, (apart_new), apart_end)
/* clang-format on */

DI_CONTAINER_DECLARE(other, OTHER);
DI_CONTAINER_DEFINE(other, OTHER);

static enum di_status reset_foreign(void *data, struct di_error *err)
{
	return di_reset(data, &other_pool, err);
}

START_TEST(a_reset_needs_a_context_and_a_provider_of_its_container)
{
	misuse_expect(reset_pool, NULL, DI_EINVAL, "there is no context");
	misuse_expect(reset_nothing, root, DI_EINVAL, "there is no provider");
	misuse_expect(reset_foreign, root, DI_EINVAL, "it is of the table other");
}
END_TEST

/* ---- While resetting ---- */

static void use_while_resetting(struct part *part)
{
	(void)part;
	ck_assert(app_pool_get(root, &error)->alive);
	ck_assert(app_apart_get(root, &error)->alive);
	expect_null(app_store_get(root, &error), DI_EBUSY);
	expect_null(app_asking_get(root, &error), DI_EBUSY);
	expect_null(di_context_open(root, &di_scope_request, &error), DI_EBUSY);
	expect_error(di_reset(root, &app_apart, &error), DI_EBUSY);
	expect_error(app_asking_override(root, &fake, &error), DI_EBUSY);
}

START_TEST(live_values_resolve_while_resetting_and_nothing_is_made)
{
	app_apart_get(root, &error);
	app_store_get(root, &error);
	parts_on_end("store", use_while_resetting);
	journal_clear();
	expect_ok(di_reset(root, &app_pool, &error));
	journal_expect("ended store done", "ended conn done", "ended pool done");
}
END_TEST

START_TEST(failing_finalizers_are_counted_and_the_context_stays_usable)
{
	app_store_get(root, &error);
	parts_fail_end("conn", EIO, 1);
	parts_fail_end("pool", EPERM, 1);
	journal_clear();
	expect_error(di_reset(root, &app_pool, &error), DI_EFINALIZE);
	ck_assert_str_eq(error.provider, "app_conn");
	ck_assert_int_eq(error.cause, EIO);
	ck_assert_uint_eq(error.more, 1);
	journal_expect("ended store done", "ended badly conn", "ended badly pool");
	ck_assert_ptr_nonnull(app_store_get(root, &error));
	expect_ok(di_reset(root, &app_pool, &error));
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/reset");
	TCase *marked = tcase_create("marked"), *refused = tcase_create("refused");
	TCase *resetting = tcase_create("resetting");

	tcase_add_checked_fixture(marked, setup, container_end);
	tcase_add_test(marked, a_reset_value_is_torn_down_and_made_anew_by_the_next_resolve);
	tcase_add_test(marked, what_was_built_from_it_goes_first_and_the_rest_stays);
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
	suite_add_tcase(suite, marked);

	tcase_add_checked_fixture(refused, setup, container_end);
	tcase_add_test(refused, a_context_with_an_open_child_is_busy);
	tcase_add_test(refused, a_context_in_which_something_is_made_is_busy);
	tcase_add_test(refused, a_value_is_reset_at_its_home_only);
	tcase_add_test(refused, what_is_given_is_not_reset);
	tcase_add_test(refused, what_is_overridden_here_is_not_reset);
	tcase_add_test(refused, a_reset_needs_a_context_and_a_provider_of_its_container);
	suite_add_tcase(suite, refused);

	tcase_add_checked_fixture(resetting, setup, container_end);
	tcase_add_test(resetting, live_values_resolve_while_resetting_and_nothing_is_made);
	tcase_add_test(resetting, failing_finalizers_are_counted_and_the_context_stays_usable);
	suite_add_tcase(suite, resetting);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
