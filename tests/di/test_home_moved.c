/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

/* Where values live that are built from something overridden, or begun afresh, further in. */

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part, &config) \
	X(singleton,        app_pool,    struct part, (pool_new, app_config),               pool_end) \
	X(resource,         app_store,   struct part, (store_new, app_pool),                store_end) \
	X(singleton,        app_apart,   struct part, (apart_new),                          apart_end) \
	X(context_resource, app_session, struct part, (session_new, app_store),             session_end, request) \
	X(context_resource, app_call,    struct part, (call_new, app_session),              call_end,    inject) \
	X(context_resource, app_whole,   struct part, (whole_new),                          whole_end,   app) \
	X(singleton,        app_board,   struct part, (board_new, app_whole),               board_end) \
	X(context_resource, app_chat,    struct part, (chat_new, app_board),                chat_end,    request) \
	X(factory,          app_fresh,   struct part, (fresh_new),                          fresh_end) \
	X(singleton,        app_holder,  struct part, (holder_new, app_fresh),              holder_end) \
	X(factory,          app_query,   struct part, (query_new, app_session, app_fresh),  query_end)
/* clang-format on */

PART_FAKE(config)
PART_FAKE(fake)
PART_OF_1(pool)
PART_OF_1(store)
PART(apart)
PART_OF_1(session)
PART_OF_1(call)
PART(whole)
PART_OF_1(board)
PART_OF_1(chat)
PART(fresh)
PART_OF_1(holder)
PART_OF_2(query)

DI_CONTAINER_DECLARE(app, APP);

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request, *inject;

static void setup(void)
{
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	inject = open_in(request, &di_scope_inject);
}

/* Closes both contexts and the container and compares what ended in each. */
#define expect_ends_in_inject(...) (close_as(inject, DI_DONE), journal_expect(__VA_ARGS__))
#define expect_ends_in_request(...) (close_as(request, DI_DONE), journal_expect(__VA_ARGS__))
#define expect_ends_in_root(...) (container_free_expect(DI_OK), journal_expect(__VA_ARGS__))
#define expect_nothing_ends_in_inject() (close_as(inject, DI_DONE), journal_expect_nothing())
#define expect_nothing_ends_in_request() (close_as(request, DI_DONE), journal_expect_nothing())

/* ---- Overriding ---- */

START_TEST(what_is_built_from_an_override_lives_where_it_was_overridden)
{
	struct part *outer = app_store_get(root, &error);

	close_as(inject, DI_DONE);
	expect_ok(app_config_override(request, &fake, &error));
	inject = open_in(request, &di_scope_inject);
	journal_clear();
	ck_assert_ptr_ne(app_store_get(inject, &error), outer);
	journal_expect("created pool from fake", "created store from pool");
	ck_assert_ptr_eq(app_store_get(request, &error), app_store_get(inject, &error));
	ck_assert_ptr_eq(app_store_get(root, &error), outer);
	expect_nothing_ends_in_inject();
	expect_ends_in_request("ended store done", "ended pool done");
	ck_assert_ptr_eq(app_store_get(root, &error), outer);
	ck_assert(outer->alive);
}
END_TEST

START_TEST(what_is_not_built_from_an_override_stays_outside)
{
	close_as(inject, DI_DONE);
	expect_ok(app_config_override(request, &fake, &error));
	ck_assert_ptr_nonnull(app_apart_get(request, &error));
	ck_assert_ptr_nonnull(app_holder_get(request, &error));
	journal_clear();
	expect_nothing_ends_in_request();
	expect_ends_in_root("ended holder done", "ended fresh done", "ended apart done");
}
END_TEST

START_TEST(scope_and_override_meet_in_the_innermost_of_both)
{
	close_as(inject, DI_DONE);
	expect_ok(app_pool_override(request, &fake, &error));
	inject = open_in(request, &di_scope_inject);
	/* The scope of call is further in than what overrides; that of session is the same. */
	ck_assert_ptr_nonnull(app_call_get(inject, &error));
	journal_expect("created store from fake", "created session from store",
		       "created call from session");
	expect_ends_in_inject("ended call done");
	expect_ends_in_request("ended session done", "ended store done");
}
END_TEST

START_TEST(an_override_further_in_than_the_scope_moves_the_home_in)
{
	struct part *session = app_session_get(request, &error);

	expect_ok(app_config_override(inject, &fake, &error));
	journal_clear();
	ck_assert_ptr_ne(app_session_get(inject, &error), session);
	journal_expect("created pool from fake", "created store from pool",
		       "created session from store");
	expect_ends_in_inject("ended session done", "ended store done", "ended pool done");
	ck_assert_ptr_eq(app_session_get(request, &error), session);
}
END_TEST

START_TEST(a_product_stays_where_it_is_asked_for_under_an_override)
{
	close_as(inject, DI_DONE);
	expect_ok(app_session_override(request, &fake, &error));
	inject = open_in(request, &di_scope_inject);
	ck_assert_ptr_nonnull(app_query_get(inject, &error));
	journal_expect("created fresh", "created query from fake fresh");
	expect_ends_in_inject("ended query done", "ended fresh done");
}
END_TEST

/* ---- Nested contexts of scope app ---- */

START_TEST(singletons_built_from_app_resources_begin_afresh_with_them)
{
	struct part *outer = app_board_get(root, &error), *inner;
	struct di_context *again = open_in(inject, &di_scope_app);

	inner = app_board_get(again, &error);
	ck_assert_ptr_ne(inner, outer);
	ck_assert_ptr_eq(inner->needs[0], app_whole_get(again, &error));
	ck_assert_ptr_ne(inner->needs[0], outer->needs[0]);
	ck_assert_ptr_eq(app_pool_get(again, &error), app_pool_get(root, &error));
	journal_clear();
	close_as(again, DI_DONE);
	journal_expect("ended board done", "ended whole done");
	ck_assert_ptr_eq(app_board_get(inject, &error), outer);
	ck_assert(outer->alive);
}
END_TEST

START_TEST(a_value_follows_what_it_is_built_from_further_in_than_its_scope)
{
	struct part *outer = app_chat_get(inject, &error);
	struct di_context *again = open_in(inject, &di_scope_app);

	ck_assert_ptr_ne(app_chat_get(again, &error), outer);
	journal_clear();
	close_as(again, DI_DONE);
	journal_expect("ended chat done", "ended board done", "ended whole done");
	ck_assert_ptr_eq(app_chat_get(inject, &error), outer);
}
END_TEST

START_TEST(beginning_afresh_what_it_is_built_from_is_no_scope)
{
	struct di_context *again = open_in(root, &di_scope_app);

	expect_null(app_chat_get(again, &error), DI_ENOCONTEXT);
	close_as(again, DI_DONE);
	journal_expect_nothing();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/home_moved");
	TCase *overriding = tcase_create("overriding"), *nested = tcase_create("nested");

	tcase_add_checked_fixture(overriding, setup, container_end);
	tcase_add_test(overriding, what_is_built_from_an_override_lives_where_it_was_overridden);
	tcase_add_test(overriding, what_is_not_built_from_an_override_stays_outside);
	tcase_add_test(overriding, scope_and_override_meet_in_the_innermost_of_both);
	tcase_add_test(overriding, an_override_further_in_than_the_scope_moves_the_home_in);
	tcase_add_test(overriding, a_product_stays_where_it_is_asked_for_under_an_override);
	suite_add_tcase(suite, overriding);

	tcase_add_checked_fixture(nested, setup, container_end);
	tcase_add_test(nested, singletons_built_from_app_resources_begin_afresh_with_them);
	tcase_add_test(nested, a_value_follows_what_it_is_built_from_further_in_than_its_scope);
	tcase_add_test(nested, beginning_afresh_what_it_is_built_from_is_no_scope);
	suite_add_tcase(suite, nested);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
