/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"
#include "tests/support/later.h"

#include <errno.h>

/* Constructors of fibers that await the end of a context in which something waits for them. */

/* clang-format off */
#define APP(X) \
	X(singleton,              app_b,    struct part, (b_new),           di_keep) \
	X(async_singleton,        app_c,    struct part, (c_new, app_b),    di_keep) \
	X(async_singleton,        app_d,    struct part, (d_new),           di_keep) \
	X(async_context_resource, app_leaf, struct part, (leaf_new, app_b), di_keep, request) \
	X(async_context_resource, app_page, struct part, (page_new, app_d), di_keep, request) \
	X(async_context_resource, app_held, struct part, (held_new),        held_end, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

PART_FAKE(made)
static struct di_context *request;
static struct di_call *d_call, *end_call;
static struct di_error met, asked, refused;
static enum di_status closed_as;

/* It yields before. */
static int b_new(struct part **out)
{
	di_fiber_yield();
	closed_as = di_await_close(request, DI_DONE, &met);
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

static int page_new(struct di_call *call, struct part *d)
{
	(void)d;
	app_page_complete(call, 0, &made);
	return DI_PENDING;
}

static int held_new(struct di_call *call)
{
	app_held_complete(call, 0, &made);
	return DI_PENDING;
}

static int held_end(struct di_call *call, struct part *held)
{
	(void)held;
	end_call = call;
	return DI_PENDING;
}

DI_CONTAINER_DEFINE(app, APP);

static void setup(void)
{
	fibers_begin();
	container_begin(&app, NULL);
	memset(&met, 0, sizeof(met));
	memset(&refused, 0, sizeof(refused));
	closed_as = DI_EINVAL;
	d_call = end_call = NULL;
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	fibers_end();
	container_end();
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

static void *await_in_request(void *data)
{
	return di_await(request, data, &asked);
}

static struct di_fiber *spawn_asking(const struct di_provider *provider)
{
	return spawn(await_in_request, (void *)(uintptr_t)provider);
}

START_TEST(a_close_that_waits_for_the_constructor_is_refused)
{
	struct di_fiber *making = spawn(make_b, NULL), *asking = spawn_asking(&app_leaf);

	run_all();
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_int_eq(closed_as, DI_ECYCLE);
	ck_assert_str_eq(met.provider, "app_b");
	ck_assert_str_eq(met.detail,
			 "what is being made in the context of scope request waits for it");
	ck_assert_ptr_eq(join(asking), &made);
	close_as(request, DI_DONE);
}
END_TEST

static void take(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	(void)value;
	if (failure != NULL)
		refused = *failure;
}

static void *ask_by_call(void *data)
{
	di_call_get_async(d_call, data, take, NULL, &error);
	app_d_complete(d_call, 0, &made);
	return NULL;
}

/* Where that comes to wait afterwards, it is what does that is refused. */
START_TEST(what_a_close_waits_for_does_not_await_the_constructor)
{
	struct di_fiber *making = spawn(make_b, NULL), *asking = spawn_asking(&app_page), *last;

	run_some();
	ck_assert_ptr_nonnull(d_call);
	ck_assert_int_eq(closed_as, DI_EINVAL);
	last = spawn(ask_by_call, (void *)(uintptr_t)&app_c);
	run_all();
	join(last);
	ck_assert_int_eq(refused.status, DI_ECYCLE);
	ck_assert_str_eq(refused.path, "app_b <- app_c");
	ck_assert_int_eq(closed_as, DI_OK);
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_ptr_null(join(asking));
	ck_assert_int_eq(asked.status, DI_ECLOSED);
}
END_TEST

static void *end_and_ask_anew(void *data)
{
	di_call_end(end_call, 0);
	request = open_in(root, &di_scope_request);
	return await_in_request(data);
}

/* In the same memory, mostly. */
START_TEST(what_is_opened_after_it_may_await_the_constructor)
{
	struct di_fiber *making, *last;

	ck_assert_ptr_eq(join(spawn_asking(&app_held)), &made);
	making = spawn(make_b, NULL);
	run_some();
	ck_assert_ptr_nonnull(end_call);
	last = spawn(end_and_ask_anew, (void *)(uintptr_t)&app_leaf);
	run_all();
	ck_assert_ptr_eq(join(last), &made);
	ck_assert_int_eq(closed_as, DI_OK);
	ck_assert_ptr_eq(join(making), &made);
	close_as(request, DI_DONE);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/ring_close");
	TCase *rings = tcase_create("rings");

	tcase_add_checked_fixture(rings, setup, teardown);
	tcase_add_test(rings, a_close_that_waits_for_the_constructor_is_refused);
	tcase_add_test(rings, what_a_close_waits_for_does_not_await_the_constructor);
	tcase_add_test(rings, what_is_opened_after_it_may_await_the_constructor);
	suite_add_tcase(all, rings);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
