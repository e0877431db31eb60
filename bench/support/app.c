/* SPDX-License-Identifier: MIT */
#include "bench/support/app.h"

int use_three(int passed, struct part *a, struct part *b, struct part *c)
{
	return passed - a->number - b->number + c->number;
}

DI_CONTAINER_DEFINE(bench, BENCH_APP);
DI_HANDLER(bench_use, int, (int), (use_three, bench_a, bench_b, bench_c));
DI_HANDLER(bench_use_new, DI_FAILS_IF(int, < 0), (int), (use_three, bench_a, bench_b, bench_f));

struct part *hand_a_slowly(struct hand_app *app)
{
	part_new(&app->a);
	return app->a;
}

struct part *hand_a_by_call(struct hand_app *app)
{
	struct part *a = __atomic_load_n(&app->a, __ATOMIC_ACQUIRE);

	return a != NULL ? a : hand_a_slowly(app);
}
