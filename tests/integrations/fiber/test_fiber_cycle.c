/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"

#include <errno.h>
#include <sched.h>
#include <stdint.h>

/* Fibers and threads that would wait for each other for ever. */

static const struct di_provider *asked_by_a, *asked_by_b;
static int patience; /* how often the nodes let others go first */

/* The nodes of rings: a constructor that suspends its fiber, and then asks. */
static int ask(struct part **out, const char *name, struct di_context *home,
	       const struct di_provider *asked)
{
	struct di_error err = { 0 };
	int i;

	di_fiber_yield();
	for (i = 0; asked != NULL && i < patience; i++) {
		sched_yield();
		di_fiber_yield();
	}
	if (asked != NULL && di_resolve(home, &err, asked) == NULL) {
		char text[512];

		journal_write("%s", di_error_text(&err, text, sizeof(text)));
		return EDEADLK;
	}
	return part_new(out, name, (struct part *const[]){ NULL });
}

static int a_new(struct part **out, struct di_context *home)
{
	return ask(out, "a", home, asked_by_a);
}

static int b_new(struct part **out, struct di_context *home)
{
	return ask(out, "b", home, asked_by_b);
}

PART_END(a)
PART_END(b)

PART(store)
PART_OF_1(session)

/* clang-format off */
#define APP(X) \
	X(singleton,        app_store,   struct part, (store_new),              store_end) \
	X(singleton,        app_a,       struct part, (a_new, DI_CONTEXT),      a_end) \
	X(singleton,        app_b,       struct part, (b_new, DI_CONTEXT),      b_end) \
	X(context_resource, app_session, struct part, (session_new, app_store), session_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	parts_clear();
	fibers_begin();
	container_begin(&app, &options);
	asked_by_a = asked_by_b = NULL;
	patience = 0;
}

static void teardown(void)
{
	fibers_end();
	container_end();
}

static void suspend_in(struct part *part)
{
	(void)part;
	di_fiber_suspend(NULL);
}

static void *await_session(void *data)
{
	return di_await(data, &app_session, NULL);
}

static void *await_provider(void *data)
{
	return di_await(root, data, NULL);
}

static void *provider_data(const struct di_provider *provider)
{
	return (void *)(uintptr_t)provider;
}

START_TEST(fibers_of_a_thread_that_would_wait_for_each_other_are_a_cycle)
{
	struct di_fiber *one, *two;

	asked_by_a = &app_b;
	asked_by_b = &app_a;
	one = spawn(await_provider, provider_data(&app_a));
	two = spawn(await_provider, provider_data(&app_b));
	run_all();
	journal_expect("app_b: the value needs itself: flows wait for each other "
		       "(app_b <- app_a <- app_b)",
		       "b_new failed for app_b: Resource deadlock avoided (app_b <- app_a)");
	ck_assert_ptr_null(join(one));
	ck_assert_ptr_null(join(two));
}
END_TEST

START_TEST(a_thread_that_would_wait_for_its_own_fiber_is_told)
{
	struct di_context *request = open_in(root, &di_scope_request);
	struct di_fiber *maker;

	parts_on_new("session", suspend_in);
	maker = spawn(await_session, request);
	di_fiber_run_ready(fibers);
	expect_null(app_session_get(request, &error), DI_EAGAIN);
	ck_assert_str_eq(error_text(),
			 "app_session: it is asynchronous: a fiber is making it, which "
			 "could not go on while its thread waits");
	di_fiber_resume(maker);
	ck_assert_ptr_eq(join(maker), app_session_get(request, &error));
}
END_TEST

static struct stop in_thread = STOP_INIT;

/* Another thread makes b, and for that waits for a, which a fiber is making. */
static void *make_b(void *data)
{
	(void)data;
	return app_b_get(root, NULL);
}

static void *make_a(void *data)
{
	(void)data;
	return app_a_get(root, NULL);
}

static void *make_scheduled(void *data)
{
	struct di_fiber_scheduler *own = di_fiber_scheduler_new(NULL, NULL);
	struct di_fiber *fiber = di_fiber_spawn(own, make_b, NULL, NULL, NULL);
	void *result = NULL;

	di_fiber_run_ready(own);
	stop_here(&in_thread);
	/* Its fiber is making b. This keeps the thread from going on with that. */
	*(void **)data = app_a_get(root, NULL);
	di_fiber_join(fiber, &result, NULL);
	di_fiber_scheduler_free(own, NULL);
	return result;
}

START_TEST(a_fiber_that_would_wait_for_a_thread_that_waits_for_it_is_told)
{
	struct di_fiber *maker;
	pthread_t thread;
	void *a = NULL;

	stop_init(&in_thread, 1);
	asked_by_a = &app_b;
	/* Mostly that thread waits before the fiber would. */
	patience = 1000;
	maker = spawn(make_a, NULL);
	di_fiber_run_ready(fibers);
	thread = thread_start(make_scheduled, &a, 0);
	stop_wait(&in_thread);
	stop_let_go(&in_thread);
	run_all();
	/* Whoever came last. */
	ck_assert_ptr_nonnull(thread_join(thread));
	ck_assert_ptr_null(a);
	join(maker);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/cycle");
	TCase *endless = di_check_case(all, "what would never end", setup, teardown);

	tcase_add_test(endless, fibers_of_a_thread_that_would_wait_for_each_other_are_a_cycle);
	tcase_add_test(endless, a_thread_that_would_wait_for_its_own_fiber_is_told);
	tcase_add_test(endless, a_fiber_that_would_wait_for_a_thread_that_waits_for_it_is_told);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
