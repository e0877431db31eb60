/* SPDX-License-Identifier: MIT */
#include "tests/integrations/fiber/fiber_fixture.h"

#if defined(__SANITIZE_THREAD__)
#define FEW 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define FEW 1
#endif
#endif
#ifndef FEW
#define FEW 0
#endif

/* Very many fibers, with small stacks. */

PART(clock)
PART_OF_1(store)

/* clang-format off */
#define APP(X) \
	X(singleton, app_clock, struct part, (clock_new),            clock_end) \
	X(resource,  app_store, struct part, (store_new, app_clock), store_end)
/* clang-format on */

DI_CONTAINER_DECLARE(app, APP);
DI_CONTAINER_DEFINE(app, APP);

enum {
	MOST = 10000
};

static struct di_fiber *crowd[MOST];

/* The thread sanitizer has room for some thousands, and valgrind is slow. */
static int crowd_size(void)
{
	return di_check_quick() ? 300 : FEW ? 2000 : MOST;
}

static void setup(void)
{
	const struct di_fiber_scheduler_options small = { .abi = DI_ABI, .stack_size = 16 * 1024 };
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };

	watchdog(120);
	parts_clear();
	container_begin(&app, &options);
	fibers = di_fiber_scheduler_new(&small, &error);
}

static void teardown(void)
{
	fibers_end();
	container_end();
}

static void suspend_in(struct part *part)
{
	(void)part;
	ck_assert_int_eq(di_fiber_suspend(NULL), DI_OK);
}

static void *await_store(void *data)
{
	(void)data;
	return app_store_get(root, &error);
}

START_TEST(thousands_of_fibers_wait_for_one_creation)
{
	int i, size = crowd_size();
	struct part *store;

	parts_on_new("store", suspend_in);
	for (i = 0; i < size; i++)
		crowd[i] = spawn(await_store, NULL);
	ck_assert_int_eq(di_fiber_run_ready(fibers), 0);
	ck_assert_uint_eq(di_fiber_count(fibers), (size_t)size);
	journal_expect("created clock");
	di_fiber_resume(crowd[0]);
	run_all();
	journal_expect("created store from clock");
	store = app_store_get(root, &error);
	for (i = 0; i < size; i++)
		ck_assert_ptr_eq(join(crowd[i]), store);
}
END_TEST

static void *join_next(void *data)
{
	struct di_fiber **next = data;

	return next < crowd + crowd_size() ? join(*next) : data;
}

START_TEST(a_chain_of_joins_may_be_as_long)
{
	int i, size = crowd_size();

	for (i = 0; i < size; i++)
		crowd[i] = spawn(join_next, crowd + i + 1);
	ck_assert_ptr_eq(join(crowd[0]), crowd + size);
}
END_TEST

static void *hand_back(void *data)
{
	return data;
}

START_TEST(fibers_that_come_and_go_use_few_stacks)
{
	int i, size = 10 * crowd_size();

	for (i = 0; i < size; i++)
		ck_assert_ptr_eq(join(spawn(hand_back, &crowd[i % 10])), &crowd[i % 10]);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("integrations/fiber/many");
	TCase *many = tcase_create("many");

	tcase_set_timeout(many, 120);
	tcase_add_checked_fixture(many, setup, teardown);
	tcase_add_test(many, thousands_of_fibers_wait_for_one_creation);
	tcase_add_test(many, a_chain_of_joins_may_be_as_long);
	tcase_add_test(many, fibers_that_come_and_go_use_few_stacks);
	suite_add_tcase(all, many);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
