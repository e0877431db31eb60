/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/*
 * All of it with each allocation failing once, and with all failing from one on.
 */

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_pool,    struct part, (pool_new),                   pool_end) \
	X(async_resource,         app_store,   struct part, (store_new, app_pool),        store_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_store),     session_end, request) \
	X(async_factory,          app_query,   struct part, (query_new, app_session),     query_end) \
	X(factory,                app_plain,   struct part, (plain_new, app_query),       plain_end) \
	X(selector,               app_any,     struct part, (choose, app_plain),          ("store", app_store)) \
	X(context_resource,       app_page,    struct part, (page_new, app_any, app_plain), page_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

LATER(pool, app_pool)
LATER_OF_1(store, app_store)
LATER_OF_1(session, app_session)
LATER_OF_1(query, app_query)
PART_OF_1(plain)
PART_OF_2(page)

static const char *choose(struct part *plain)
{
	ck_assert(plain->alive);
	return "store";
}

DI_CONTAINER_DEFINE(app, APP);

static struct answer answer, done;

/* What is refused for lack of memory is done once there is some. */
static int again_if_refused(enum di_status status)
{
	if (status == DI_OK)
		return 0;
	ck_assert_int_eq(status, DI_ENOMEM);
	memory.fail_always = 0;
	return 1;
}

static void free_it(void)
{
	struct di_container *freed = container;

	memset(&done, 0, sizeof(done));
	container = NULL;
	if (again_if_refused(di_container_free_async(freed, answer_done, &done, &error)))
		expect_ok(di_container_free_async(freed, answer_done, &done, &error));
	later_run();
	answer_expect(&done, DI_OK);
}

static void ask(struct di_context *request)
{
	struct di_get get = di_get_async(request, &app_page, answer_take_any, &answer, &error);

	if (get.number == 0) {
		ck_assert_int_eq(error.status, DI_ENOMEM);
		answer.status = DI_ENOMEM;
		return;
	}
	later_run();
	ck_assert_int_eq(answer.times, 1);
	if (answer.status != DI_OK)
		ck_assert_int_eq(answer.status, DI_ENOMEM);
}

/* Returns whether nothing has failed. */
static int live(void)
{
	struct di_context *request = di_context_open(root, &di_scope_request, &error);
	int good = request != NULL;

	memset(&answer, 0, sizeof(answer));
	memset(&done, 0, sizeof(done));
	if (good) {
		ask(request);
		good = answer.status == DI_OK;
		if (again_if_refused(
			    di_context_close_async(request, DI_DONE, answer_done, &done, &error)))
			expect_ok(di_context_close_async(request, DI_DONE, answer_done, &done,
							 &error));
		later_run();
		answer_expect(&done, DI_OK);
	}
	free_it();
	return good && memory.failures == 0;
}

static void end(void)
{
	parts_clear();
	failing_allocator_check(&memory);
}

START_TEST(whatever_allocation_fails_all_that_was_made_ends)
{
	unsigned long n;
	int good = 0;

	for (n = 1; !good; n++) {
		ck_assert_uint_lt(n, 1000);
		later_clear();
		container_begin(&app, NULL);
		failing_allocator_fail(&memory, n);
		good = live();
		end();
	}
	ck_assert_uint_gt(n, 5);
}
END_TEST

START_TEST(without_memory_from_some_point_on_all_that_was_made_ends)
{
	int steps, good = 0;

	for (steps = 0; !good; steps++) {
		struct di_context *request;
		int i;

		ck_assert_int_lt(steps, 100);
		later_clear();
		container_begin(&app, NULL);
		memset(&answer, 0, sizeof(answer));
		memset(&done, 0, sizeof(done));
		request = open_in(root, &di_scope_request);
		di_get_async(request, &app_page, answer_take_any, &answer, &error);
		for (i = 0; i < steps; i++)
			good = later_step() == 0;
		memory.fail_always = 1;
		later_run();
		ck_assert_int_eq(answer.times, 1);
		memory.fail_always = 0;
		expect_ok(di_context_close_async(request, DI_DONE, answer_done, &done, &error));
		later_run();
		free_it();
		end();
	}
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("di/get_memory");
	TCase *tcase = tcase_create("memory");

	tcase_add_test(tcase, whatever_allocation_fails_all_that_was_made_ends);
	tcase_add_test(tcase, without_memory_from_some_point_on_all_that_was_made_ends);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
