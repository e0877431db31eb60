/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* Constructors that join a fiber which waits, or comes to wait, for what they make. */

/* clang-format off */
#define APP(X) \
	X(singleton,              app_b,    struct part, (b_new),           di_keep) \
	X(async_singleton,        app_c,    struct part, (c_new, app_b),    di_keep) \
	X(async_singleton,        app_d,    struct part, (d_new),           di_keep) \
	X(async_context_resource, app_leaf, struct part, (leaf_new, app_b), di_keep, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(made)
static struct di_context *request;
static struct di_fiber *joined;
static struct di_call *d_call;
static struct di_error met, asked;
static enum di_status joined_as;
static void *result;
/* What the joined fiber does, and how often that comes to a yield before. */
static di_fiber_fn *act;
static int yields;

static void *yield_and_act(void *data)
{
	int i;

	for (i = 0; i < yields; i++)
		di_fiber_yield();
	return act(data);
}

/* It spawns the fiber that it joins, and lets it run. */
static int b_new(struct part **out)
{
	if (joined == NULL)
		joined = di_fiber_spawn(fibers, yield_and_act, NULL, NULL, &met);
	di_fiber_yield();
	joined_as = di_fiber_join(joined, &result, &met);
	*out = &made;
	return 0;
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

static int leaf_new(struct di_call *call, struct part *b)
{
	(void)b;
	app_leaf_complete(call, 0, &made);
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	fibers_begin();
	container_begin(&app, NULL);
	memset(&met, 0, sizeof(met));
	memset(&asked, 0, sizeof(asked));
	joined_as = DI_EINVAL;
	joined = NULL;
	d_call = NULL;
	request = NULL;
	yields = 0;
}

static void teardown(void)
{
	fibers_end();
	container_end();
}

static void *make_b(void *data)
{
	(void)data;
	return app_b_get(root, NULL);
}

static void *resolve_b(void *data)
{
	(void)data;
	return app_b_get(root, &asked);
}

static void *await_c(void *data)
{
	(void)data;
	return di_await(root, &app_c, &asked);
}

static void *await_leaf_elsewhere(void *data)
{
	(void)data;
	return di_await(request, &app_leaf, NULL);
}

static void *await_close(void *data)
{
	(void)data;
	asked.status = di_await_close(request, DI_DONE, &asked);
	return NULL;
}

/* How each waits for b: by what the fiber that makes it makes, and by creations that take time. */
static di_fiber_fn *const ways[] = { resolve_b, await_c };
enum {
	WAYS = sizeof(ways) / sizeof(ways[0])
};

/* In a fiber, or in the thread, which then runs the fibers. */
static void run_constructor(int in_fiber)
{
	struct di_fiber *making;

	if (!in_fiber) {
		ck_assert_ptr_eq(make_b(NULL), &made);
		return;
	}
	making = spawn(make_b, NULL);
	run_all();
	ck_assert_ptr_eq(join(making), &made);
}

START_TEST(a_fiber_that_waits_for_the_constructor_is_not_joined)
{
	act = ways[_i];
	run_constructor(1);
	ck_assert_int_eq(joined_as, DI_ECYCLE);
	ck_assert_str_eq(met.detail, "it waits for what the caller makes");
	ck_assert_ptr_eq(join(joined), &made);
}
END_TEST

START_TEST(a_fiber_that_is_joined_does_not_come_to_wait_for_the_constructor)
{
	act = ways[_i % WAYS];
	yields = 3;
	run_constructor(_i / WAYS);
	ck_assert_int_eq(joined_as, DI_OK);
	ck_assert_ptr_null(result);
	if (act == resolve_b) {
		ck_assert_int_eq(asked.status, DI_ECYCLE);
		ck_assert_str_eq(asked.detail, "flows wait for each other");
	} else {
		ck_assert_str_eq(asked.path, "app_b <- app_c");
	}
	ck_assert_ptr_eq(app_c_get(root, &error), NULL);
	ck_assert_ptr_eq(app_b_get(root, &error), &made);
}
END_TEST

/* ---- Over several. ---- */

static struct di_fiber *last;

static void *join_another(void *data)
{
	expect_ok(di_fiber_join(last, &data, &error));
	return data;
}

static void *yield_and_resolve(void *data)
{
	int i;

	for (i = 0; i < yields; i++)
		di_fiber_yield();
	return resolve_b(data);
}

START_TEST(what_is_joined_by_what_is_joined_does_not_wait_for_it_either)
{
	struct di_fiber *making = spawn(make_b, NULL);

	yields = _i == 0 ? 0 : 5;
	last = spawn(yield_and_resolve, NULL);
	joined = spawn(join_another, NULL);
	run_all();
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_int_eq(joined_as, _i == 0 ? DI_ECYCLE : DI_OK);
	ck_assert_int_eq(asked.status, _i == 0 ? DI_OK : DI_ECYCLE);
	if (joined_as != DI_OK)
		join(joined);
}
END_TEST

/* ---- What it awaits is a close. ---- */

START_TEST(a_fiber_that_awaits_a_close_which_waits_for_the_constructor_is_not_joined)
{
	struct di_fiber *making = spawn(make_b, NULL), *asking;

	request = open_in(root, &di_scope_request);
	asking = spawn(await_leaf_elsewhere, NULL);
	joined = spawn(await_close, NULL);
	run_all();
	ck_assert_int_eq(joined_as, DI_ECYCLE);
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_ptr_null(join(asking));
	ck_assert_ptr_null(join(joined));
	ck_assert_int_eq(asked.status, DI_OK);
}
END_TEST

START_TEST(a_fiber_that_is_joined_does_not_come_to_await_such_a_close)
{
	struct di_fiber *making, *asking;

	request = open_in(root, &di_scope_request);
	act = await_close;
	yields = 3;
	making = spawn(make_b, NULL);
	asking = spawn(await_leaf_elsewhere, NULL);
	run_all();
	ck_assert_int_eq(joined_as, DI_OK);
	ck_assert_int_eq(asked.status, DI_ECYCLE);
	ck_assert_str_eq(asked.detail,
			 "what is being made in the context of scope request waits for it");
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_ptr_eq(join(asking), &made);
	close_as(request, DI_DONE);
}
END_TEST

/* ---- No ring. ---- */

static void *await_d(void *data)
{
	(void)data;
	return di_await(root, &app_d, &asked);
}

static void *complete_d(void *data)
{
	app_d_complete(d_call, 0, &made);
	return data;
}

START_TEST(a_constructor_joins_what_only_takes_its_time)
{
	struct di_fiber *making = spawn(make_b, NULL), *completing;

	act = await_d;
	while (di_fiber_run_ready(fibers))
		continue;
	ck_assert_ptr_nonnull(d_call);
	completing = spawn(complete_d, NULL);
	run_all();
	join(completing);
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_int_eq(joined_as, DI_OK);
	ck_assert_ptr_eq(result, &made);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/ring_join");
	TCase *rings = tcase_create("rings");

	tcase_add_checked_fixture(rings, setup, teardown);
	tcase_add_loop_test(rings, a_fiber_that_waits_for_the_constructor_is_not_joined, 0, WAYS);
	tcase_add_loop_test(rings, a_fiber_that_is_joined_does_not_come_to_wait_for_the_constructor,
			    0, 2 * WAYS);
	tcase_add_loop_test(rings, what_is_joined_by_what_is_joined_does_not_wait_for_it_either, 0,
			    2);
	tcase_add_test(rings,
		       a_fiber_that_awaits_a_close_which_waits_for_the_constructor_is_not_joined);
	tcase_add_test(rings, a_fiber_that_is_joined_does_not_come_to_await_such_a_close);
	tcase_add_test(rings, a_constructor_joins_what_only_takes_its_time);
	suite_add_tcase(all, rings);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
