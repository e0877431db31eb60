/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* Rings of fibers that wait for creations, and creations that wait for fibers. */

/* clang-format off */
#define APP(X) \
	X(singleton,       app_b,   struct part, (b_new),          di_keep) \
	X(async_singleton, app_a,   struct part, (a_new, app_b),   di_keep) \
	X(async_singleton, app_c,   struct part, (c_new, app_b),   di_keep) \
	X(async_singleton, app_d,   struct part, (d_new),          di_keep) \
	X(async_singleton, app_top, struct part, (top_new, app_c, app_d), di_keep)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(made)
static struct di_call *d_call;
static struct di_error met, asked;
/* What the constructor of app_b awaits, after it has yielded. */
static const struct di_provider *awaited;

static int b_new(struct part **out)
{
	di_fiber_yield();
	if (di_await(root, awaited, &met) == NULL)
		return EDEADLK;
	*out = &made;
	return 0;
}

static int a_new(struct di_call *call, struct part *b)
{
	(void)b;
	app_a_complete(call, 0, &made);
	return DI_PENDING;
}

static int c_new(struct di_call *call, struct part *b)
{
	(void)b;
	app_c_complete(call, 0, &made);
	return DI_PENDING;
}

static int d_new(struct di_call *call)
{
	d_call = call;
	return DI_PENDING;
}

static int top_new(struct di_call *call, struct part *c, struct part *d)
{
	(void)c;
	(void)d;
	app_top_complete(call, 0, &made);
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	fibers_begin();
	container_begin(&app, NULL);
	memset(&met, 0, sizeof(met));
	memset(&asked, 0, sizeof(asked));
	d_call = NULL;
}

static void teardown(void)
{
	fibers_end();
	later_container_end();
}

/* As far as they come by themselves. */
static void run_some(void)
{
	while (di_fiber_run_ready(fibers))
		continue;
}

static void *make_b(void *data)
{
	(void)data;
	return app_b_get(root, NULL);
}

static void *await_it(void *data)
{
	return di_await(root, data, &asked);
}

static void *await_row(const struct di_provider *row)
{
	struct di_fiber *making = spawn(make_b, NULL);
	struct di_fiber *asking = spawn(await_it, (void *)(uintptr_t)row);
	void *value;

	run_some();
	if (d_call != NULL)
		app_d_complete(d_call, 0, &made);
	run_all();
	ck_assert_ptr_null(join(making));
	value = join(asking);
	return value;
}

START_TEST(a_fiber_does_not_await_what_waits_for_what_it_makes)
{
	awaited = &app_a;
	ck_assert_ptr_null(await_row(&app_a));
	ck_assert_int_eq(met.status, DI_ECYCLE);
	ck_assert_str_eq(met.provider, "app_a");
	ck_assert_int_eq(asked.status, DI_ECREATE);
	ck_assert_str_eq(asked.path, "app_b <- app_a");
}
END_TEST

START_TEST(a_fiber_does_not_await_what_another_cannot_come_to)
{
	awaited = &app_d;
	ck_assert_ptr_null(await_row(&app_top));
	ck_assert_int_eq(met.status, DI_ECYCLE);
	ck_assert_str_eq(met.detail, "flows wait for each other");
	ck_assert_ptr_nonnull(d_call);
	ck_assert_int_eq(asked.status, DI_ECREATE);
}
END_TEST

/* ---- Closed by who asks by a call. ---- */

static void take(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	(void)value;
	if (failure != NULL)
		asked = *failure;
}

static void *ask_by_call(void *data)
{
	di_call_get_async(d_call, data, take, NULL, &error);
	app_d_complete(d_call, 0, &made);
	return NULL;
}

START_TEST(a_step_does_not_wait_for_a_fiber_that_awaits_who_asks)
{
	struct di_fiber *making = spawn(make_b, NULL), *asking;

	awaited = &app_d;
	run_some();
	ck_assert_ptr_nonnull(d_call);
	asking = spawn(ask_by_call, (void *)(uintptr_t)&app_c);
	run_all();
	join(asking);
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_int_eq(asked.status, DI_ECYCLE);
	ck_assert_str_eq(asked.path, "app_b <- app_c");
}
END_TEST

static void *resolve_c(void *data)
{
	(void)data;
	return di_await(root, &app_c, NULL);
}

START_TEST(a_call_does_not_await_what_waits_for_a_fiber_that_awaits_it)
{
	struct di_fiber *making = spawn(make_b, NULL), *waiting, *asking;

	awaited = &app_d;
	waiting = spawn(resolve_c, NULL);
	run_some();
	ck_assert_ptr_nonnull(d_call);
	asking = spawn(ask_by_call, (void *)(uintptr_t)&app_c);
	run_all();
	join(asking);
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_ptr_eq(join(waiting), &made);
	ck_assert_int_eq(asked.status, DI_ECYCLE);
}
END_TEST

START_TEST(what_only_takes_its_time_is_no_ring)
{
	struct di_fiber *making = spawn(make_b, NULL), *waiting = spawn(resolve_c, NULL);

	awaited = &app_d;
	run_some();
	app_d_complete(d_call, 0, &made);
	run_all();
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_ptr_eq(join(waiting), &made);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/ring");
	TCase *rings = tcase_create("rings");

	tcase_add_checked_fixture(rings, setup, teardown);
	tcase_add_test(rings, a_fiber_does_not_await_what_waits_for_what_it_makes);
	tcase_add_test(rings, a_fiber_does_not_await_what_another_cannot_come_to);
	tcase_add_test(rings, a_step_does_not_wait_for_a_fiber_that_awaits_who_asks);
	tcase_add_test(rings, a_call_does_not_await_what_waits_for_a_fiber_that_awaits_it);
	tcase_add_test(rings, what_only_takes_its_time_is_no_ring);
	suite_add_tcase(all, rings);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
