/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"

#include <errno.h>

/* Joins in callbacks and in finalizers, which hold up what comes after them. */

PART_FAKE(made)

/* clang-format off */
#define APP(X) \
	X(singleton,              app_b,      struct part, (b_new),                di_keep) \
	X(async_singleton,        app_d,      struct part, (d_new),                di_keep) \
	X(async_singleton,        app_e,      struct part, (e_new),                di_keep) \
	X(async_singleton,        app_two,    struct part, (two_new, app_d, app_e), di_keep) \
	X(async_singleton,        app_asking, struct part, (asking_new),           di_keep) \
	X(async_singleton,        app_slow,   struct part, (slow_new),             di_keep) \
	X(thread_singleton,       app_own,    struct part, (own_new, app_d),       di_keep) \
	X(factory,                app_piece,  struct part, (piece_new),            join_it) \
	X(singleton,              app_whole,  struct part, (whole_new, app_piece), di_keep) \
	X(async_singleton,        app_later,  struct part, (later_new, app_piece), di_keep) \
	X(context_resource,       app_held,   struct part, (held_new),             join_it, request) \
	X(async_context_resource, app_page,   struct part, (page_new, app_d),      di_keep, request) \
	X(async_context_resource, app_chain,  struct part, (chain_new),            di_keep, request)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);

static struct di_context *request;
static struct di_fiber *joined;
static struct di_call *d_call, *later_call, *asking_call, *chain_call;
static struct di_error met, asked;
static enum di_status joined_as;
/* What b_new does. */
static void (*in_b)(void);

static void join_it(struct part *part)
{
	(void)part;
	if (joined == NULL)
		return;
	joined_as = di_fiber_join(joined, NULL, &met);
	if (joined_as == DI_OK)
		joined = NULL;
}

static void take_and_join(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	(void)failure;
	join_it(value);
}

static int b_new(struct part **out)
{
	in_b();
	*out = &made;
	return 0;
}

static int d_new(struct di_call *call)
{
	d_call = call;
	return DI_PENDING;
}

static int e_new(struct di_call *call)
{
	app_e_complete(call, 0, app_b_get(root, &error));
	return DI_PENDING;
}

static int two_new(struct di_call *call, struct part *d, struct part *e)
{
	(void)d;
	app_two_complete(call, 0, e);
	return DI_PENDING;
}

static int asking_new(struct di_call *call)
{
	asking_call = call;
	di_call_get_async(call, &app_d, take_and_join, NULL, &error);
	return DI_PENDING;
}

static void yield_often(int times)
{
	while (times-- > 0)
		di_fiber_yield();
}

static int slow_new(struct di_call *call)
{
	yield_often(3);
	app_slow_complete(call, app_b_get(root, &asked) != NULL ? 0 : EIO, &made);
	return DI_PENDING;
}

static void ignore(void *data, void *value, const struct di_error *failure)
{
	(void)data;
	(void)value;
	(void)failure;
}

static int chain_new(struct di_call *call)
{
	di_call_get_async(call, &app_slow, ignore, NULL, &error);
	yield_often(6);
	chain_call = call;
	return DI_PENDING;
}

static int own_new(struct part **out, struct part *d)
{
	yield_often(2);
	*out = app_b_get(root, &asked) != NULL ? d : NULL;
	return *out != NULL ? 0 : EIO;
}

static int piece_new(struct part **out)
{
	*out = &made;
	return 0;
}

static int whole_new(struct part **out, struct part *piece)
{
	(void)out;
	(void)piece;
	di_fiber_yield();
	return EIO;
}

static int later_new(struct di_call *call, struct part *piece)
{
	(void)piece;
	later_call = call;
	return DI_PENDING;
}

static int held_new(struct part **out)
{
	*out = &made;
	return 0;
}

static int page_new(struct di_call *call, struct part *d)
{
	(void)d;
	app_page_complete(call, 0, &made);
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
	d_call = later_call = asking_call = chain_call = NULL;
	request = open_in(root, &di_scope_request);
}

static void teardown(void)
{
	fibers_end();
	container_end();
}

static void run_some(void)
{
	while (di_fiber_run_ready(fibers))
		continue;
}

static void *await_row(void *provider)
{
	return di_await(root, provider, &asked);
}

static void *await_in_request(void *provider)
{
	return di_await(request, provider, &asked);
}

static void *resolve_row(void *provider)
{
	return di_resolve(root, NULL, provider);
}

static void *complete_d(void *data)
{
	app_d_complete(d_call, 0, &made);
	return data;
}

static struct di_fiber *spawn_for(di_fiber_fn *function, const struct di_provider *provider)
{
	return spawn(function, (void *)(uintptr_t)provider);
}

static void expect_refused(void)
{
	ck_assert_int_eq(joined_as, DI_ECYCLE);
	ck_assert_str_eq(met.detail, "it waits for what the caller makes");
	join(joined);
}

/* ---- Callbacks. ---- */

START_TEST(a_callback_does_not_join_who_is_called_back_after_it)
{
	struct di_fiber *completing;

	di_get_async(root, &app_d, take_and_join, NULL, &error);
	joined = spawn_for(await_row, &app_d);
	run_some();
	completing = spawn(complete_d, NULL);
	run_all();
	join(completing);
	expect_refused();
}
END_TEST

static void complete_in_b(void)
{
	di_fiber_yield();
	app_d_complete(d_call, 0, &made);
}

START_TEST(a_callback_does_not_join_who_waits_for_the_constructor_that_has_completed_it)
{
	struct di_fiber *making;

	in_b = complete_in_b;
	di_get_async(root, &app_d, take_and_join, NULL, &error);
	making = spawn_for(resolve_row, &app_b);
	joined = spawn_for(resolve_row, &app_b);
	run_all();
	ck_assert_ptr_eq(join(making), &made);
	expect_refused();
}
END_TEST

START_TEST(a_callback_for_a_creation_does_not_join_who_awaits_that)
{
	struct di_fiber *completing;

	joined = spawn_for(await_row, &app_asking);
	run_some();
	completing = spawn(complete_d, NULL);
	run_some();
	join(completing);
	ck_assert_int_eq(joined_as, DI_ECYCLE);
	app_asking_complete(asking_call, 0, &made);
	run_all();
	expect_refused();
}
END_TEST

/* ---- Finalizers. ---- */

static void *await_close(void *data)
{
	asked.status = di_await_close(request, DI_DONE, &asked);
	return data;
}

START_TEST(a_finalizer_does_not_join_who_awaits_the_close)
{
	struct di_fiber *completing, *asking;

	ck_assert_ptr_eq(app_held_get(request, &error), &made);
	asking = spawn_for(await_in_request, &app_page);
	joined = spawn(await_close, NULL);
	run_some();
	completing = spawn(complete_d, NULL);
	run_all();
	join(completing);
	join(asking);
	expect_refused();
}
END_TEST

static void *fail_later(void *data)
{
	app_later_complete(later_call, EIO, NULL);
	return data;
}

START_TEST(a_finalizer_does_not_join_who_waits_for_what_it_unwinds)
{
	struct di_fiber *making = spawn_for(resolve_row, &app_whole);

	joined = spawn_for(resolve_row, &app_whole);
	run_all();
	ck_assert_ptr_null(join(making));
	expect_refused();
}
END_TEST

START_TEST(a_finalizer_does_not_join_who_awaits_what_it_unwinds)
{
	struct di_fiber *failing;

	joined = spawn_for(await_row, &app_later);
	run_some();
	failing = spawn(fail_later, NULL);
	run_all();
	join(failing);
	expect_refused();
}
END_TEST

/* ---- What is not on anybody's stack. ---- */

static void close_in_b(void)
{
	yield_often(5);
	joined_as = di_await_close(request, DI_DONE, &met);
}

static void close_at_once_in_b(void)
{
	joined_as = di_await_close(request, DI_DONE, &met);
}

/* The context waits for it, though it lives with the thread. */
START_TEST(a_close_does_not_wait_for_what_a_thread_makes_there_that_waits_for_it)
{
	struct di_fiber *making, *asking = spawn_for(await_in_request, &app_own);

	in_b = _i == 0 ? close_in_b : close_at_once_in_b;
	run_some();
	app_d_complete(d_call, 0, &made);
	di_fiber_run_ready(fibers);
	making = spawn_for(resolve_row, &app_b);
	run_all();
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_int_eq(joined_as, _i == 0 ? DI_ECYCLE : DI_OK);
	ck_assert_ptr_eq(join(asking), _i == 0 ? &made : NULL);
	if (_i == 1)
		ck_assert_str_eq(asked.path, "app_own");
}
END_TEST

static void join_in_b(void)
{
	join_it(NULL);
}

/* In a context of its own, so that nobody else has to do with it at first. */
static void *await_chain(void *data)
{
	struct di_context *own = open_in(root, &di_scope_request);

	data = di_await(own, &app_chain, &error);
	close_as(own, DI_DONE);
	return data;
}

START_TEST(what_a_flow_awaits_whose_constructor_it_runs_does_not_wait_for_who_joins_it)
{
	struct di_fiber *asking = spawn_for(await_row, &app_slow), *making;

	in_b = join_in_b;
	joined = spawn(await_chain, NULL);
	making = spawn_for(resolve_row, &app_b);
	run_some();
	ck_assert_int_eq(joined_as, DI_EINVAL);
	ck_assert_str_eq(asked.path, "app_slow");
	app_chain_complete(chain_call, 0, &made);
	run_all();
	ck_assert_int_eq(joined_as, DI_OK);
	ck_assert_ptr_eq(join(making), &made);
	ck_assert_ptr_null(join(asking));
}
END_TEST

/* ---- No ring. ---- */

static void *yield_and_end(void *data)
{
	yield_often(4);
	return data;
}

static void *get_for_d(void *data)
{
	void *b = di_call_get(d_call, &app_b, &asked);

	ck_assert_ptr_eq(b, &made);
	app_d_complete(d_call, 0, b);
	return data;
}

/* Its get stands still then, and what it does so far does not. */
START_TEST(a_flow_that_is_at_the_first_steps_of_what_it_awaits_goes_on)
{
	struct di_fiber *asking, *completing;

	in_b = join_in_b;
	joined = spawn(yield_and_end, NULL);
	asking = spawn_for(await_row, &app_two);
	di_fiber_run_ready(fibers);
	ck_assert_ptr_nonnull(d_call);
	completing = spawn(get_for_d, NULL);
	run_all();
	join(completing);
	ck_assert_int_eq(asked.status, DI_OK);
	ck_assert_int_eq(joined_as, DI_OK);
	ck_assert_ptr_eq(join(asking), &made);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/ring_step");
	TCase *rings = tcase_create("rings");

	tcase_add_checked_fixture(rings, setup, teardown);
	tcase_add_test(rings, a_callback_does_not_join_who_is_called_back_after_it);
	tcase_add_test(
		rings,
		a_callback_does_not_join_who_waits_for_the_constructor_that_has_completed_it);
	tcase_add_test(rings, a_callback_for_a_creation_does_not_join_who_awaits_that);
	tcase_add_test(rings, a_finalizer_does_not_join_who_awaits_the_close);
	tcase_add_test(rings, a_finalizer_does_not_join_who_waits_for_what_it_unwinds);
	tcase_add_test(rings, a_finalizer_does_not_join_who_awaits_what_it_unwinds);
	tcase_add_loop_test(
		rings, a_close_does_not_wait_for_what_a_thread_makes_there_that_waits_for_it, 0, 2);
	tcase_add_test(rings,
		       what_a_flow_awaits_whose_constructor_it_runs_does_not_wait_for_who_joins_it);
	tcase_add_test(rings, a_flow_that_is_at_the_first_steps_of_what_it_awaits_goes_on);
	suite_add_tcase(all, rings);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
