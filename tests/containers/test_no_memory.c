/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <errno.h>

/* What ends something, or finds what is there, allocates nothing. */

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part, &config) \
	X(singleton,        app_pool,    struct part, (pool_new, app_config),              pool_end) \
	X(resource,         app_store,   struct part, (store_new, app_pool),               store_end) \
	X(context_resource, app_session, struct part, (session_new, app_store),            session_end, request) \
	X(factory,          app_inner,   struct part, (inner_new, app_pool),               inner_end) \
	X(factory,          app_query,   struct part, (query_new, app_session, app_inner), query_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(config)
PART_FAKE(fake)
PART_OF_1(pool)
PART_OF_1(store)
PART_OF_1(session)
PART_OF_1(inner)
PART_OF_2(query)

DI_CONTAINER_DEFINE(app, APP);

DI_KEY_DECLARE(note, const char);
DI_KEY_DEFINE(note, const char);

static struct di_context *request;

static int do_nothing(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	return 0;
}

static void begin(void)
{
	int i;

	container_begin(&app, NULL);
	request = open_in(root, &di_scope_request);
	for (i = 0; i < 10; i++) {
		expect_ok(di_context_defer(root, do_nothing, NULL, &error));
		expect_ok(di_context_defer(request, do_nothing, NULL, &error));
	}
}

static struct part *query;

static void setup(void)
{
	int i;

	begin();
	query = app_query_get(request, &error);
	ck_assert_ptr_nonnull(query);
	for (i = 0; i < 20; i++)
		ck_assert_ptr_nonnull(app_query_get(request, &error));
	expect_ok(note_put(request, "here", &error));
	expect_ok(di_context_enter(request, &error));
	memory.fail_always = 1;
	memory.allocations = 0;
}

static void teardown(void)
{
	ck_assert_uint_eq(memory.allocations, 0);
	container_end();
}

START_TEST(leaving_allocates_nothing)
{
	expect_ok(di_context_leave(request, &error));
}
END_TEST

START_TEST(dropping_allocates_nothing)
{
	expect_ok(app_query_drop(request, query, &error));
}
END_TEST

START_TEST(resetting_allocates_nothing)
{
	expect_ok(di_reset(request, &app_session, &error));
	ck_assert_int_eq(parts_alive("session") + parts_alive("query"), 0);
}
END_TEST

START_TEST(closing_allocates_nothing)
{
	expect_ok(di_context_leave(request, &error));
	close_as(request, DI_DONE);
	ck_assert_int_eq(parts_alive("session") + parts_alive("query"), 0);
}
END_TEST

START_TEST(closing_allocates_nothing_after_overrides_and_failing_finalizers)
{
	expect_ok(di_context_leave(request, &error));
	memory.fail_always = 0;
	close_as(request, DI_DONE);
	request = open_in(root, &di_scope_request);
	expect_ok(app_config_override(request, &fake, &error));
	expect_ok(di_override_with(request, &app_store, &app_pool, &error));
	ck_assert_ptr_nonnull(app_query_get(request, &error));
	memory.fail_always = 1;
	memory.allocations = 0;
	parts_fail_end("session", EIO, 1);
	parts_fail_end("query", EIO, 1);
	expect_error(di_context_close(request, DI_FAILED, &error), DI_EFINALIZE);
}
END_TEST

START_TEST(freeing_allocates_nothing)
{
	container_free_expect(DI_EOPEN);
	ck_assert_int_eq(parts_alive("session") + parts_alive("query") + parts_alive("pool"), 0);
}
END_TEST

static void observe(void *data, const struct di_event *event)
{
	(void)data;
	(void)event;
}

START_TEST(freeing_allocates_nothing_under_an_observer_either)
{
	struct di_options options = { .abi = DI_ABI, .observer = { observe, NULL } };

	container_end();
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	ck_assert_ptr_nonnull(app_query_get(request, &error));
	memory.fail_always = 1;
	memory.allocations = 0;
	parts_fail_end("pool", EIO, 1);
	container_free_expect(DI_EOPEN);
	ck_assert_uint_eq(error.more, 1);
}
END_TEST

START_TEST(what_is_there_resolves_without_allocating)
{
	ck_assert_ptr_nonnull(app_session_get(request, &error));
	ck_assert_ptr_nonnull(app_store_get(request, &error));
	ck_assert_str_eq(note_fetch(request), "here");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/no_memory");
	TCase *tcase = tcase_create("no_memory");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, leaving_allocates_nothing);
	tcase_add_test(tcase, dropping_allocates_nothing);
	tcase_add_test(tcase, resetting_allocates_nothing);
	tcase_add_test(tcase, closing_allocates_nothing);
	tcase_add_test(tcase, closing_allocates_nothing_after_overrides_and_failing_finalizers);
	tcase_add_test(tcase, freeing_allocates_nothing);
	tcase_add_test(tcase, freeing_allocates_nothing_under_an_observer_either);
	tcase_add_test(tcase, what_is_there_resolves_without_allocating);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
