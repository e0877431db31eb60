/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"
#include "tests/support/threads.h"

#include <errno.h>

/*
 * A flow whose hook lets the rest of the program go on, as a scheduler of fibers does; those are in
 * tests/integrations/fiber.
 */

static int page_asks(struct part **out, struct di_context *home);
static int hasty_asks(struct part **out, struct di_context *home);
static int tab_asks(struct part **out, struct di_context *home);

/* clang-format off */
#define APP(X) \
	X(singleton,              app_config,  struct part, (config_new),              config_end) \
	X(async_singleton,        app_pool,    struct part, (pool_new, app_config),    pool_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_pool),   session_end, request) \
	X(async_factory,          app_query,   struct part, (query_new, app_session),  query_end) \
	X(context_resource,       app_plain,   struct part, (plain_new, app_session),  plain_end, request) \
	X(thread_singleton,       app_local,   struct part, (local_new, app_pool),     local_end) \
	X(context_resource,       app_page,    struct part, (page_asks, DI_CONTEXT),   page_end, request) \
	X(context_resource,       app_hasty,   struct part, (hasty_asks, DI_CONTEXT),  hasty_end, request) \
	X(context_resource,       app_tab,     struct part, (tab_asks, DI_CONTEXT),    tab_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART(config)
PART_OF_1(plain)
PART_OF_1(local)
PART_END(page)
PART_END(tab)
PART_END(hasty)
LATER_OF_1(pool, app_pool)
LATER_OF_1(session, app_session)
LATER_OF_1(query, app_query)

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;
static struct di_flow *flow;
static int parks, unparks;
static int elsewhere; /* 1: another thread completes what the flow awaits */
static int frees;     /* 1: somebody tries to free the flow while it is parked */

/* Asks for what it is built from itself. */
static int page_asks(struct part **out, struct di_context *home)
{
	struct part *session = di_await(home, &app_session, &error);

	return session != NULL ? part_new(out, "page", (struct part *const[]){ session, NULL })
			       : EAGAIN;
}

static int hasty_asks(struct part **out, struct di_context *home)
{
	struct part *query = di_await(home, &app_query, &error);

	return query != NULL ? part_new(out, "hasty", (struct part *const[]){ query, NULL })
			     : EAGAIN;
}

static int tab_asks(struct part **out, struct di_context *home)
{
	struct part *local = di_await(home, &app_local, &error);

	return local != NULL ? part_new(out, "tab", (struct part *const[]){ local, NULL }) : EAGAIN;
}

/* As another flow of the thread. */
static void fail_to_free(void)
{
	struct di_error own = { 0 };

	di_flow_swap(NULL);
	ck_assert_int_eq(di_flow_free(flow, &own), DI_EBUSY);
	ck_assert_str_eq(own.detail, "the flow waits");
	di_flow_swap(flow);
}

static void *step(void *data)
{
	later_step();
	return data;
}

static void park(void *data)
{
	(void)data;
	parks++;
	if (frees)
		fail_to_free();
	if (elsewhere)
		thread_join(thread_start(step, NULL, 0));
	while (unparks == 0)
		ck_assert_int_gt(later_step(), 0);
	unparks--;
}

static void unpark(void *data)
{
	(void)data;
	unparks++;
}

static void setup(void)
{
	const struct di_flow_options options = { .abi = DI_ABI, .park = park, .unpark = unpark };

	later_clear();
	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	parks = unparks = frees = elsewhere = 0;
	flow = di_flow_new(&options, &error);
	ck_assert_ptr_nonnull(flow);
	ck_assert_ptr_nonnull(di_flow_swap(flow));
}

static void teardown(void)
{
	di_flow_swap(NULL);
	expect_ok(di_flow_free(flow, &error));
	ck_assert_int_eq(unparks, 0);
	later_container_end();
}

START_TEST(the_flow_is_parked_until_the_value_is_there)
{
	struct part *session = di_await(request, &app_session, &error);

	ck_assert_msg(session != NULL, "%s", error_text());
	ck_assert_int_eq(parks, 1);
	ck_assert_ptr_eq(app_session_get(request, &error), session);
	journal_expect("created config", "began pool", "created pool from config", "began session",
		       "created session from pool");
	ck_assert_ptr_eq(di_await(request, &app_session, &error), session);
	ck_assert_int_eq(parks, 1);
}
END_TEST

START_TEST(what_needs_something_asynchronous_is_awaited_too)
{
	struct part *plain = di_await(request, &app_plain, &error);

	ck_assert_msg(plain != NULL, "%s", error_text());
	ck_assert_ptr_eq(plain->needs[0], app_session_get(request, &error));
}
END_TEST

START_TEST(what_completes_at_once_parks_nobody)
{
	later_at_once("pool");
	ck_assert_ptr_nonnull(di_await(root, &app_pool, &error));
	ck_assert_ptr_nonnull(di_await(root, &app_config, &error));
	ck_assert_int_eq(parks, 0);
}
END_TEST

START_TEST(an_error_comes_back_with_its_path)
{
	parts_fail_new("pool", ENOSPC, 1);
	expect_null(di_await(request, &app_session, &error), DI_ECREATE);
	ck_assert_str_eq(error_text(), "pool_new failed for app_pool: No space left on device "
				       "(app_pool <- app_session)");
}
END_TEST

START_TEST(products_are_awaited)
{
	struct part *query = di_await(request, &app_query, &error);

	ck_assert_msg(query != NULL, "%s", error_text());
	ck_assert_ptr_eq(query->needs[0], app_session_get(request, &error));
	ck_assert_ptr_ne(di_await(request, &app_query, &error), query);
}
END_TEST

START_TEST(a_threads_own_flow_waits_for_nothing_asynchronous)
{
	di_flow_swap(NULL);
	expect_null(di_await(request, &app_session, &error), DI_EAGAIN);
	ck_assert_int_eq(parks, 0);
}
END_TEST

START_TEST(what_a_constructor_awaits_is_what_its_value_is_built_from)
{
	struct part *page = app_page_get(request, &error);
	struct answer answer = { 0 };

	ck_assert_msg(page != NULL, "%s", error_text());
	ck_assert_int_eq(parks, 1);
	ck_assert_int_eq(di_reset_async(request, &app_session, answer_done, &answer, &error),
			 DI_OK);
	later_run();
	ck_assert_int_eq(page->alive, 0);
}
END_TEST

START_TEST(a_constructor_does_not_await_products)
{
	expect_null(app_hasty_get(request, &error), DI_ECREATE);
	ck_assert_int_eq(error.cause, EAGAIN);
	ck_assert_int_eq(parks, 0);
}
END_TEST

START_TEST(what_lives_with_the_thread_is_made_there_wherever_its_needs_are_complete)
{
	struct part *local;

	elsewhere = 1;
	local = di_await(request, &app_local, &error);
	ck_assert_msg(local != NULL, "%s", error_text());
	ck_assert_int_eq(parks, 1);
	ck_assert_uint_eq(di_thread_count(container), 1);
	ck_assert_ptr_eq(app_local_get(root, &error), local);
	ck_assert_ptr_eq(di_await(request, &app_local, NULL), local);
	ck_assert_int_eq(parks, 1);
}
END_TEST

START_TEST(what_a_thread_does_not_get_is_told)
{
	parts_fail_new("pool", ENOSPC, 1);
	expect_null(di_await(request, &app_local, &error), DI_ECREATE);
	expect_text("app_pool <- app_local");
	parts_fail_new("local", ENOSPC, 1);
	expect_null(di_await(request, &app_local, &error), DI_ECREATE);
	ck_assert_str_eq(error_text(), "local_new failed for app_local: No space left on device");
}
END_TEST

START_TEST(what_a_constructor_awaits_of_the_thread_holds_its_context)
{
	elsewhere = 1;
	ck_assert_msg(app_tab_get(request, &error) != NULL, "%s", error_text());
	expect_error(di_thread_end(container, &error), DI_EBUSY);
	expect_text("app_tab");
	expect_ok(di_await_close(request, DI_DONE, &error));
	expect_ok(di_thread_end(container, &error));
}
END_TEST

static void await_in_callback(void *data, void *value, const struct di_error *err)
{
	struct di_error *found = data;

	ck_assert_ptr_nonnull(value);
	ck_assert_ptr_null(err);
	ck_assert_ptr_null(di_await(request, &app_session, found));
}

START_TEST(a_callback_awaits_nothing)
{
	struct di_error found = { 0 };

	later_at_once("pool");
	di_get_async(root, &app_pool, await_in_callback, &found, &error);
	ck_assert_str_eq(di_status_name(found.status), "DI_EAGAIN");
	ck_assert_int_eq(parks, 0);
}
END_TEST

START_TEST(a_flow_that_awaits_is_not_freed)
{
	frees = 1;
	ck_assert_ptr_nonnull(di_await(request, &app_session, &error));
	expect_ok(di_await_close(request, DI_DONE, &error));
	ck_assert_int_eq(parks, 2);
}
END_TEST

static void free_in_callback(void *data, void *value, const struct di_error *err)
{
	(void)value;
	(void)err;
	di_flow_swap(NULL);
	di_flow_free(flow, data);
	di_flow_swap(flow);
}

START_TEST(a_flow_that_calls_back_is_not_freed)
{
	struct di_error found = { 0 };

	later_at_once("pool");
	di_get_async(root, &app_pool, free_in_callback, &found, &error);
	ck_assert_str_eq(di_status_name(found.status), "DI_EBUSY");
	ck_assert_str_eq(found.detail, "the flow makes or calls back something");
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("di/await");
	TCase *awaiting = tcase_create("awaiting");

	tcase_add_checked_fixture(awaiting, setup, teardown);
	tcase_add_test(awaiting, the_flow_is_parked_until_the_value_is_there);
	tcase_add_test(awaiting, what_needs_something_asynchronous_is_awaited_too);
	tcase_add_test(awaiting, what_completes_at_once_parks_nobody);
	tcase_add_test(awaiting, an_error_comes_back_with_its_path);
	tcase_add_test(awaiting, products_are_awaited);
	tcase_add_test(awaiting, a_threads_own_flow_waits_for_nothing_asynchronous);
	tcase_add_test(awaiting, what_a_constructor_awaits_is_what_its_value_is_built_from);
	tcase_add_test(awaiting, a_constructor_does_not_await_products);
	tcase_add_test(awaiting,
		       what_lives_with_the_thread_is_made_there_wherever_its_needs_are_complete);
	tcase_add_test(awaiting, what_a_thread_does_not_get_is_told);
	tcase_add_test(awaiting, what_a_constructor_awaits_of_the_thread_holds_its_context);
	tcase_add_test(awaiting, a_callback_awaits_nothing);
	tcase_add_test(awaiting, a_flow_that_awaits_is_not_freed);
	tcase_add_test(awaiting, a_flow_that_calls_back_is_not_freed);
	suite_add_tcase(all, awaiting);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
