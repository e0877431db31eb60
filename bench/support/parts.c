/* SPDX-License-Identifier: MIT */
#include "bench/support/parts.h"

#include <errno.h>
#include <stdlib.h>

int part_new_for(struct part **out, struct part *needs)
{
	struct part *part = malloc(sizeof(*part));

	if (part == NULL)
		return ENOMEM;
	part->number = 1;
	part->needs = needs;
	*out = part;
	return 0;
}

int part_new(struct part **out)
{
	return part_new_for(out, NULL);
}

void part_free(struct part *part)
{
	free(part);
}

int part_init_for(struct part *self, struct part *needs)
{
	self->number = 1;
	self->needs = needs;
	return 0;
}

int part_init(struct part *self)
{
	return part_init_for(self, NULL);
}

void part_end(struct part *part)
{
	part->number = 0;
}

int use_three(int passed, struct part *a, struct part *b, struct part *c)
{
	return passed - a->number - b->number + c->number;
}

DI_CONTAINER_DEFINE(bench, BENCH_PARTS);
DI_HANDLER(bench_use, int, (int), (use_three, bench_a, bench_b, bench_c));

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
