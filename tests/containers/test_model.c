/* SPDX-License-Identifier: MIT */
#include "tests/support/check_main.h"
#include "tests/support/last_words.h"
#include "tests/support/twin_draw.h"
#include "tests/support/twin_steps.h"

#include <stdlib.h>

/*
 * Random graphs and random use of them, in the real container and in the model.
 *
 * The seed of a case stands first in what is printed when it fails. DI_MODEL_SEED=n runs that case
 * alone and DI_MODEL_CASES=n that many for each of the loops, which begin LOOP_SEEDS apart.
 */

enum {
	LOOPS = 10,
	CASES = 2000, /* for each loop */
	CASES_QUICK = 30,
	LOOP_SEEDS = 1000000
};

/* How often each is taken, compared with the others. */
static const struct {
	twin_step_fn *take;
	int weight;
} steps[] = {
	{ twin_step_resolve, 16 },      { twin_step_call, 2 },     { twin_step_open, 6 },
	{ twin_step_close, 5 },         { twin_step_override, 3 }, { twin_step_override_all, 1 },
	{ twin_step_override_with, 4 }, { twin_step_put, 3 },      { twin_step_reset, 4 },
	{ twin_step_drop, 2 },          { twin_step_mark, 1 },     { twin_step_fail_end, 1 },
	{ twin_step_defer, 2 },         { twin_step_enter, 2 },    { twin_step_start, 1 },
	{ twin_step_put_item, 2 },      { twin_step_fetch, 1 },
};

static void take_step(void)
{
	int at, all = 0;
	size_t i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		all += steps[i].weight;
	at = twin_below(all);
	for (i = 0; at >= steps[i].weight; i++)
		at -= steps[i].weight;
	steps[i].take();
}

static void run_case(unsigned number)
{
	enum di_status expected;

	last_words_number(number);
	twin_begin(number);
	for (; twin.step < TWIN_STEPS; twin.step++)
		take_step();
	trace_write(&twin.story, "free\n");
	expected = model_free(&twin.model);
	twin_compare_end(expected,
			 twin_without_memory(di_container_free(twin.container, &twin.error)));
	failing_allocator_check(&twin.memory);
	twin_assert(twin.values_count == twin.model.values_count, "not all was made");
	twin_compare_events();
}

static void setup(void)
{
	last_words_begin("DI_MODEL_SEED=", 55);
}

START_TEST(random_use_of_random_graphs_is_as_the_model_says)
{
	unsigned i, cases = di_check_quick() ? CASES_QUICK : CASES;

	if (getenv("DI_MODEL_SEED") != NULL) {
		run_case(di_check_number("DI_MODEL_SEED", 0));
		return;
	}
	cases = di_check_number("DI_MODEL_CASES", cases);
	ck_assert_msg(cases > 0, "DI_MODEL_CASES=0 tests nothing");
	for (i = 0; i < cases; i++)
		run_case((unsigned)_i * LOOP_SEEDS + i);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("containers/model");
	TCase *tcase = tcase_create("model");

	tcase_add_checked_fixture(tcase, setup, last_words_end);
	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, random_use_of_random_graphs_is_as_the_model_says, 0,
			    getenv("DI_MODEL_SEED") != NULL ? 1 : LOOPS);
	suite_add_tcase(suite, tcase);
	return suite;
}

int main(void)
{
	return di_check_run(suite());
}
