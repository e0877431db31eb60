/* SPDX-License-Identifier: MIT */
#include "tests/support/fixture.h"
#include "tests/support/threads.h"

/* Choosing on several threads. */

PART(disk)
PART(mode)
PART_OF_1(query)

static int chosen_by[2];

static const char *by_turns(void)
{
	static int turn;

	return __atomic_fetch_add(&turn, 1, __ATOMIC_RELAXED) % 3 == 0 ? "a" : "b";
}

/* clang-format off */
#define TURNS(X) \
	X(singleton, turns_a,    struct part, (disk_new),             disk_end) \
	X(singleton, turns_b,    struct part, (mode_new),             mode_end) \
	X(selector,  turns_one,  struct part, (by_turns), ("a", turns_a), ("b", turns_b)) \
	X(factory,   turns_made, struct part, (query_new, turns_one), query_end)
/* clang-format on */

DI_CONTAINER_DECLARE(turns, TURNS);
DI_CONTAINER_DEFINE(turns, TURNS);

static void ask_often(int number, void *data)
{
	struct di_container *shared = data;
	struct di_context *context =
		di_context_open(di_container_root(shared), &di_scope_request, NULL);
	int i;

	(void)number;
	for (i = 0; i < (di_check_quick() ? 50 : 500); i++) {
		struct part *one = turns_one_get(context, NULL),
			    *made = turns_made_get(context, NULL);

		if (one != NULL && made != NULL)
			__atomic_add_fetch(&chosen_by[made->needs[0] == turns_a_get(context, NULL)],
					   1, __ATOMIC_RELAXED);
		if (i % 2 == 0)
			turns_made_drop(context, made, NULL);
	}
	di_context_close(context, DI_DONE, NULL);
}

START_TEST(any_number_of_threads_choose_and_each_option_is_made_once)
{
	struct di_options options = { .abi = DI_ABI, .allocator = &threads_allocator };
	struct di_container *shared = di_container_new(&turns, &options, &error);

	watchdog(60);
	crowd_run(4, ask_often, shared);
	watchdog(0);
	ck_assert_int_eq(parts_alive("disk"), 1);
	ck_assert_int_eq(parts_alive("mode"), 1);
	ck_assert_int_gt(chosen_by[0], 0);
	ck_assert_int_gt(chosen_by[1], 0);
	ck_assert_int_eq(chosen_by[0] + chosen_by[1], 4 * (di_check_quick() ? 50 : 500));
	expect_ok(di_container_free(shared, &error));
	ck_assert_int_eq(parts_alive("query"), 0);
}
END_TEST

static Suite *suite(void)
{
	Suite *all = suite_create("providers/selector/threads");
	TCase *threads = di_check_case(all, "threads", parts_clear, NULL);

	tcase_add_test(threads, any_number_of_threads_choose_and_each_option_is_made_once);
	return all;
}

int main(void)
{
	return di_check_run(suite());
}
