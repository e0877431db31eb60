/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* di_reset(), when it is refused and while it is at it. */

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part, &config) \
	X(singleton,        app_pool,    struct part, (pool_new, app_config),              pool_end) \
	X(singleton,        app_apart,   struct part, (apart_new),                         apart_end) \
	X(factory,          app_conn,    struct part, (conn_new, app_pool),                conn_end) \
	X(singleton,        app_store,   struct part, (store_new, app_conn, app_apart),    store_end) \
	X(singleton,        app_asking,  struct part, (asking_new),                        asking_end) \
	X(state,            app_user,    struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(config)
PART_FAKE(fake)
PART_OF_1(pool)
PART(apart)
PART_OF_1(conn)
PART_OF_2(store)
PART(asking)

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	container_begin(&app, NULL);
}

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
	Suite *suite = suite_create("di/resetting");
	TCase *refused = tcase_create("refused"), *resetting = tcase_create("resetting");

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
