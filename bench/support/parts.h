/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SUPPORT_PARTS_H
#define BENCH_SUPPORT_PARTS_H

/**
 * The container that is measured, and the parts that both sides are made of. The parts' functions
 * stand in a source of their own, so that neither side has them inlined.
 */

#include <di/di.h>

struct part {
	int number;
	struct part *needs;
};

int part_new(struct part **out);
int part_new_for(struct part **out, struct part *needs);
void part_free(struct part *part);
int part_init(struct part *self);
int part_init_for(struct part *self, struct part *needs);
void part_end(struct part *part);
int use_three(int passed, struct part *a, struct part *b, struct part *c);

/* clang-format off */
#define BENCH_PARTS(X) \
	X(singleton, bench_a, struct part, (part_new), part_free) \
	X(singleton, bench_b, struct part, (part_new_for, bench_a), part_free) \
	X(singleton, bench_c, struct part, (part_new_for, bench_b), part_free) \
	X(context_resource, bench_x, struct part, (part_new_for, bench_a), part_free, request) \
	X(context_resource, bench_y, struct part, (part_new_for, bench_x), part_free, request) \
	X(context_resource, bench_z, struct part, (part_new_for, bench_y), part_free, request) \
	X(context_resource, bench_u, struct part, DI_INIT(part_init_for, bench_a), part_end, request) \
	X(context_resource, bench_v, struct part, DI_INIT(part_init_for, bench_u), part_end, request) \
	X(context_resource, bench_w, struct part, DI_INIT(part_init_for, bench_v), part_end, request) \
	X(factory, bench_f, struct part, (part_new_for, bench_a), part_free)
/* clang-format on */

DI_CONTAINER_DECLARE(bench, BENCH_PARTS);
DI_HANDLER_DECLARE(bench_use, int, (int));

/** The same parts, held by hand: what a careful programmer writes without a container. */
struct hand_app {
	struct part *a, *b, *c; /* made once by whoever comes first */
};

struct part *hand_a_slowly(struct hand_app *app);
/** A cached part by a call into another source. */
struct part *hand_a_by_call(struct hand_app *app);

#endif
