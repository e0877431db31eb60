/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

/* clang-format off */
#define APP(X) \
	X(object,           app_config,  struct part, &fake) \
	X(singleton,        app_pool,    struct part, (pool_new, app_config),    pool_end) \
	X(context_resource, app_session, struct part, (session_new, app_pool),   session_end, request) \
	X(factory,          app_query,   struct part, (query_new, app_session),  query_end) \
	X(state,            app_user,    struct part, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(fake)
PART_OF_1(pool)
PART_OF_1(session)
PART_OF_1(query)

DI_CONTAINER_DEFINE(app, APP);

static char text[4096];

static void setup(void)
{
	container_begin(&app, NULL);
}

static void expect_described(const char *expected)
{
	size_t length = di_container_describe(container, text, sizeof(text));

	ck_assert_str_eq(text, expected);
	ck_assert_uint_eq(length, strlen(expected));
}

static int do_nothing(void *data, enum di_outcome outcome)
{
	(void)data;
	(void)outcome;
	return 0;
}

START_TEST(a_new_container_is_one_line)
{
	expect_described("context 1, scope app\n");
}
END_TEST

START_TEST(what_is_alive_stands_below_its_context_oldest_first)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_context *inject = open_in(request, &di_scope_inject);

	ck_assert_uint_eq(di_context_number(request), 2);
	app_query_get(inject, &error);
	expect_ok(di_context_defer(request, do_nothing, NULL, &error));
	expect_described("context 1, scope app\n"
			 "  app_pool: singleton\n"
			 "  context 2, scope request\n"
			 "    app_session: context_resource\n"
			 "    (deferred call)\n"
			 "    context 3, scope inject\n"
			 "      app_query: factory\n");
	close_as(inject, DI_DONE);
	expect_described("context 1, scope app\n"
			 "  app_pool: singleton\n"
			 "  context 2, scope request\n"
			 "    app_session: context_resource\n"
			 "    (deferred call)\n");
	close_as(request, DI_DONE);
	expect_described("context 1, scope app\n"
			 "  app_pool: singleton\n");
}
END_TEST

START_TEST(siblings_are_all_there)
{
	struct di_context *a = open_in(root, &di_scope_request);
	struct di_context *b = open_in(root, &di_scope_inject);
	struct di_context *below = open_in(a, &di_scope_inject);

	di_container_describe(container, text, sizeof(text));
	ck_assert_ptr_nonnull(strstr(text, "\n  context 2, scope inject\n"));
	ck_assert_ptr_nonnull(strstr(text, "\n  context 3, scope request\n"
					   "    context 4, scope inject\n"));
	close_as(below, DI_DONE);
	close_as(a, DI_DONE);
	close_as(b, DI_DONE);
}
END_TEST

START_TEST(what_is_given_is_not_alive)
{
	struct di_context *request = open_in(root, &di_scope_request);

	ck_assert_ptr_eq(app_config_get(request, &error), &fake);
	expect_ok(app_user_put(request, &fake, &error));
	ck_assert_ptr_eq(app_user_get(request, &error), &fake);
	expect_described("context 1, scope app\n"
			 "  context 2, scope request\n");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(a_dropped_product_is_gone)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct part *query = app_query_get(request, &error);

	expect_ok(app_query_drop(request, query, &error));
	expect_described("context 1, scope app\n"
			 "  app_pool: singleton\n"
			 "  context 2, scope request\n"
			 "    app_session: context_resource\n");
	close_as(request, DI_DONE);
}
END_TEST

START_TEST(the_text_is_cut_and_its_whole_length_returned)
{
	size_t whole = di_container_describe(container, NULL, 0), size;

	app_pool_get(root, &error);
	ck_assert_uint_eq(whole, strlen("context 1, scope app\n"));
	whole = di_container_describe(container, NULL, 0);
	for (size = 1; size <= whole + 2; size++) {
		memset(text, 'x', sizeof(text));
		ck_assert_uint_eq(di_container_describe(container, text, size), whole);
		ck_assert_uint_eq(strlen(text), size <= whole ? size - 1 : whole);
		ck_assert_int_eq(text[size], 'x');
	}
}
END_TEST

START_TEST(no_container_has_nothing_alive)
{
	strcpy(text, "rubbish");
	ck_assert_uint_eq(di_container_describe(NULL, text, sizeof(text)), 0);
	ck_assert_str_eq(text, "");
}
END_TEST

static void ignore(void *data, const struct di_event *event)
{
	(void)data;
	(void)event;
}

static uint64_t now(void)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	return (uint64_t)at.tv_sec * UINT64_C(1000000000) + (uint64_t)at.tv_nsec;
}

START_TEST(times_stand_there_if_the_container_has_an_observer)
{
	struct di_options options = { .abi = DI_ABI, .observer = { ignore, NULL } };
	uint64_t begun = now(), since, seconds, nanoseconds;
	char *line;
	int lines = 0;

	container_end();
	container_begin(&app, &options);
	app_pool_get(root, &error);
	open_in(root, &di_scope_request);
	di_container_describe(container, text, sizeof(text));
	for (line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
		char *at = strstr(line, " since ");

		ck_assert_msg(at != NULL, "%s", line);
		ck_assert_int_eq(sscanf(at, " since %" SCNu64 ".%9" SCNu64, &seconds, &nanoseconds),
				 2);
		since = seconds * UINT64_C(1000000000) + nanoseconds;
		ck_assert_uint_ge(since, begun);
		ck_assert_uint_le(since, now());
		lines++;
	}
	ck_assert_int_eq(lines, 3);
	container_free_expect(DI_EOPEN);
}
END_TEST

static void describe_while_making(struct part *part)
{
	(void)part;
	di_container_describe(container, text, sizeof(text));
	ck_assert_str_eq(text, "context 1, scope app\n");
}

START_TEST(what_is_being_made_is_not_alive_yet)
{
	parts_on_new("pool", describe_while_making);
	ck_assert_ptr_nonnull(app_pool_get(root, &error));
	expect_described("context 1, scope app\n"
			 "  app_pool: singleton\n");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/describe");
	TCase *tcase = tcase_create("describe");

	tcase_add_checked_fixture(tcase, setup, container_end);
	tcase_add_test(tcase, a_new_container_is_one_line);
	tcase_add_test(tcase, what_is_alive_stands_below_its_context_oldest_first);
	tcase_add_test(tcase, siblings_are_all_there);
	tcase_add_test(tcase, what_is_given_is_not_alive);
	tcase_add_test(tcase, a_dropped_product_is_gone);
	tcase_add_test(tcase, the_text_is_cut_and_its_whole_length_returned);
	tcase_add_test(tcase, no_container_has_nothing_alive);
	tcase_add_test(tcase, times_stand_there_if_the_container_has_an_observer);
	tcase_add_test(tcase, what_is_being_made_is_not_alive_yet);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
