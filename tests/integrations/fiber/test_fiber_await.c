/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* Fibers that await what is made asynchronously, by a loop, by other fibers, or by threads. */

/* clang-format off */
#define APP(X) \
	X(async_singleton,        app_pool,    struct part, (pool_new),              pool_end) \
	X(async_context_resource, app_session, struct part, (session_new, app_pool), session_end, request) \
	X(context_resource,       app_page,    struct part, (page_new, app_session), page_end, request) \
	X(async_singleton,        app_cache,   struct part, (cache_new),             di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_OF_1(page)
LATER(pool, app_pool)
LATER_OF_1(session, app_session)

static struct di_call *cache_call;

static int cache_new(struct di_call *call)
{
	__atomic_store_n(&cache_call, call, __ATOMIC_RELEASE);
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(app, APP);

static struct di_context *request;

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	later_clear();
	fibers_begin();
	container_begin(&app, &options);
	request = open_in(root, &di_scope_request);
	cache_call = NULL;
}

static void teardown(void)
{
	fibers_end();
	later_container_end();
}

/* The loop: fibers that are ready, and then what was begun before. */
static void run_loop(void)
{
	while (di_fiber_run_ready(fibers) || later_step() > 0)
		continue;
}

static void *await_page(void *data)
{
	return di_await(data, &app_page, &error);
}

static void *await_session(void *data)
{
	return di_await(data, &app_session, &error);
}

static void *write_word(void *data)
{
	journal_write("%s", (const char *)data);
	return data;
}

START_TEST(others_run_while_a_loop_makes_what_is_awaited)
{
	struct di_fiber *one = spawn(await_page, request), *two = spawn(await_session, request);
	struct di_fiber *other = spawn(write_word, (void *)(uintptr_t) "meanwhile");

	run_loop();
	journal_expect("began pool", "meanwhile", "created pool", "began session",
		       "created session from pool", "created page from session");
	ck_assert_ptr_eq(join(one), app_page_get(request, &error));
	ck_assert_ptr_eq(join(two), app_session_get(request, &error));
	join(other);
}
END_TEST

static void *await_in_vain(void *data)
{
	struct di_error *err = data;

	return di_await(request, &app_page, err);
}

START_TEST(each_fiber_that_awaits_is_told_why_it_failed)
{
	struct di_error errors[2] = { { .status = DI_OK } };
	struct di_fiber *one = spawn(await_in_vain, &errors[0]);
	struct di_fiber *two = spawn(await_in_vain, &errors[1]);
	int i;

	parts_fail_new("pool", ENOSPC, 1);
	run_loop();
	ck_assert_ptr_null(join(one));
	ck_assert_ptr_null(join(two));
	for (i = 0; i < 2; i++) {
		ck_assert_int_eq(errors[i].status, DI_ECREATE);
		ck_assert_str_eq(errors[i].path, "app_pool <- app_session <- app_page");
	}
}
END_TEST

static void *await_cache(void *data)
{
	return di_await(data, &app_cache, &error);
}

static struct part made = { .name = "cache", .alive = 1 };

static void *complete_cache(void *data)
{
	struct di_call *call = __atomic_load_n(&cache_call, __ATOMIC_ACQUIRE);

	app_cache_complete(call, 0, data);
	return NULL;
}

START_TEST(another_fiber_completes_what_is_awaited)
{
	struct di_fiber *one = spawn(await_cache, root), *two = spawn(complete_cache, &made);

	run_all();
	ck_assert_ptr_eq(join(one), &made);
	join(two);
}
END_TEST

START_TEST(another_thread_completes_what_is_awaited)
{
	struct di_fiber *awaiting[20];
	pthread_t thread;
	int i;

	for (i = 0; i < 20; i++)
		awaiting[i] = spawn(await_cache, root);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	thread = thread_start(complete_cache, &made, 0);
	run_all();
	thread_join(thread);
	for (i = 0; i < 20; i++)
		ck_assert_ptr_eq(join(awaiting[i]), &made);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/await");
	TCase *awaiting = tcase_create("awaiting");

	tcase_add_checked_fixture(awaiting, setup, teardown);
	tcase_add_test(awaiting, others_run_while_a_loop_makes_what_is_awaited);
	tcase_add_test(awaiting, each_fiber_that_awaits_is_told_why_it_failed);
	tcase_add_test(awaiting, another_fiber_completes_what_is_awaited);
	tcase_add_test(awaiting, another_thread_completes_what_is_awaited);
	suite_add_tcase(all, awaiting);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
