/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* clang-format off */
#define APP(X) \
	X(singleton,              app_config,  struct part, (config_new),                    config_end) \
	X(async_singleton,        app_pool,    struct part, (pool_new, app_config),          pool_end) \
	X(async_resource,         app_cache,   struct part, (cache_new),                     cache_end) \
	X(async_resource,         app_store,   struct part, (store_new, app_pool, app_cache), store_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_store),        session_end, request) \
	X(async_factory,          app_query,   struct part, (query_new, app_session),        query_end) \
	X(factory,                app_plain,   struct part, (plain_new, app_query),          plain_end) \
	X(context_resource,       app_page,    struct part, (page_new, app_plain, app_query), page_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(config)
PART_FAKE(fake)
PART_OF_1(plain)
PART_OF_2(page)
LATER_OF_1(pool, app_pool)
LATER(cache, app_cache)
LATER_OF_2(store, app_store)
LATER_OF_1(session, app_session)
LATER_OF_1(query, app_query)

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, other;
static struct di_context *request;

static void setup(void)
{
	later_clear();
	container_begin(&app, NULL);
	memset(&answer, 0, sizeof(answer));
	memset(&other, 0, sizeof(other));
	request = open_in(root, &di_scope_request);
}

START_TEST(independent_needs_are_made_in_parallel)
{
	app_store_get_async(root, answer_take, &answer, &error);
	journal_expect("created config", "began pool", "began cache");
	ck_assert_int_eq(later_step(), 2);
	journal_expect("created pool from config", "created cache", "began store");
	ck_assert_int_eq(later_run(), 1);
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(all_who_ask_get_the_value_of_one_creation)
{
	app_session_get_async(request, answer_take, &answer, &error);
	app_session_get_async(request, answer_take, &other, &error);
	later_run();
	answer_expect(&answer, DI_OK);
	answer_expect(&other, DI_OK);
	ck_assert_ptr_eq(answer.part, other.part);
	ck_assert_ptr_eq(app_session_get(request, &error), other.part);
}
END_TEST

START_TEST(a_context_is_closed_with_its_values_newest_first)
{
	app_query_get_async(request, answer_take, &answer, &error);
	later_run();
	answer_expect(&answer, DI_OK);
	journal_clear();
	expect_error(di_context_close(request, DI_DONE, &error), DI_EAGAIN);
	expect_text("di_context_close_async");
	journal_expect_nothing();
	expect_ok(di_context_close_async(request, DI_FAILED, answer_done, &other, &error));
	journal_expect("ending query");
	ck_assert_int_eq(other.times, 0);
	later_step();
	journal_expect("ended query failed", "ending session");
	ck_assert_int_eq(later_run(), 1);
	journal_expect("ended session failed");
	answer_expect(&other, DI_OK);
}
END_TEST

START_TEST(all_finalizers_run_and_all_errors_are_counted)
{
	app_query_get_async(request, answer_take, &answer, &error);
	later_run();
	parts_fail_end("query", EIO, 1);
	parts_fail_end("session", ENOSPC, 1);
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	later_run();
	answer_expect(&other, DI_EFINALIZE);
	answer_text(&other, "app_query");
	answer_text(&other, "1 more");
}
END_TEST

START_TEST(closing_waits_for_what_is_being_made_and_ends_it)
{
	app_session_get_async(request, answer_take, &answer, &error);
	later_step();
	later_step();
	journal_clear();
	expect_error(di_context_close(request, DI_DONE, &error), DI_EBUSY);
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	ck_assert_int_eq(other.times, 0);
	later_step();
	answer_expect(&answer, DI_ECLOSED);
	ck_assert_int_eq(other.times, 0);
	later_run();
	answer_expect(&other, DI_OK);
	journal_expect("created session from store", "ending session", "ended session done");
}
END_TEST

START_TEST(a_failure_ends_what_was_made_for_the_value_alone)
{
	parts_fail_new("page", EPERM, 1);
	di_get_async(request, &app_page, answer_take_any, &answer, &error);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	ck_assert_int_eq(parts_alive("query"), 0);
	ck_assert_int_eq(parts_alive("plain"), 0);
	ck_assert_int_eq(parts_alive("session"), 1);
	memset(&answer, 0, sizeof(answer));
	di_get_async(request, &app_page, answer_take_any, &answer, &error);
	later_run();
	answer_expect(&answer, DI_OK);
}
END_TEST

START_TEST(each_who_waits_has_a_path_of_its_own)
{
	parts_fail_new("pool", ECONNREFUSED, 1);
	app_store_get_async(root, answer_take, &answer, &error);
	app_pool_get_async(root, answer_take, &other, &error);
	later_run();
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "pool_new failed for app_pool");
	answer_text(&answer, "(app_pool <- app_store)");
	ck_assert_str_eq(other.text, "pool_new failed for app_pool: Connection refused");
}
END_TEST

START_TEST(a_failure_is_told_after_all_needs_have_settled)
{
	parts_fail_new("pool", ECONNREFUSED, 1);
	app_store_get_async(root, answer_take, &answer, &error);
	later_at_once("pool");
	{
		struct di_call *cache = later_take("cache");

		later_run();
		ck_assert_int_eq(answer.times, 0);
		app_cache_complete(cache, EIO, NULL);
	}
	answer_expect(&answer, DI_ECREATE);
	answer_text(&answer, "app_pool");
	answer_text(&answer, "1 more");
}
END_TEST

START_TEST(a_detached_get_does_not_call_back)
{
	struct di_get get = app_pool_get_async(root, answer_take, &answer, &error);

	ck_assert_int_eq(di_get_detach(get), 1);
	ck_assert_int_eq(di_get_detach(get), 0);
	later_run();
	ck_assert_int_eq(answer.times, 0);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
}
END_TEST

START_TEST(a_product_that_nobody_awaits_ends_at_once)
{
	struct di_get get = app_query_get_async(request, answer_take, &answer, &error);

	later_step();
	later_step();
	later_step();
	di_get_detach(get);
	journal_clear();
	later_run();
	ck_assert_int_eq(answer.times, 0);
	journal_expect("created query from session", "ending query", "ended query cancelled");
}
END_TEST

START_TEST(an_expired_get_calls_back_and_the_creation_goes_on)
{
	struct di_get get = app_pool_get_async(root, answer_take, &answer, &error);

	ck_assert_int_eq(di_get_expire(get), 1);
	answer_expect(&answer, DI_ETIMEDOUT);
	answer_text(&answer, "app_pool");
	later_run();
	answer_expect(&answer, DI_ETIMEDOUT);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
}
END_TEST

START_TEST(what_is_asked_of_a_context_that_is_closed_meanwhile_is_not_given)
{
	app_pool_get_async(request, answer_take, &answer, &error);
	close_as(request, DI_DONE);
	later_run();
	answer_expect(&answer, DI_ECLOSED);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
}
END_TEST

START_TEST(start_makes_all_resources_in_parallel)
{
	expect_error(di_container_start(container, &error), DI_EAGAIN);
	expect_ok(di_container_start_async(container, answer_done, &answer, &error));
	ck_assert_int_eq(later_run(), 2);
	answer_expect(&answer, DI_OK);
	ck_assert_ptr_nonnull(app_store_get(root, &error));
	expect_ok(di_container_start(container, &error));
}
END_TEST

START_TEST(a_reset_ends_what_was_built_from_the_value)
{
	app_store_get_async(root, answer_take, &answer, &error);
	later_run();
	close_as(request, DI_DONE);
	journal_clear();
	expect_error(di_reset(root, &app_pool, &error), DI_EAGAIN);
	expect_text("di_reset_async");
	expect_ok(di_reset_async(root, &app_pool, answer_done, &other, &error));
	expect_null(app_store_get(root, &error), DI_EBUSY);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	later_run();
	answer_expect(&other, DI_OK);
	journal_expect("ending store", "ended store done", "ending pool", "ended pool done");
	expect_null(app_store_get(root, &error), DI_EAGAIN);
	request = NULL;
}
END_TEST

START_TEST(a_product_is_dropped)
{
	app_query_get_async(request, answer_take, &answer, &error);
	later_run();
	journal_clear();
	expect_error(app_query_drop(request, answer.part, &error), DI_EAGAIN);
	expect_ok(di_context_drop_async(request, &app_query, answer.part, answer_done, &other,
					&error));
	ck_assert_int_eq(later_run(), 1);
	answer_expect(&other, DI_OK);
	journal_expect("ending query", "ended query done");
}
END_TEST

START_TEST(a_container_is_freed_with_all_that_is_open)
{
	app_query_get_async(request, answer_take, &answer, &error);
	later_run();
	journal_clear();
	expect_error(di_container_free(container, &error), DI_EAGAIN);
	expect_text("di_container_free_async");
	expect_ok(di_container_free_async(container, answer_done, &other, &error));
	container = NULL;
	later_run();
	answer_expect(&other, DI_EOPEN);
	journal_expect("ending query", "ended query cancelled", "ending session",
		       "ended session cancelled", "ending store", "ended store done",
		       "ending cache", "ended cache done", "ending pool", "ended pool done",
		       "ended config done");
}
END_TEST

START_TEST(a_container_is_not_freed_while_a_context_is_being_closed)
{
	struct answer freed = { 0 };

	app_query_get_async(request, answer_take, &answer, &error);
	later_run();
	expect_ok(di_context_close_async(request, DI_DONE, answer_done, &other, &error));
	request = NULL;
	expect_error(di_container_free(container, &error), DI_EBUSY);
	expect_text("1 gets, closes or handlers of the container of app have not called back");
	expect_error(di_container_free_async(container, answer_done, &freed, &error), DI_EBUSY);
	expect_text("is being closed");
	later_run();
	answer_expect(&other, DI_OK);
	expect_ok(di_container_free_async(container, answer_done, &freed, &error));
	container = NULL;
	later_run();
	answer_expect(&freed, DI_OK);
}
END_TEST

START_TEST(an_override_while_it_is_being_made_is_refused)
{
	app_pool_get_async(root, answer_take, &answer, &error);
	close_as(request, DI_DONE);
	expect_error(app_pool_override(root, &fake, &error), DI_EBUSY);
	later_run();
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get");
	TCase *tcase = tcase_create("get");

	tcase_add_checked_fixture(tcase, setup, later_container_end);
	tcase_add_test(tcase, independent_needs_are_made_in_parallel);
	tcase_add_test(tcase, all_who_ask_get_the_value_of_one_creation);
	tcase_add_test(tcase, a_context_is_closed_with_its_values_newest_first);
	tcase_add_test(tcase, all_finalizers_run_and_all_errors_are_counted);
	tcase_add_test(tcase, closing_waits_for_what_is_being_made_and_ends_it);
	tcase_add_test(tcase, a_failure_ends_what_was_made_for_the_value_alone);
	tcase_add_test(tcase, each_who_waits_has_a_path_of_its_own);
	tcase_add_test(tcase, a_failure_is_told_after_all_needs_have_settled);
	tcase_add_test(tcase, a_detached_get_does_not_call_back);
	tcase_add_test(tcase, a_product_that_nobody_awaits_ends_at_once);
	tcase_add_test(tcase, an_expired_get_calls_back_and_the_creation_goes_on);
	tcase_add_test(tcase, what_is_asked_of_a_context_that_is_closed_meanwhile_is_not_given);
	tcase_add_test(tcase, start_makes_all_resources_in_parallel);
	tcase_add_test(tcase, a_reset_ends_what_was_built_from_the_value);
	tcase_add_test(tcase, a_product_is_dropped);
	tcase_add_test(tcase, a_container_is_freed_with_all_that_is_open);
	tcase_add_test(tcase, a_container_is_not_freed_while_a_context_is_being_closed);
	tcase_add_test(tcase, an_override_while_it_is_being_made_is_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
